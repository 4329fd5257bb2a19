import { axiosClient, nodeHttp } from '../clients/node-http-clients.ts';
import { openBroker, placeOnce } from '../clients/open-broker.ts';
import { rawSocket } from '../clients/raw-clients.ts';
import { plainFetch, undiciDispatch, undiciRequest } from '../clients/undici-clients.ts';
import type { CaseLabel, Measured } from '../measure/measured-case.ts';
import { median, round } from '../measure/percentiles.ts';
import { shuffled } from '../measure/shuffled.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing, transports } from './bench-context.ts';

const computingMs = 20;

/** `order` is made in the tick that goes on to compute. */
interface Sender {
  readonly name: string;
  readonly journal: CaseLabel['journal'];
  readonly order: () => Promise<unknown>;
  readonly close: () => Promise<void> | void;
}

/** From the call to the request's arrival at the server, while the caller computes for 20 ms after the call. Both processes read the machine's monotonic clock. */
export async function whileComputing(context: BenchContext): Promise<PartResult> {
  const { floor, quick, chance, progress } = context;
  const measured: Measured[] = [];
  const figures: Record<string, number> = {};
  for (const transport of transports) {
    const toWireUs: number[] = [];
    const senders = await openSenders(context, transport, toWireUs);
    await closing(senders, async () => {
      const taken = new Map<Sender, number[][]>(senders.map((sender) => [sender, []]));
      for (const sender of senders)
        for (let index = 0; index < 100; index += 1) await sender.order();
      toWireUs.length = 0;
      await floor.ask('note arrivals', true);
      const rounds = quick ? 2 : 30;
      for (let count = 1; count <= rounds; count += 1) {
        progress(`while the caller computes, ${transport}: round ${count} of ${rounds}`);
        for (const sender of shuffled(senders, chance))
          taken.get(sender)?.push(await arrivals(sender, quick ? 5 : 10, floor.ask.bind(floor)));
      }
      await floor.ask('note arrivals', false);
      for (const [{ name, journal }, rows] of taken) {
        measured.push({
          label: {
            name,
            operation: 'place',
            transport,
            journal,
            rttMs: 0,
            load: 'caller computes for 20 ms: to its arrival',
          },
          rounds: rows,
        });
      }
    });
    figures[transport === 'http' ? 'toWireUs' : 'toWireUsTls'] = round(median(toWireUs));
  }
  return { measured, figures };
}

async function openSenders(
  { floor, orders, nextAccount }: BenchContext,
  transport: 'http' | 'https',
  toWireUs: number[],
): Promise<Sender[]> {
  const url = floor.url(transport);
  const target = { url, order: orders[transport] };
  const { broker, close } = await openBroker({ url, journal: 'memory', account: nextAccount() });
  const slow = await openBroker({
    url,
    journal: 'memory',
    executor: 'fallback',
    account: nextAccount(),
  });
  const fast: Sender = {
    name: 'whole, fast executor',
    journal: 'memory',
    close,
    async order() {
      const { timings } = await broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
      });
      toWireUs.push((timings.toWire ?? Number.NaN) * 1_000);
    },
  };
  const fallback: Sender = {
    name: 'whole, fallback executor',
    journal: 'memory',
    close: () => slow.close(),
    order: () => placeOnce(slow.broker),
  };
  const opened =
    transport === 'http'
      ? [rawSocket, undiciDispatch, undiciRequest, nodeHttp, plainFetch, axiosClient]
      : [rawSocket, undiciDispatch, plainFetch];
  const clients = await Promise.all(opened.map((open) => open(target)));
  return [
    fast,
    ...clients.map((client): Sender => ({
      name: client.name,
      journal: 'none',
      order: () => client.send(),
      close: () => client.close(),
    })),
    fallback,
  ];
}

async function arrivals(
  sender: Sender,
  count: number,
  ask: (question: string) => Promise<unknown>,
): Promise<number[]> {
  const called: bigint[] = [];
  for (let index = 0; index < count; index += 1) {
    called.push(process.hrtime.bigint());
    const ordering = sender.order();
    for (const until = performance.now() + computingMs; performance.now() < until;);
    await ordering;
  }
  const arrived = await ask('arrivals since');
  if (!Array.isArray(arrived) || arrived.length !== count)
    throw new Error(`${sender.name}: ${count} orders were sent, and others arrived.`);
  return arrived.map((at, index) => Number(BigInt(String(at)) - (called[index] ?? 0n)) / 1_000);
}
