import type { Broker, OutcomeKind, PlaceOutcome } from '@hotpath/core';
import type { Client } from '../clients/client.ts';
import { plainFetch } from '../clients/undici-clients.ts';
import type { ExecutorName } from '../clients/open-broker.ts';
import { openBroker } from '../clients/open-broker.ts';
import { turnFor } from '../measure/measure-rounds.ts';
import type { ChildServer } from '../servers/child-server.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing } from './bench-context.ts';

/** The order follows the server's closing by up to so many milliseconds, drawn anew for each. */
const withinMs = 0.6;
/** How long an order that lost the race is looked for, in place of a quarter of a minute. */
const settleMs = 1_500;
const load = 'as the server closes idle connections';

/**
 * The server ends every idle connection, and within half a millisecond an order comes: it may find them gone, being closed, or still whole and lose the race.
 * What became of each order is asked of the simulator afterwards.
 */
export async function idleSocketsClosed(context: BenchContext): Promise<PartResult> {
  const { far, orders, gateway, nextAccount } = context;
  const { broker, close } = await openBroker({
    url: far.url('gateway 0'),
    hubs: gateway.url('http'),
    journal: 'file',
    account: nextAccount(),
    settleMs,
  });
  const plain = await plainFetch({ url: far.url('http 0'), order: orders.http });
  return closing([{ close }, plain], async () => {
    const { placing, taken, plainTaken, failed } = await race(context, broker, plain);
    const outcomes = await Promise.all(placing.map(async (order) => settled(await order)));
    const told = await gateway.ask(
      'orders of',
      outcomes.map(({ clientOrderId }) => clientOrderId),
    );
    const orderCounts = Array.isArray(told) ? told.map(Number) : [];
    const kinds = (kind: OutcomeKind): number =>
      outcomes.filter((outcome) => outcome.kind === kind).length;
    const label = { operation: 'place', transport: 'http', rttMs: 0, load } as const;
    return {
      measured: [
        { label: { ...label, name: 'whole, fast executor', journal: 'file' }, rounds: [taken] },
        { label: { ...label, name: plain.name, journal: 'none' }, rounds: [plainTaken] },
      ],
      figures: {
        closedOrders: placing.length,
        closedAccepted: kinds('accepted'),
        closedNotSent: kinds('not-sent'),
        closedUnknownAbsent: kinds('unknown'),
        // Said to be at the venue and not there, or the other way round.
        closedWronglyTold: outcomes.filter(
          ({ kind }, index) => (kind === 'accepted') !== (orderCounts[index] ?? 0) > 0,
        ).length,
        closedDuplicates: orderCounts.filter((found) => found > 1).length,
        closedFetchErrors: failed,
      },
    };
  });
}

interface Raced {
  readonly placing: readonly Promise<PlaceOutcome<ExecutorName>>[];
  /** Microseconds of those orders that were accepted; the last of them may still be on their way. */
  readonly taken: number[];
  readonly plainTaken: number[];
  /** How many orders the plain client lost. */
  readonly failed: number;
}

/** Orders of both clients, each as the server closes idle connections. */
async function race(
  { far, quick, chance, progress }: BenchContext,
  broker: Broker<ExecutorName>,
  plain: Client,
): Promise<Raced> {
  // Few enough that no breaker takes the executor for broken.
  const count = quick ? 24 : 80;
  const placing: Promise<PlaceOutcome<ExecutorName>>[] = [];
  const [taken, plainTaken]: [number[], number[]] = [[], []];
  let failed = 0;
  for (let index = 0; index < count; index += 1) {
    progress(`idle connections are closed: ${index + 1} of ${count}`);
    await justAfterClosing(far, chance, async () => {
      const before = performance.now();
      const order = broker.placeMarketOrder({
        symbol: 'MNQ',
        side: index % 2 === 0 ? 'buy' : 'sell',
        quantity: 1,
      });
      placing.push(order);
      // One that lost the race is looked for at the venue for a while; the next one does not wait for it.
      await Promise.race([
        order.then(
          ({ kind }) => kind === 'accepted' && taken.push((performance.now() - before) * 1_000),
        ),
        turnFor(20),
      ]);
    });
    // Only to have a warm connection.
    await plain.send().catch(() => {});
    await justAfterClosing(far, chance, async () => {
      const before = performance.now();
      await plain.send().then(
        () => plainTaken.push((performance.now() - before) * 1_000),
        () => (failed += 1),
      );
    });
  }
  return { placing, taken, plainTaken, failed };
}

/** The server ends what is idle while `send` begins: it is told, and the order comes a moment drawn by chance later. */
async function justAfterClosing(
  far: ChildServer,
  chance: () => number,
  send: () => Promise<unknown>,
): Promise<void> {
  await turnFor(5);
  const closed = far.ask('close idle');
  await turnFor(chance() * withinMs);
  await send();
  await closed;
}

async function settled(outcome: PlaceOutcome<ExecutorName>): Promise<PlaceOutcome<ExecutorName>> {
  return outcome.kind === 'unknown' && !outcome.final ? outcome.resolved : outcome;
}
