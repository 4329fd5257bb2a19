import { describe, expect, it } from 'vitest';
import type { Delivery, FailureCode } from '../delivery.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { answered, notWritten, silent } from '../testing/scripted-executor.ts';
import type { ScriptedBroker, ScriptedBrokerOptions } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
let placed = 0;
const accepted = (): Delivery => answered({ is: 'accepted', orderId: String((placed += 1)) });

async function broker(options: ScriptedBrokerOptions): Promise<
  ScriptedBroker & {
    readonly heard: string[];
    readonly clock: ReturnType<typeof createManualClock>;
  }
> {
  const clock = createManualClock();
  const made = await scriptedBroker({
    clock,
    ...options,
    adapter: { probe: true, ...options.adapter },
  });
  const heard: string[] = [];
  made.broker.on('executor.tripped', ({ executor, operation }) =>
    heard.push(`${executor} ${operation} tripped`),
  );
  made.broker.on('executor.recovered', ({ executor, operation }) =>
    heard.push(`${executor} ${operation} recovered`),
  );
  return { ...made, heard, clock };
}

const isRead = (path: string): boolean => path === '/read';
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('health', () => {
  it.each<FailureCode>([
    'TIMEOUT',
    'RESET',
    'CLOSED',
    'ANSWER_INCOMPLETE',
    'ANSWER_UNREADABLE',
    'ANSWER_UNEXPECTED',
    'SECOND_REQUEST',
  ])(
    'counts %s after the write, and takes the executor out for that operation alone',
    async (code) => {
      const made = await broker({ fast: () => silent(code), fallback: accepted });
      for (let index = 0; index < 7; index += 1) await made.broker.placeMarketOrder(market);
      expect(made.heard).toEqual(['fast place tripped']);
      expect([made.fast.deliveries.length, made.fallback.deliveries.length]).toEqual([5, 2]);
      await made.broker.cancelOrder({ orderId: '77' });
      expect(made.fast.deliveries).toHaveLength(6);
      expect(made.broker.executors().fast.health).toMatchObject({
        place: { is: 'open', trips: 1 },
        cancel: { is: 'closed', failures: 1 },
      });
      await made.broker.close();
    },
  );

  it('counts failures before the first byte, and saves later orders the detour', async () => {
    const made = await broker({ fast: () => notWritten('REFUSED'), fallback: accepted });
    for (let index = 0; index < 7; index += 1)
      expect(await made.broker.placeMarketOrder(market)).toMatchObject({
        kind: 'accepted',
        executor: 'fallback',
      });
    expect([made.fast.deliveries.length, made.heard]).toEqual([5, ['fast place tripped']]);
    await made.broker.close();
  });

  it('counts deadlines that an executor missed', async () => {
    const made = await broker({ fast: () => notWritten('DEADLINE'), fallback: accepted });
    for (let index = 0; index < 5; index += 1)
      expect(await made.broker.placeMarketOrder(market)).toMatchObject({
        kind: 'not-sent',
        code: 'DEADLINE_PASSED',
      });
    expect(await made.broker.placeMarketOrder(market)).toMatchObject({ executor: 'fallback' });
    await made.broker.close();
  });

  it('counts an answer that can not be read', async () => {
    const made = await broker({
      fast: () =>
        answered({ is: 'ambiguous', code: 'ANSWER_UNREADABLE', message: '', arrived: false }),
      fallback: accepted,
    });
    for (let index = 0; index < 5; index += 1) await made.broker.placeMarketOrder(market);
    expect(made.heard).toEqual(['fast place tripped']);
    await made.broker.close();
  });

  it.each([
    ['a rejection', { is: 'refused', code: 'INSUFFICIENT_FUNDS', venueCode: 3, message: '' }],
    ['a dispute', { is: 'disputed', venueCode: 2, message: '' }],
    ['codes 6 and 7', { is: 'ambiguous', code: 'VENUE_PENDING', message: '', arrived: true }],
    ['a 5xx', { is: 'ambiguous', code: 'VENUE_STATUS', message: '', arrived: false }],
    ['a 429', { is: 'throttled', retryAfterMs: undefined }],
    ['a 401', { is: 'unauthorized' }],
    ['an id that is in use', { is: 'client-order-id-in-use', message: '' }],
  ])('never counts %s: it is a readable answer', async (_name, verdict) => {
    const made = await broker({ fast: () => answered(verdict), fallback: accepted });
    for (let index = 0; index < 30; index += 1) await made.broker.placeMarketOrder(market);
    expect(made.heard).toEqual([]);
    expect(made.broker.executors().fast.health.place).toMatchObject({ is: 'closed', failures: 0 });
    await made.broker.close();
  });

  it('never counts an abort, the budget, or an invalid order', async () => {
    const made = await broker({ fast: () => silent('ABORTED'), fallback: accepted });
    for (let index = 0; index < 30; index += 1) await made.broker.placeMarketOrder(market);
    for (let index = 0; index < 30; index += 1)
      await made.broker.placeMarketOrder({ ...market, quantity: 0 });
    expect(made.heard).toEqual([]);
    expect(made.broker.executors().fast.health).toEqual({});
    await made.broker.close();
  });

  it('counts what an executor holds back too long as failed', async () => {
    const late = { queued: 0, written: 1_500, firstByte: 1_600, end: 1_600 };
    const made = await broker({ fast: () => ({ ...accepted(), marks: late }), fallback: accepted });
    for (let index = 0; index < 6; index += 1) await made.broker.placeMarketOrder(market);
    expect(made.heard).toEqual(['fast place tripped']);
    await made.broker.close();
  });

  it('comes back by reads, never by orders, and waits longer each time they fail', async () => {
    let reads: 'fail' | 'answer' = 'fail';
    const made = await broker({
      fast: ({ request }) =>
        isRead(request.template.path) ? (reads === 'fail' ? silent() : answered({})) : silent(),
      fallback: accepted,
    });
    for (let index = 0; index < 5; index += 1) await made.broker.placeMarketOrder(market);
    const tried = (): number =>
      made.fast.deliveries.filter(({ request }) => isRead(request.template.path)).length;
    const pass = async (ms: number): Promise<void> => {
      made.clock.advance(ms);
      await settled();
    };
    await pass(4_999);
    expect(tried()).toBe(0);
    await pass(1);
    expect(tried()).toBe(1);
    await pass(9_999);
    expect(tried()).toBe(1);
    reads = 'answer';
    await pass(1);
    expect(made.broker.executors().fast.health.place).toMatchObject({
      is: 'half-open',
      goodProbes: 1,
      neededProbes: 2,
    });
    await pass(500);
    expect([tried(), made.heard]).toEqual([3, ['fast place tripped', 'fast place recovered']]);
    expect(
      made.fast.deliveries.filter(({ request }) => request.template.path === '/place'),
    ).toHaveLength(5);
    await made.broker.placeMarketOrder(market);
    expect(
      made.fast.deliveries.filter(({ request }) => request.template.path === '/place'),
    ).toHaveLength(6);
    await made.broker.close();
  });

  it('refuses entries and lets exits pass when every executor is tripped', async () => {
    const made = await broker({ fast: () => silent(), fallback: () => silent() });
    for (let index = 0; index < 10; index += 1) await made.broker.placeMarketOrder(market);
    for (let index = 0; index < 10; index += 1) await made.broker.cancelOrder({ orderId: '1' });
    expect(made.heard).toEqual([
      'fast place tripped',
      'fallback place tripped',
      'fast cancel tripped',
      'fallback cancel tripped',
    ]);
    const before = [made.fast.deliveries.length, made.fallback.deliveries.length];
    expect(await made.broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'EXECUTORS_TRIPPED',
      retry: 'new-id',
      deliveries: 0,
    });
    expect(await made.broker.cancelOrder({ orderId: '1' })).toMatchObject({
      kind: 'unknown',
      executor: 'fallback',
    });
    expect([made.fast.deliveries.length, made.fallback.deliveries.length]).toEqual([
      before[0],
      (before[1] ?? 0) + 1,
    ]);
    await made.broker.close();
  });

  it('does the opposite when told to', async () => {
    const made = await broker({
      fast: () => silent(),
      fallback: () => silent(),
      whenAllTripped: { entries: 'use-last', exits: 'refuse' },
    });
    for (let index = 0; index < 10; index += 1) await made.broker.placeMarketOrder(market);
    expect(await made.broker.placeMarketOrder(market)).toMatchObject({
      kind: 'unknown',
      executor: 'fallback',
    });
    for (let index = 0; index < 10; index += 1) await made.broker.cancelOrder({ orderId: '1' });
    expect(await made.broker.cancelOrder({ orderId: '1' })).toMatchObject({
      kind: 'not-sent',
      code: 'EXECUTORS_TRIPPED',
    });
    await made.broker.close();
  });

  it("an order's later operations leave an executor that is tripped for them", async () => {
    const made = await broker({
      fast: ({ request }) => (request.template.path === '/place' ? accepted() : silent()),
      fallback: accepted,
    });
    const order = await made.broker.placeMarketOrder(market);
    if (order.kind !== 'accepted') throw new Error(order.message);
    for (let index = 0; index < 5; index += 1)
      await made.broker.cancelOrder({ orderId: order.orderId });
    expect(await made.broker.cancelOrder({ orderId: order.orderId })).toMatchObject({
      executor: 'fallback',
    });
    await made.broker.close();
  });
});
