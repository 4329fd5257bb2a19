import { openBroker, placeOnce } from '../clients/open-broker.ts';
import { rawSocket } from '../clients/raw-clients.ts';
import { plainFetch, undiciDispatch } from '../clients/undici-clients.ts';
import type { Measured } from '../measure/measured-case.ts';
import { openLoop } from '../measure/open-loop.ts';
import { shuffled } from '../measure/shuffled.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing } from './bench-context.ts';

const rates = [200, 1_000];

/** Orders at fixed rates, each counted from when it was due. */
export async function openLoops({
  floor,
  orders,
  quick,
  chance,
  progress,
  nextAccount,
}: BenchContext): Promise<PartResult> {
  const url = floor.url('https');
  const target = { url, order: orders.https, atOnce: 64 };
  const { broker, close } = await openBroker({ url, journal: 'file', account: nextAccount() });
  const clients = await Promise.all(
    [rawSocket, undiciDispatch, plainFetch].map((open) => open(target)),
  );
  return closing([{ close }, ...clients], async () => {
    const senders = [
      { name: 'whole, fast executor', journal: 'file' as const, send: () => placeOnce(broker) },
      ...clients.map(({ name, send }) => ({ name, journal: 'none' as const, send })),
    ];
    const cases = senders.flatMap(({ name, journal, send }) =>
      rates.map((rate) => ({
        send,
        rate,
        label: {
          name,
          operation: 'place' as const,
          transport: 'https' as const,
          journal,
          rttMs: 0,
          load: `open loop ${rate}/s`,
        },
        rounds: [] as number[][],
      })),
    );
    for (const { send } of senders) await openLoop(send, 500, 200);
    const rounds = quick ? 2 : 20;
    for (let round = 1; round <= rounds; round += 1) {
      progress(`open loop: round ${round} of ${rounds}`);
      for (const each of shuffled(cases, chance))
        each.rounds.push(await openLoop(each.send, each.rate, each.rate * (quick ? 0.15 : 1)));
    }
    return {
      measured: cases.map(({ label, rounds: taken }): Measured => ({ label, rounds: taken })),
    };
  });
}
