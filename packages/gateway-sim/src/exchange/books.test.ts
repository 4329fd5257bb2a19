import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault, FaultRule, Gateway, GatewayOptions, Truth } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { Fields, GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

// Whatever a client does over HTTP, in whatever order, the books hold.
const accountIds = [700_001, 700_002];
const startBalance = 50_000;

type Step =
  | { readonly kind: 'place'; readonly order: Fields }
  | { readonly kind: 'change'; readonly path: string; readonly nth: number; readonly body: Fields }
  | { readonly kind: 'close'; readonly path: string; readonly body: Fields }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'prices'; readonly steps: number }
  | { readonly kind: 'fault'; readonly rule: FaultRule };

const accountId = fc.constantFrom(...accountIds);
const price = fc.integer({ min: -60, max: 60 }).map((ticks) => 24000 + ticks * 0.25);
const tag = fc.option(fc.constantFrom('a', 'A', 'b', 'c', 'a-SL', 'b-tp', 'd'), { nil: null });
const leg = (type: number) =>
  fc.option(fc.record({ ticks: fc.integer({ min: -30, max: 30 }), type: fc.constant(type) }), {
    nil: null,
  });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      order: fc.record({
        accountId,
        side: fc.constantFrom(0, 1),
        type: fc.constantFrom(1, 2, 2, 3, 4, 5, 6, 7),
        size: fc.integer({ min: 0, max: 7 }),
        limitPrice: price,
        stopPrice: price,
        trailPrice: price,
        customTag: tag,
        stopLossBracket: leg(4),
        takeProfitBracket: leg(1),
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      path: fc.constantFrom('Order/cancel', 'Order/modify'),
      nth: fc.nat(20),
      body: fc.record({
        accountId,
        size: fc.option(fc.integer({ min: 0, max: 9 })),
        limitPrice: fc.option(price),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('close' as const),
      path: fc.constantFrom('Position/closeContract', 'Position/partialCloseContract'),
      body: fc.record({ accountId, size: fc.integer({ min: 1, max: 3 }) }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      ms: fc.constantFrom(1, 25, 60_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('prices' as const),
      steps: fc.integer({ min: 1, max: 20 }),
    }),
  },
);

const moment = fc.constantFrom('before-accepting' as const, 'after-accepting' as const);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant('reset' as const),
    at: fc.constantFrom(
      'connect' as const,
      'before-reading' as const,
      'after-reading' as const,
      'after-accepting' as const,
      'mid-answer' as const,
    ),
  }),
  fc.record({
    kind: fc.constant('stall' as const),
    at: moment,
    forMs: fc.constantFrom(1, 25, 60_000),
  }),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom(401, 429, 500, 502, 503),
    at: moment,
  }),
  fc.record({
    kind: fc.constant('answer' as const),
    errorCode: fc.integer({ min: 1, max: 10 }),
    at: moment,
  }),
  fc.record({
    kind: fc.constant('body' as const),
    form: fc.constantFrom(
      'empty' as const,
      'truncated' as const,
      'html' as const,
      'wrong-types' as const,
      'missing-payload' as const,
      'null-payload' as const,
    ),
  }),
  fc.record({
    kind: fc.constant('slow' as const),
    bytes: fc.constant(64),
    everyMs: fc.constantFrom(1, 25),
  }),
  fc.record({
    kind: fc.constant('delay' as const),
    byMs: fc.constantFrom(1, 25, 60_000),
    answer: fc.constantFrom('wait' as const, 500 as const, 503 as const, 'reset' as const),
  }),
  fc.record({ kind: fc.constant('clock-skew' as const), byMs: fc.constantFrom(-60_000, 60_000) }),
);
/** A fault strikes one of the next requests, whichever it is. */
const faultyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: step },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      rule: fc.record({ nth: fc.integer({ min: 1, max: 3 }), fault }),
    }),
  },
);

async function play(steps: readonly Step[], options: GatewayOptions): Promise<Truth> {
  const clock = manualGatewayClock();
  await using gateway = await startGateway({
    clock,
    priceStepMs: 0,
    rateLimit: { everythingElse: 'off' },
    accounts: accountIds.map((id) => ({
      id,
      name: `PRAC-V2-${id}`,
      balance: startBalance,
      bracketMode: 'auto-oco',
    })),
    ...options,
  });
  const client = await gatewayClient(gateway);
  const underway = new Set<Promise<unknown>>();
  for (const each of steps) {
    if (each.kind === 'time') clock.advance(each.ms);
    else if (each.kind === 'prices')
      for (let count = 0; count < each.steps; count += 1) gateway.stepPrices();
    else if (each.kind === 'fault') gateway.faults.add({ ...each.rule, count: 1 });
    else await orUntilStruck(request(client, each), gateway, underway);
  }
  // What was stalled, delayed or trickles ends now.
  for (let count = 0; underway.size > 0; count += 1) {
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    if (count > 100_000) throw new Error(`${underway.size} requests never ended`);
  }
  struck += Object.values(gateway.faults.counts()).reduce((sum, count) => sum + count.struck, 0);
  return gateway.truth();
}

/** Faults that struck, over all runs: a property over faults that never strike would hold of itself. */
let struck = 0;

/** Until a request ends, well or badly, or until a fault has it in hand: one that holds it back ends only as time goes on. */
async function orUntilStruck(
  asked: Promise<unknown>,
  gateway: Gateway,
  underway: Set<Promise<unknown>>,
): Promise<void> {
  const strikes = (): number =>
    Object.values(gateway.faults.counts()).reduce((sum, count) => sum + count.struck, 0);
  const before = strikes();
  const settled = asked.catch(() => undefined).finally(() => underway.delete(settled));
  underway.add(settled);
  while (underway.has(settled) && strikes() === before)
    await new Promise((resolve) => setImmediate(resolve));
}

async function request(
  client: GatewayClient,
  asked: Extract<Step, { kind: 'place' | 'change' | 'close' }>,
): Promise<void> {
  const { contractId } = client;
  if (asked.kind === 'place') await client.place(asked.order);
  else if (asked.kind === 'close') await client.post(asked.path, { contractId, ...asked.body });
  else await client.post(asked.path, { ...asked.body, orderId: 3_400_000_001 + asked.nth });
}

const sum = (rows: readonly Fields[], value: (row: Fields) => number): number =>
  rows.reduce((total, row) => total + value(row), 0);
const fieldsOf = (rows: readonly object[]): Fields[] => rows.map((row) => ({ ...row }));
/** Pending or suspended, then open, then one end. */
const rank: Readonly<Record<number, number>> = { 6: 0, 8: 0, 1: 1, 2: 2, 3: 2, 4: 2, 5: 2 };

function holdTheBooks({ accounts, orders, fills, positions }: Truth): void {
  for (const account of fieldsOf(accounts)) {
    const own = (rows: readonly object[]) =>
      fieldsOf(rows).filter((row) => row['accountId'] === account['id']);
    const traded = sum(own(fills), (fill) => Number(fill['size']) * (fill['side'] === 0 ? 1 : -1));
    expect(
      sum(
        own(positions),
        (position) => Number(position['size']) * (position['type'] === 1 ? 1 : -1),
      ),
    ).toBe(traded);
    const money = sum(
      own(fills),
      (fill) =>
        Number(fill['profitAndLoss'] ?? 0) - Number(fill['fees']) - Number(fill['commissions']),
    );
    expect(Number(account['balance'])).toBeCloseTo(startBalance + money, 3);
  }
  for (const order of orders) {
    expect(
      sum(
        fieldsOf(fills).filter((fill) => fill['orderId'] === order.id),
        (fill) => Number(fill['size']),
      ),
    ).toBe(order.fillVolume);
    expect(order.fillVolume).toBeLessThanOrEqual(order.size);
    const ranks = order.states.map(({ status }) => rank[status] ?? -1);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(ranks.filter((each) => each === 2).length).toBe(
      order.status === 1 || order.status === 6 || order.status === 8 ? 0 : 1,
    );
    expect(order.status === 2).toBe(order.fillVolume === order.size && order.size > 0);
  }
  const tags = orders.flatMap((order) =>
    order.customTag === null ? [] : [`${order.accountId} ${order.customTag.toLowerCase()}`],
  );
  expect(new Set(tags).size).toBe(tags.length);
}

describe('the books', () => {
  it.each([
    ['orders that fill whole', {}],
    [
      'orders that fill in part, and a close that cancels',
      { largestFill: 2, closeCancelsOrders: true },
    ],
  ] as const)('hold for %s, whatever the requests', async (_name, options) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const truth = await play(steps, options);
        expect(truth.forgotten).toEqual({ orders: 0, fills: 0 });
        holdTheBooks(truth);
      }),
      { numRuns: 25 },
    );
  });

  it('hold whatever goes wrong with the requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(faultyStep, { minLength: 10, maxLength: 60 }), async (steps) => {
        const truth = await play(steps, { largestFill: 3 });
        expect(truth.forgotten).toEqual({ orders: 0, fills: 0 });
        holdTheBooks(truth);
      }),
      { numRuns: 25 },
    );
    expect(struck).toBeGreaterThan(25);
  });

  it('are the same for one seed and one manual clock', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30, size: 'max' }),
        fc.integer({ min: 0, max: 100 }),
        async (steps, seed) => {
          expect(await play(steps, { seed })).toEqual(await play(steps, { seed }));
        },
      ),
      { numRuns: 10 },
    );
  });
});
