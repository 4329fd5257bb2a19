import { openBroker, placeOnce } from '../clients/open-broker.ts';
import { plainFetch } from '../clients/undici-clients.ts';
import type { CaseLabel } from '../measure/measured-case.ts';
import type { BenchContext, PartResult } from './bench-context.ts';

const idleMs = 10 * 60_000;
const brokers = 8;
const load = 'after ten idle minutes';

export interface IdleBrokers {
  /** One order each, when the ten minutes are over. */
  readonly finish: () => Promise<PartResult>;
}

/** Opens brokers and plain clients over a round trip of 20 ms and TLS, and leaves them alone while other things are measured. */
export async function idleForTenMinutes({
  far,
  orders,
  progress,
  nextAccount,
}: BenchContext): Promise<IdleBrokers> {
  const url = far.url('https 20');
  const opened = await Promise.all(
    Array.from({ length: brokers }, () =>
      openBroker({ url, journal: 'file', account: nextAccount() }),
    ),
  );
  const plain = await Promise.all(
    Array.from({ length: brokers }, () => plainFetch({ url, order: orders.https })),
  );
  for (const { broker } of opened) await placeOnce(broker);
  for (const { send } of plain) await send();
  const over = performance.now() + idleMs;
  const timed = async (send: () => Promise<void>): Promise<number> => {
    const before = performance.now();
    await send();
    return (performance.now() - before) * 1_000;
  };
  return {
    async finish() {
      for (let left = over - performance.now(); left > 0; left = over - performance.now()) {
        progress(`waiting for ten idle minutes to be over: ${Math.ceil(left / 1_000)} s`);
        await new Promise((resolve) => setTimeout(resolve, Math.min(left, 1_000)));
      }
      const label = (name: string, journal: CaseLabel['journal']): CaseLabel => ({
        name,
        operation: 'place',
        transport: 'https',
        journal,
        rttMs: 20,
        load,
      });
      const taken: number[] = [];
      const plainTaken: number[] = [];
      for (const { broker } of opened) taken.push(await timed(() => placeOnce(broker)));
      for (const { send } of plain) plainTaken.push(await timed(send));
      for (const { close } of opened) await close();
      for (const { close } of plain) await close();
      return {
        measured: [
          { label: label('whole, fast executor', 'file'), rounds: [taken] },
          { label: label('fetch and JSON', 'none'), rounds: [plainTaken] },
        ],
      };
    },
  };
}
