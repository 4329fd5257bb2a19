import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Broker } from '@hotpath/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SimulatedWorld } from '../src/world/simulated-world.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';

// One day of a bot that nobody looks after: 25 hours, so that the token ends and the session breaks; a roll, 40 hub drops, 429s and 5xx among it.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapMb = (): number => {
  collect();
  return process.memoryUsage().heapUsed / 1e6;
};
const minute = 60_000;
const hour = 60 * minute;

let world: SimulatedWorld;
const unhandled: unknown[] = [];
const keep = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => void process.on('unhandledRejection', keep));
afterEach(async () => {
  process.off('unhandledRejection', keep);
  await world.close();
});

type Row = Readonly<Record<string, unknown>>;
const rows = (list: readonly object[]): Row[] => list.map((row) => ({ ...row }));

/** Every order, position and fill of the account, in the same words from both sides. */
function atTheVenue(): object {
  const { orders, positions, fills } = world.gateway.truth();
  return {
    open: orders
      .filter(({ status }) => [1, 6, 8].includes(status))
      .map(({ id, fillVolume, limitPrice }) => `${id} ${fillVolume} ${limitPrice ?? '-'}`)
      .toSorted(),
    positions: rows(positions)
      .map(
        ({ contractId, type, size, averagePrice }) =>
          `${String(contractId)} ${type === 1 ? 'buy' : 'sell'} ${String(size)} ${String(averagePrice)}`,
      )
      .toSorted(),
    fills: rows(fills).length,
  };
}
async function inTheState(
  broker: Broker<'fast' | 'fallback'>,
  fills: ReadonlySet<string>,
): Promise<object> {
  const [orders, positions] = [await broker.getOpenOrders(), await broker.getPositions()];
  return {
    open: orders
      .map(
        ({ orderId, filledQuantity, limitPrice }) =>
          `${orderId} ${filledQuantity} ${limitPrice ?? '-'}`,
      )
      .toSorted(),
    positions: positions
      .map(
        ({ contractId, side, quantity, averagePrice }) =>
          `${contractId} ${side} ${quantity} ${averagePrice}`,
      )
      .toSorted(),
    fills: fills.size,
  };
}

it(
  'ends a day of trouble with a state that equals the truth',
  async () => {
    let logins = 0;
    world = await simulatedWorld({
      session: 'topstep',
      autoFlatten: true,
      accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }],
      seed: 11,
      log: ({ path, status }) =>
        void (logins += /Auth\/(?:loginKey|validate)/.test(path) && status === 200 ? 1 : 0),
    });
    const { gateway } = world;
    const broker = await world.connect();
    const fills = new Set<string>();
    const seen = { gaps: 0, synced: 0, kinds: new Map<string, number>() };
    broker.on('order.filled', ({ trade }) => void fills.add(trade.tradeId));
    broker.on('stream.gap', ({ stream }) => void (seen.gaps += stream === 'orders' ? 1 : 0));
    broker.on('stream.synced', ({ stream }) => void (seen.synced += stream === 'orders' ? 1 : 0));
    await world.until(() => seen.synced > 0, minute);

    gateway.faults.add({
      endpoint: 'Order/*',
      probability: 0.03,
      seed: 1,
      fault: { kind: 'status', status: 503 },
    });
    gateway.faults.add({
      endpoint: 'Order/*',
      probability: 0.02,
      seed: 2,
      fault: { kind: 'status', status: 500, at: 'after-accepting' },
    });
    gateway.faults.add({
      endpoint: 'Position/*',
      probability: 0.03,
      seed: 3,
      fault: { kind: 'status', status: 502 },
    });
    gateway.faults.add({
      probability: 0.005,
      seed: 4,
      fault: { kind: 'status', status: 429, retryAfter: 5 },
    });
    gateway.faults.add({
      endpoint: 'Order/place',
      probability: 0.02,
      seed: 5,
      fault: { kind: 'reset', at: 'after-accepting' },
    });

    const sides = ['buy', 'sell'] as const;
    let placed = 0;
    const act = async (): Promise<void> => {
      placed += 1;
      const side = sides[placed % 2] ?? 'buy';
      const bracket = placed % 5 === 0 ? { stopLossTicks: 30, takeProfitTicks: 30 } : undefined;
      const outcome = await (placed % 3 === 0
        ? broker.placeMarketOrder({ symbol: 'MNQ', side, quantity: 1 + (placed % 3), bracket })
        : broker.placeLimitOrder({
            symbol: placed % 4 === 0 ? 'MES' : 'MNQ',
            side,
            quantity: 1,
            limitPrice: placed % 4 === 0 ? 5000 + (placed % 40) : 23_900 + (placed % 200),
          }));
      seen.kinds.set(outcome.kind, (seen.kinds.get(outcome.kind) ?? 0) + 1);
      if (outcome.kind === 'accepted' && placed % 4 === 1)
        await broker.cancelOrder({ orderId: outcome.orderId });
      if (placed % 25 === 0) await broker.closePosition({ symbol: 'MNQ' });
    };

    let early = 0;
    for (let passed = 0, next = 0; passed < 25 * hour; passed += minute, next += 1) {
      await world.pass(minute, 5000);
      // The venue of this process keeps its bars, so its prices move no oftener than the day needs.
      if (next % 5 === 0) gateway.stepPrices();
      if (next % 3 === 0) await world.during(act());
      if (next % 37 === 5) {
        // The hub is away for a while, and the market goes on without it.
        gateway.faults.add({
          endpoint: 'hubs/user',
          count: next % 2 === 0 ? 6 : 2,
          fault: { kind: 'status', status: 503 },
        });
        gateway.dropHubs('user');
        for (let step = 0; step < 12; step += 1) gateway.stepPrices();
      }
      if (next === 7 * 60) gateway.rollContract('MNQ');
      if (next === 5 * 60) early = heapMb();
    }
    const late = heapMb();

    const struck = Object.values(gateway.faults.counts()).reduce(
      (sum, count) => sum + count.struck,
      0,
    );
    gateway.faults.clear();
    await world.pass(2 * minute, 1000);
    const synced = seen.synced;
    gateway.dropHubs('user');
    await world.until(() => seen.synced > synced, 2 * minute);
    const agrees = async (): Promise<boolean> =>
      JSON.stringify(await inTheState(broker, fills)) === JSON.stringify(atTheVenue());
    await world.until(agrees, 10_000).catch(() => undefined);

    expect(await inTheState(broker, fills)).toEqual(atTheVenue());
    expect(unhandled).toEqual([]);
    expect(seen.gaps).toBeGreaterThanOrEqual(40);
    expect(seen.kinds.get('accepted')).toBeGreaterThan(150);
    expect(seen.kinds.get('unknown')).toBeGreaterThan(0);
    expect(seen.kinds.get('rejected')).toBeGreaterThan(0);
    expect(struck).toBeGreaterThan(20);
    expect(logins).toBeGreaterThan(1);
    // Nobody repeats an order: what was refused or lost is placed anew under a price of its own.
    expect(gateway.truth().duplicateTags).toEqual({});
    // Twenty hours leave behind what is kept by design: five hundred intents with their journal lines, and the venue's own record, which is in this process too.
    expect(late - early).toBeLessThan(8);
  },
  5 * minute,
);
