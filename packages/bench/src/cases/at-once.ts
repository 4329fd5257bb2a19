import type { Client } from '../clients/client.ts';
import { openBroker, placeOnce } from '../clients/open-broker.ts';
import type { ExecutorName } from '../clients/open-broker.ts';
import { rawSocket } from '../clients/raw-clients.ts';
import { plainFetch, undiciDispatch } from '../clients/undici-clients.ts';
import type { CaseLabel, Measured } from '../measure/measured-case.ts';
import { shuffled } from '../measure/shuffled.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing } from './bench-context.ts';

interface Burst {
  readonly label: CaseLabel;
  readonly send: () => Promise<void>;
  readonly close: () => Promise<void> | void;
}

/** So many orders in one tick, each counted from its own call; every client has a connection for each. */
export async function atOnce(context: BenchContext): Promise<PartResult> {
  const measured: Measured[] = [];
  for (const count of [16, 64]) {
    for (const transport of ['http', 'https'] as const)
      measured.push(...(await bursts(context, transport, count)));
  }
  return { measured };
}

async function bursts(
  context: BenchContext,
  transport: 'http' | 'https',
  count: number,
): Promise<Measured[]> {
  const { floor, orders, quick, chance, progress, nextAccount } = context;
  const url = floor.url(transport);
  const load = `${count} at once`;
  const all: Burst[] = [];
  const client = ({ name, send, close }: Client): Burst => ({
    label: { name, operation: 'place', transport, journal: 'none', rttMs: 0, load },
    send,
    close,
  });
  const whole = async (executor: ExecutorName): Promise<void> => {
    const { broker, close } = await openBroker({
      url,
      journal: 'memory',
      executor,
      atOnce: count,
      account: nextAccount(),
    });
    all.push({
      label: {
        name: `whole, ${executor} executor`,
        operation: 'place',
        transport,
        journal: 'memory',
        rttMs: 0,
        load,
      },
      send: () => placeOnce(broker),
      close,
    });
  };
  return closing(all, async () => {
    await whole('fast');
    await whole('fallback');
    for (const open of [rawSocket, undiciDispatch, plainFetch])
      all.push(client(await open({ url, order: orders[transport], atOnce: count })));
    const rounds = new Map<Burst, number[][]>(all.map((each) => [each, []]));
    const waves = quick ? 10 : 100;
    for (let wave = -5; wave < waves; wave += 1) {
      progress(`${load}, ${transport}: wave ${Math.max(1, wave + 1)} of ${waves}`);
      for (const each of shuffled(all, chance)) {
        const taken = await Promise.all(
          Array.from({ length: count }, async () => {
            const before = performance.now();
            await each.send();
            return (performance.now() - before) * 1_000;
          }),
        );
        if (wave >= 0) rounds.get(each)?.push(taken);
      }
    }
    return all.map((each) => ({ label: each.label, rounds: rounds.get(each) ?? [] }));
  });
}
