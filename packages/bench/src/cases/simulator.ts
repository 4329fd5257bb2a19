import type { Broker, Outcome } from '@hotpath/core';
import type { ExecutorName, JournalKind } from '../clients/open-broker.ts';
import { openBroker } from '../clients/open-broker.ts';
import type { CaseLabel, Measured } from '../measure/measured-case.ts';
import { shuffled } from '../measure/shuffled.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing, transports } from './bench-context.ts';

const operations = ['place', 'modify', 'cancel'] as const;
const executors: readonly ExecutorName[] = ['fast', 'fallback'];
const journals: readonly JournalKind[] = ['memory', 'file', 'file, fsync'];

interface Trader {
  readonly executor: ExecutorName;
  readonly journal: JournalKind;
  readonly transport: 'http' | 'https';
  readonly broker: Broker<ExecutorName>;
  readonly taken: Readonly<Record<(typeof operations)[number], number[][]>>;
  readonly close: () => Promise<void>;
}

/** The life of a limit order at the simulator, hubs and all: placed, changed, cancelled; each operation counted by itself, over every executor and journal. */
export async function simulatorLives(context: BenchContext): Promise<PartResult> {
  const { quick, chance, progress } = context;
  const traders: Trader[] = [];
  return closing(traders, async () => {
    for (const transport of transports)
      for (const executor of executors)
        for (const journal of journals)
          traders.push(await openTrader(context, transport, executor, journal));
    for (const trader of traders) await lives(trader, 20);
    for (const { taken } of traders)
      for (const operation of operations) taken[operation].length = 0;
    const rounds = quick ? 5 : 60;
    for (let round = 1; round <= rounds; round += 1) {
      progress(`place, modify and cancel at the simulator: round ${round} of ${rounds}`);
      for (const trader of shuffled(traders, chance)) await lives(trader, quick ? 8 : 20);
    }
    return { measured: traders.flatMap(rowsOf) };
  });
}

async function openTrader(
  { gateway, nextAccount }: BenchContext,
  transport: 'http' | 'https',
  executor: ExecutorName,
  journal: JournalKind,
): Promise<Trader> {
  const url = gateway.url(transport);
  const { broker, close } = await openBroker({
    url,
    hubs: url,
    executor,
    journal,
    account: nextAccount(),
  });
  const synced = new Promise<void>((resolve) => broker.once('stream.synced', () => resolve()));
  // Known to be live before the first order, so that no read stands in for the stream.
  await Promise.race([synced, broker.getOpenOrders()]);
  return {
    executor,
    journal,
    transport,
    broker,
    close,
    taken: { place: [], modify: [], cancel: [] },
  };
}

async function lives({ broker, taken }: Trader, count: number): Promise<void> {
  const round: Record<(typeof operations)[number], number[]> = {
    place: [],
    modify: [],
    cancel: [],
  };
  for (let index = 0; index < count; index += 1) {
    const placed = await timed(round.place, () =>
      broker.placeLimitOrder({ symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 15_000 }),
    );
    const { orderId } = placed;
    await timed(round.modify, () => broker.modifyOrder({ orderId, limitPrice: 15_001 }));
    await timed(round.cancel, () => broker.cancelOrder({ orderId }));
  }
  for (const operation of operations) taken[operation].push(round[operation]);
}

async function timed<Result extends Outcome>(
  taken: number[],
  run: () => Promise<Result>,
): Promise<Extract<Result, { readonly kind: 'accepted' }>> {
  const before = performance.now();
  const outcome = await run();
  taken.push((performance.now() - before) * 1_000);
  if (!isAccepted(outcome))
    throw new Error('code' in outcome ? `${outcome.operation}: ${outcome.code}` : 'not accepted');
  return outcome;
}

function isAccepted<Result extends Outcome>(
  outcome: Result,
): outcome is Extract<Result, { readonly kind: 'accepted' }> {
  return outcome.kind === 'accepted';
}

function rowsOf({ executor, journal, transport, taken }: Trader): Measured[] {
  return operations.map((operation) => {
    const label: CaseLabel = {
      name: `whole, ${executor} executor`,
      operation,
      transport,
      journal,
      rttMs: 0,
      load: 'one at a time, at the simulator',
    };
    return { label, rounds: taken[operation] };
  });
}
