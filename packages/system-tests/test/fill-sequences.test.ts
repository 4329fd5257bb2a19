import type { Broker, EventMap, Order } from '@hotpath/core';
import type { GatewayOptions } from '@hotpath/gateway-sim';
import { afterEach, describe, expect, it } from 'vitest';
import type { SimulatedWorld } from '../src/world/simulated-world.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';

// Fills in every order of events that was recorded from the gateway, and in the ways that nobody has seen.
let world: SimulatedWorld;
let broker: Broker<'fast' | 'fallback'>;
let filled: EventMap<string>['order.filled'][];
afterEach(() => world.close());

async function connect(): Promise<void> {
  let isSynced = false;
  filled = [];
  broker = await world.connect({}, { rateLimit: 'off' }, (made) => {
    made.once('stream.synced', () => void (isSynced = true));
    made.on('order.filled', (fill) => void filled.push(fill));
  });
  await world.until(() => isSynced, 5_000);
}
/** The price stands at 24000 / 24000.25, then at 24010, then at 23980. */
async function start(options: GatewayOptions = {}): Promise<void> {
  const accounts = [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' as const }];
  world = await simulatedWorld({
    rateLimit: { everythingElse: 'off' },
    accounts,
    replay: { MNQ: { kind: 'ticks', csv: 'price\n24000\n24010\n23980\n' } },
    ...options,
  });
  await connect();
}
const market = (side: 'buy' | 'sell', quantity = 1): Promise<unknown> =>
  world.during(broker.placeMarketOrder({ symbol: 'MNQ', side, quantity }));
interface FillRow {
  readonly orderId: number;
  readonly creationTimestamp: string;
  readonly size: number;
  readonly price: number;
  readonly fees: number;
  readonly commissions: number;
  readonly profitAndLoss: number | null;
}
const fills = (): readonly FillRow[] => world.gateway.truth().fills as readonly FillRow[];
const lastFillAt = (): number => Date.parse(fills().at(-1)?.creationTimestamp ?? '');
const step = async (): Promise<void> => {
  world.gateway.stepPrices();
  await world.pass(100, 50);
};
const history = async (): Promise<readonly Order[]> =>
  world.during(broker.getOrderHistory({ from: world.clock.now() - 3_600_000 }));
/** What the broker says its fills come to, and what they do by the venue's record. */
async function sums(): Promise<
  readonly { readonly quantity: number; readonly fees: number; readonly profitAndLoss: number }[]
> {
  const total = (
    each: readonly {
      readonly quantity: number;
      readonly fees: number;
      readonly profitAndLoss: number;
    }[],
  ) => {
    const sum = (of: (row: (typeof each)[number]) => number): number =>
      Math.round(each.reduce((all, row) => all + of(row), 0) * 100) / 100;
    return {
      quantity: sum((row) => row.quantity),
      fees: sum((row) => row.fees),
      profitAndLoss: sum((row) => row.profitAndLoss),
    };
  };
  const told = (await history()).flatMap(({ fills: own }) => own ?? []);
  const made = fills().map(({ size, fees, commissions, profitAndLoss }) => ({
    quantity: size,
    fees: fees + commissions,
    profitAndLoss: profitAndLoss ?? 0,
  }));
  return [total(told), total(made)];
}
/** One told fill for each in the venue's record, of the order it belongs to. */
function expectEachToldOnce(): void {
  const made = fills().map(({ orderId, size, price }) => `${orderId}: ${size} at ${price}`);
  expect(
    filled
      .map(({ trade: { orderId, quantity, price } }) => `${orderId}: ${quantity} at ${price}`)
      .toSorted(),
  ).toEqual(made.toSorted());
}

describe.each([
  ['as recorded', {}],
  ['with ids of their own for repeated trades', { unknowns: { repeatedTradeId: 'new' } }],
  [
    'drawn, with repeats, answers behind events and hidden closes',
    {
      seed: 4,
      events: { order: 'drawn', answer: 'last', repeatFilledMs: 600 },
      unknowns: { repeatedTradeId: 'new', pendingCloses: 'hidden', deletedOrders: 'final' },
    },
  ],
  [
    'level by level',
    {
      unknowns: { repeatedTradeId: 'new' },
      matching: { fills: 'book', stopSlippageTicks: 2 },
      events: { order: 'drawn' },
    },
  ],
] satisfies [string, GatewayOptions][])('events of fills, %s', (_name, options) => {
  it('count and tell each fill once through entries, reversals, brackets and closes', async () => {
    await start(options);
    await market('buy', 3);
    await step();
    await market('sell', 5);
    await step();
    await world.during(broker.closePosition({ symbol: 'MNQ' }));
    await world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        bracket: { stopLossTicks: 40, takeProfitTicks: 40 },
      }),
    );
    for (let count = 0; count < 6; count += 1) await step();
    await world.during(broker.closePosition({ symbol: 'MNQ' }));
    await world.pass(3_000, 500);
    expect(fills().length).toBeGreaterThan(5);
    expectEachToldOnce();
    const [known, made] = await sums();
    expect(known).toEqual(made);
  });
});

it('an order whose trade is told before its own event shows as filled already, with time and sums', async () => {
  await start({ unknowns: { repeatedTradeId: 'new' } });
  await market('buy');
  await world.pass(100, 50);
  const { order } = filled[0] as (typeof filled)[number];
  expect(order).toMatchObject({
    status: 'pending',
    quantity: 1,
    filledQuantity: 1,
    averagePrice: 24000.25,
    filledAt: lastFillAt(),
    fills: { quantity: 1, averagePrice: 24000.25, fees: 0.61, profitAndLoss: 0 },
  });
});

it('a leg that fills minutes after it began to work says when it filled', async () => {
  await start();
  await world.during(
    broker.placeMarketOrder({
      symbol: 'MNQ',
      side: 'buy',
      quantity: 1,
      bracket: { stopLossTicks: 40, takeProfitTicks: 400 },
    }),
  );
  await world.pass(60_000, 5_000);
  const filledAt = world.clock.now();
  await step();
  await step();
  const stop = (await history()).find(({ type }) => type === 'stop');
  expect(stop).toMatchObject({ status: 'filled', filledAt: lastFillAt() });
  expect(stop?.filledAt).toBeGreaterThanOrEqual(filledAt);
  expect(stop?.updatedAt).toBeLessThan(filledAt - 50_000);
});

it.each(['same', 'new'] as const)(
  'a bot that starts beside a position is not told of its entry when a close repeats it, under the %s id',
  async (repeatedTradeId) => {
    await start({ unknowns: { repeatedTradeId } });
    await market('buy', 2);
    await world.pass(100, 50);
    await world.during(broker.close());
    await connect();
    await world.pass(5_000, 500);
    await world.during(broker.closePosition({ symbol: 'MNQ' }));
    await world.pass(1_000, 100);
    expect(
      filled.map(({ trade: { side, quantity, profitAndLoss } }) => [side, quantity, profitAndLoss]),
    ).toEqual([['sell', 2, -1]]);
    const [known, made] = await sums();
    expect(known).toEqual(made);
  },
);

describe('what a fill is not told with on a stream that goes on', () => {
  /** Long before the list of working orders would show it: every half minute. */
  const withinMs = 5_000;
  const dropped = (event: string): string =>
    world.gateway.faults.add({ hub: 'user', event, fault: { kind: 'event-drop' } });
  const positions = async (): Promise<unknown> =>
    (await broker.getPositions()).map(({ side, quantity }) => `${side} ${quantity}`);
  let gapsTold = 0;
  const gaps = (): number => gapsTold;
  const listen = (): void => {
    gapsTold = 0;
    broker.on('stream.gap', () => void (gapsTold += 1));
  };

  it('is its trade: counted and told all the same', async () => {
    await start();
    listen();
    dropped('GatewayUserTrade');
    await market('buy', 2);
    await world.until(() => filled.length > 0, withinMs);
    expectEachToldOnce();
    const [known, made] = await sums();
    expect([known, gaps()]).toEqual([made, 0]);
  });

  it('is its order: filled in what the broker answers from, and waited for', async () => {
    await start();
    listen();
    dropped('GatewayUserOrder');
    await world.during(
      broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1, clientOrderId: 'quiet' }),
    );
    expect(
      await world.during(broker.waitForFill({ clientOrderId: 'quiet' }, { timeoutMs: withinMs })),
    ).toMatchObject({ status: 'filled', filledQuantity: 1, fills: { quantity: 1 } });
    expect([await broker.getOpenOrders(), gaps()]).toEqual([[], 0]);
  });

  it('is its position, entry and close: known all the same', async () => {
    await start({ events: { lostPositions: 1 } });
    listen();
    await market('buy', 2);
    await world.until(async () => String(await positions()) === 'buy 2', withinMs);
    await market('sell', 2);
    await world.until(async () => String(await positions()) === '', withinMs);
    expect(gaps()).toBe(0);
  });

  it('is its position for three seconds, and then an older one: right in the end', async () => {
    await start({ latency: { positionEventMs: 3_000 }, events: { order: 'drawn' } });
    for (const side of ['buy', 'buy', 'sell', 'buy'] as const) {
      await market(side, 1);
      await world.pass(700, 100);
    }
    await world.pass(20_000, 500);
    expect(await positions()).toEqual(['buy 2']);
  });

  it('is nothing: nothing is asked for', async () => {
    const asked: string[] = [];
    await start({
      log: ({ path }) => void asked.push(path),
      matching: { fills: 'book' },
      events: { order: 'drawn', repeatFilledMs: 600 },
      unknowns: { repeatedTradeId: 'new' },
    });
    asked.length = 0;
    for (const side of ['buy', 'sell', 'buy', 'sell'] as const) await market(side, 5);
    await world.pass(20_000, 500);
    expect(asked).toEqual(Array.from({ length: 4 }, () => '/api/Order/place'));
  });
});
