import type { Broker } from '@hotpath/core';
import { memoryJournal } from '@hotpath/core';
import { Agent, fetch } from 'undici';
import { openBroker, placeOnce } from './floor-cases.ts';
import { localhostCertificate } from './localhost-certificate.ts';

export interface Arrivals {
  /** Milliseconds from the call to the request's arrival at the server, while the caller computes for 20 ms after the call. */
  readonly arrivalMs: readonly number[];
  readonly toWireUs: readonly number[];
}

const computingMs = 20;

/** Both processes read the same monotonic clock of the machine. */
export async function arrivalsWhileComputing(url: string, count: number): Promise<Arrivals> {
  const broker = await openBroker(url, memoryJournal());
  const agent = new Agent({ connect: { ca: localhostCertificate.cert } });
  const arrivals = async (): Promise<readonly string[]> => {
    const answer: unknown = await (await fetch(new URL('/floor/arrivals', url), { dispatcher: agent })).json();
    return Array.isArray(answer) ? answer.map(String) : [];
  };
  try {
    for (let index = 0; index < 100; index += 1) await placeOnce(broker);
    await arrivals();
    return await take(broker, count, arrivals);
  } finally {
    await agent.close();
    await broker.close();
  }
}

async function take(broker: Broker<'fast'>, count: number, arrivals: () => Promise<readonly string[]>): Promise<Arrivals> {
  const called: bigint[] = [];
  const toWireUs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    called.push(process.hrtime.bigint());
    const placing = broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 });
    for (const until = performance.now() + computingMs; performance.now() < until; );
    const { timings } = await placing;
    toWireUs.push((timings.toWire ?? Number.NaN) * 1_000);
  }
  const arrived = await arrivals();
  return { arrivalMs: arrived.map((at, index) => Number(BigInt(at) - (called[index] ?? 0n)) / 1e6), toWireUs };
}
