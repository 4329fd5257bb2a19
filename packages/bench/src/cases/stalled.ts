import { Agent, Client as OneConnection } from 'undici';
import type { Dispatcher } from 'undici';
import { openBroker, placeOnce } from '../clients/open-broker.ts';
import type { SampleOrder } from '../clients/sample-order.ts';
import { turnFor } from '../measure/measure-rounds.ts';
import type { CaseLabel } from '../measure/measured-case.ts';
import { shuffled } from '../measure/shuffled.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing } from './bench-context.ts';

/** How long the server says nothing to an order of `heldSize` contracts. */
const stallMs = 60;
const heldSize = 7;
const restMs = 10;
const noLoad = 'beside no stalled order';
const stalledLoad = 'while another order is stalled for 60 ms';

interface Sender {
  readonly name: string;
  readonly journal: CaseLabel['journal'];
  /** An order of so many contracts. */
  readonly send: (size: number) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** An order whose answer does not come, and in the same tick another one: what the second one takes, beside what it takes when the first is answered at once. Before each pair the same rest. */
export async function stalledConnection({
  floor,
  orders,
  quick,
  chance,
  progress,
  nextAccount,
}: BenchContext): Promise<PartResult> {
  const url = floor.url('http');
  const { broker, close } = await openBroker({ url, journal: 'memory', account: nextAccount() });
  const senders: Sender[] = [
    {
      name: 'whole, fast executor',
      journal: 'memory',
      send: (size) => placeOnce(broker, size),
      close,
    },
    undiciSender('undici, connections as needed', new Agent(), url, orders.http),
    undiciSender('undici, one connection', new OneConnection(url), url, orders.http),
  ];
  return closing(senders, async () => {
    const cases = senders.flatMap(({ name, journal, send }) =>
      [noLoad, stalledLoad].map((load) => {
        const label: CaseLabel = {
          name,
          operation: 'place',
          transport: 'http',
          journal,
          rttMs: 0,
          load,
        };
        return {
          label,
          send,
          firstSize: load === stalledLoad ? heldSize : 1,
          taken: [] as number[],
        };
      }),
    );
    for (const { send } of senders) for (let index = 0; index < 100; index += 1) await send(1);
    await floor.ask('hold', stallMs);
    const rounds = quick ? 8 : 100;
    for (let round = 1; round <= rounds; round += 1) {
      progress(`a stalled connection: round ${round} of ${rounds}`);
      for (const { send, firstSize, taken } of shuffled(cases, chance)) {
        await turnFor(restMs);
        const first = send(firstSize);
        taken.push(await timed(() => send(1)));
        await first;
      }
    }
    await floor.ask('hold', 0);
    return {
      measured: cases.map(({ label, taken }) => ({ label, rounds: taken.map((us) => [us]) })),
    };
  });
}

function undiciSender(
  name: string,
  dispatcher: Dispatcher,
  url: string,
  order: SampleOrder,
): Sender {
  const headers = Object.fromEntries(order.headers);
  return {
    name,
    journal: 'none',
    async send(size) {
      const { body } = await dispatcher.request({
        origin: url,
        method: 'POST',
        path: order.path,
        headers,
        body: order.body.replace(/"size":\d+/u, `"size":${size}`),
      });
      return body.json();
    },
    close: () => dispatcher.destroy(),
  };
}

async function timed(send: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await send();
  return (performance.now() - before) * 1_000;
}
