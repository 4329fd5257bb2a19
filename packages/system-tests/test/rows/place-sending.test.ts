import type { ExecutorPlugin } from '@hotpath/core';
import { afterEach, describe, expect, it } from 'vitest';
import { httpAnswer, startLossyProxy } from '../lossy-proxy.ts';
import type { Key, RowOptions, RowWorld } from './row-world.ts';
import { endOf, executors, market, orderIdOf, resting, rowWorld } from './row-world.ts';

let row: RowWorld;
afterEach(() => row.close());
async function start(first: Key, options?: RowOptions): Promise<void> {
  row = await rowWorld(first, options);
}
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);

describe.each(executors)('over %s first: what is known before an order leaves', (first) => {
  it('P00 a known client order id gets its own outcome before any other check', async () => {
    await start(first);
    const placed = await during(
      row.broker.placeLimitOrder({ ...resting, clientOrderId: 'Entry-1' }),
    );
    await during(row.broker.halt());
    const requests = row.requests('Order/place');
    const again = await during(
      row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' }),
    );
    expect(again).toMatchObject({ kind: 'accepted', orderId: orderIdOf(placed) });
    expect(row.requests('Order/place')).toBe(requests);
  });

  it('P00 a known client order id gets its own outcome before any other check: one that was never sent is free', async () => {
    await start(first);
    const aborted = { ...resting, clientOrderId: 'entry-1' };
    expect(
      await during(row.broker.placeLimitOrder({ ...aborted, signal: AbortSignal.abort() })),
    ).toMatchObject({ kind: 'not-sent', code: 'ABORTED' });
    expect(await during(row.broker.placeLimitOrder(aborted))).toMatchObject({
      kind: 'accepted',
      clientOrderId: 'entry-1',
    });
    expect(row.orders().map(({ customTag }) => customTag)).toEqual(['entry-1']);
  });

  it('P01 what is wrong with an order is said before anything leaves', async () => {
    await start(first, {
      broker: {
        limits: {
          maxContracts: 2,
          tradingHours: { from: '08:00', to: '10:00', timeZone: 'America/Chicago' },
        },
      },
    });
    expect(
      await during(row.broker.placeLimitOrder({ ...market, limitPrice: 20_000.1 })),
    ).toMatchObject({
      kind: 'not-sent',
      code: 'INVALID_ORDER',
      field: 'limitPrice',
      deliveries: 0,
    });
    expect(await during(row.broker.placeMarketOrder({ ...market, quantity: 3 }))).toMatchObject({
      kind: 'not-sent',
      code: 'LIMIT_EXCEEDED',
      field: 'limits.maxContracts',
      deliveries: 0,
    });
    await row.world.pass(2 * 3_600_000, 600_000);
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'LIMIT_EXCEEDED',
      field: 'limits.tradingHours',
      deliveries: 0,
    });
    await during(row.broker.halt());
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'HALTED',
      deliveries: 0,
    });
    expect(row.requests('Order/place')).toBe(0);
  });

  it('P02 an order for which the rate budget has no room is not sent', async () => {
    await start(first, { adapter: { rateLimit: { requests: 60, windowMs: 60_000, reserve: 20 } } });
    const placed = await during(row.broker.placeLimitOrder(resting));
    let last = placed;
    for (let count = 0; count < 60 && last.kind === 'accepted'; count += 1)
      last = await during(row.broker.placeLimitOrder(resting));
    const sent = row.requests('Order/place');
    expect(last).toMatchObject({
      kind: 'not-sent',
      code: 'BUDGET_EXHAUSTED',
      retry: 'new-id',
      deliveries: 0,
    });
    expect(last.kind === 'not-sent' && last.retryAfterMs).toBeGreaterThan(0);
    expect(row.orders()).toHaveLength(sent);
    // What gets out of the market has room kept for it.
    expect(await during(row.broker.cancelOrder({ orderId: orderIdOf(placed) }))).toMatchObject({
      kind: 'accepted',
      became: 'cancelled',
    });
  });

  it('P03 an order whose deadline passed or whose signal was aborted before its first byte is not sent', async () => {
    await start(first);
    expect(
      await during(row.broker.placeMarketOrder({ ...market, signal: AbortSignal.abort() })),
    ).toMatchObject({ kind: 'not-sent', code: 'ABORTED', deliveries: 0 });
    // The first delivery is refused unexecuted; the token for the second one comes too late.
    row.world.gateway.revokeTokens();
    row.world.gateway.faults.add({
      endpoint: 'Auth/loginKey',
      fault: { kind: 'stall', at: 'before-accepting', forMs: 1_000 },
    });
    expect(await during(row.broker.placeMarketOrder({ ...market, deadlineMs: 300 }))).toMatchObject(
      { kind: 'not-sent', code: 'DEADLINE_PASSED', deliveries: 1 },
    );
    await row.world.pass(2_000, 100);
    expect(row.orders()).toEqual([]);
    expect(row.requests('Order/place')).toBe(1);
  });
});

describe.each(executors)('over %s first: how far it got', (first) => {
  it('P04 an attempt that wrote no byte is taken over by another executor', async () => {
    // The executor that is tried first has a way of its own to the gateway, which ends.
    await start(first);
    const away = await startLossyProxy(row.world.gateway);
    const detour = (plugin: ExecutorPlugin): ExecutorPlugin => ({
      ...plugin,
      setup: (context) =>
        plugin.setup({ ...context, endpoint: { ...context.endpoint, origin: new URL(away.url) } }),
    });
    const own = row.world.executors();
    const broker = await row.connect({ executors: { ...own, [first]: detour(own[first]) } });
    const taken: unknown[] = [];
    broker.on('executor.fallback', ({ from, to }) => void taken.push([from, to]));
    await away.close();
    await row.world.pass(100, 50);
    const other = first === 'fast' ? 'fallback' : 'fast';
    const outcome = await during(broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' }));
    expect(outcome).toMatchObject({ kind: 'accepted', executor: other });
    expect(taken).toEqual(outcome.deliveries === 2 ? [[first, other]] : []);
    expect(row.orders().map(({ customTag }) => customTag)).toEqual(['entry-1']);
  });

  it('P04 an attempt that wrote no byte is taken over by another executor: with none left it is not sent', async () => {
    await start(first);
    await row.proxy.close();
    await row.world.pass(100, 50);
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'UNREACHABLE',
      retry: 'new-id',
    });
    expect(row.orders()).toEqual([]);
  });

  it('P05 a connection that died after its write leaves the order unknown', async () => {
    await start(first);
    row.proxy.lose({ when: '/api/Order/place', lose: 'request' });
    const outcome = await during(
      row.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' }),
    );
    expect(outcome).toMatchObject({
      kind: 'unknown',
      final: false,
      retry: 'same-id',
      deliveries: 1,
    });
    expect(await during(endOf(outcome))).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'ABSENT',
    });
    expect(row.proxy.count('/api/Order/place')).toBe(1);
  });

  it.each([
    ['reset', { kind: 'reset', at: 'after-accepting' }],
    ['reset in the middle of the answer', { kind: 'reset', at: 'mid-answer' }],
  ] as const)(
    'P06 a connection that ended before the answer leaves the order unknown until the venue shows it: %s',
    async (_how, fault) => {
      await start(first, { stream: false });
      row.world.gateway.faults.add({ endpoint: 'Order/place', fault });
      expect(
        await during(row.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' })),
      ).toMatchObject({ kind: 'accepted', recovered: true, deliveries: 1 });
      expect(row.orders().map(({ customTag }) => customTag)).toEqual(['entry-1']);
      expect(row.proxy.count('/api/Order/place')).toBe(1);
    },
  );

  it('P06 a connection that ended before the answer leaves the order unknown until the venue shows it: ended in good order', async () => {
    await start(first, { stream: false });
    row.proxy.lose({ when: '/api/Order/place', lose: 'end' });
    expect(
      await during(row.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' })),
    ).toMatchObject({ kind: 'accepted', recovered: true, deliveries: 1 });
    expect(row.proxy.count('/api/Order/place')).toBe(1);
  });

  it('P07 no answer after the request was written is unknown', async () => {
    await start(first, { stream: false });
    row.proxy.lose({ when: '/api/Order/place', lose: 'held' });
    const resets = row.proxy.resets;
    const outcome = await during(
      row.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' }),
    );
    expect(outcome).toMatchObject({
      kind: 'unknown',
      code: 'NO_ANSWER',
      final: false,
      retry: 'same-id',
      deliveries: 1,
    });
    // The connection is reset, not ended: what its kernel still holds is thrown away.
    await row.until(() => row.proxy.resets > resets, 5_000);
    expect(await during(endOf(outcome))).toMatchObject({ code: 'ABSENT', retry: 'same-id' });
    expect(row.orders()).toEqual([]);
    // Nothing waits behind it.
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'accepted',
      deliveries: 1,
    });
  });

  it('P07 no answer after the request was written is unknown: looked for twice in vain, it is sent once more under its id', async () => {
    await start(first, { stream: false, broker: { settleMs: 15_000 } });
    row.proxy.lose({ when: '/api/Order/place', lose: 'held' });
    const outcome = await during(
      row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' }),
    );
    expect(await during(endOf(outcome))).toMatchObject({ kind: 'accepted', deliveries: 2 });
    expect(row.orders().map(({ customTag }) => customTag)).toEqual(['entry-1']);
    // What the first attempt reached meets the tag rule.
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 3_800, answer: 'reset' },
    });
    const late = await during(
      row.broker.placeLimitOrder({ ...resting, limitPrice: 20_001, clientOrderId: 'entry-2' }),
    );
    expect(await during(endOf(late))).toMatchObject({ kind: 'accepted' });
    await row.world.pass(10_000, 250);
    expect(row.orders().map(({ customTag }) => customTag)).toEqual(['entry-1', 'entry-2']);
  });

  it('P07 no answer after the request was written is unknown: a late answer counts like any other', async () => {
    await start(first, { stream: false });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'stall', at: 'before-accepting', forMs: 700 },
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'accepted',
      deliveries: 1,
    });
    expect(row.orders()).toHaveLength(1);
  });

  it('P08 an answer of success with an order id is accepted', async () => {
    await start(first, { stream: false });
    const outcome = await during(
      row.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' }),
    );
    expect(outcome).toMatchObject({
      kind: 'accepted',
      executor: first,
      deliveries: 1,
      recovered: false,
    });
    expect(row.orders().map(({ id, customTag }) => [String(id), customTag])).toEqual([
      [orderIdOf(outcome), 'entry-1'],
    ]);
  });

  it('P09 an answer of success without a usable order id is evidence of arrival, and the order is looked up', async () => {
    await start(first, { stream: false });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'body', form: 'missing-payload' },
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'accepted',
      recovered: true,
      orderId: String(row.orders()[0]?.id),
    });
    // One that never shows is not called absent: the venue has said that it has it.
    row.proxy.lose({
      when: '/api/Order/place',
      lose: 'request',
      instead: httpAnswer({ orderId: null, success: true, errorCode: 0, errorMessage: null }),
    });
    expect(
      await during(row.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-2' })),
    ).toMatchObject({ kind: 'unknown', final: false });
    await row.world.pass(10_000, 250);
    expect(row.broker.getIntent('entry-2')?.outcome).toMatchObject({
      kind: 'unknown',
      final: false,
    });
  });
});
