import { afterEach, describe, expect, it } from 'vitest';
import { startLossyProxy } from '../lossy-proxy.ts';
import type { ExecutorPlugin } from '@hotpath/core';
import type { Key, RowOptions, RowWorld } from './row-world.ts';
import { endOf, executors, orderIdOf, resting, rowWorld, times } from './row-world.ts';

let row: RowWorld;
afterEach(() => row.close());
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);
/** A broker with one order working. */
async function start(first: Key, options?: RowOptions): Promise<string> {
  row = await rowWorld(first, options);
  return orderIdOf(
    await during(row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' })),
  );
}
const refuse = (
  endpoint: string,
  errorCode: number,
  at: 'before-accepting' | 'after-accepting' = 'before-accepting',
): void =>
  void row.world.gateway.faults.add({
    endpoint,
    count: 1,
    fault: { kind: 'answer', errorCode, errorMessage: `code ${errorCode}`, at },
  });
const price = (): number | null | undefined => row.orders()[0]?.limitPrice;

describe.each(executors)('over %s first: modify', (first) => {
  it('M01 a modify that was answered as done is accepted', async () => {
    const orderId = await start(first, { stream: false });
    expect(
      await during(row.broker.modifyOrder({ orderId, limitPrice: 20_001, quantity: 2 })),
    ).toMatchObject({
      kind: 'accepted',
      orderId,
      executor: first,
      deliveries: 1,
      recovered: false,
    });
    expect(price()).toBe(20_001);
    expect(await during(row.broker.getOrder({ orderId }, { fresh: true }))).toMatchObject({
      limitPrice: 20_001,
      quantity: 2,
    });
  });

  it('M02 an order that the venue does not find for a modify is looked at', async () => {
    const orderId = await start(first);
    refuse('Order/modify', 2);
    expect(await during(row.broker.modifyOrder({ orderId, limitPrice: 20_001 }))).toMatchObject({
      kind: 'rejected',
      code: 'ORDER_NOT_FOUND',
      venueCode: 2,
    });
    await row.elsewhere('Order/cancel', { orderId: Number(orderId) });
    refuse('Order/modify', 2);
    expect(await during(row.broker.modifyOrder({ orderId, limitPrice: 20_001 }))).toMatchObject({
      kind: 'rejected',
      code: 'ALREADY_FINAL',
      order: { status: 'cancelled' },
      retry: 'no',
    });
  });

  it('M03 a definite refusal of a modify is rejected', async () => {
    const orderId = await start(first);
    for (const code of [1, 3, 6, 7]) {
      refuse('Order/modify', code);
      expect(await during(row.broker.modifyOrder({ orderId, limitPrice: 20_001 }))).toMatchObject({
        kind: 'rejected',
        venueCode: code,
        message: `code ${code}`,
        deliveries: 1,
      });
    }
    expect(price()).toBe(20_000);
  });

  it('M04 a modify that nobody knows the end of is looked up: done', async () => {
    const orderId = await start(first, { stream: false });
    const faults = [
      { kind: 'answer', errorCode: 4, at: 'after-accepting' },
      { kind: 'reset', at: 'after-accepting' },
      { kind: 'status', status: 502, at: 'after-accepting' },
      { kind: 'status', status: 429, at: 'after-accepting' },
      { kind: 'body', form: 'html' },
    ] as const;
    for (const [index, fault] of faults.entries()) {
      row.world.gateway.faults.add({ endpoint: 'Order/modify', count: 1, fault });
      expect(
        await during(row.broker.modifyOrder({ orderId, limitPrice: 20_001 + index })),
      ).toMatchObject({ kind: 'accepted', recovered: true });
      expect(price()).toBe(20_001 + index);
    }
  });

  it('M04 a modify that nobody knows the end of is looked up: unchanged, it is sent again', async () => {
    const orderId = await start(first, {
      stream: false,
      broker: { outcomeWithinMs: 12_000, settleMs: 15_000 },
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/modify',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(await during(row.broker.modifyOrder({ orderId, limitPrice: 20_001 }))).toMatchObject({
      kind: 'accepted',
      recovered: true,
    });
    expect(row.requests('Order/modify')).toBe(2);
    expect(price()).toBe(20_001);
  });

  it('M04 a modify that nobody knows the end of is looked up: final', async () => {
    const orderId = await start(first, { stream: false });
    await row.elsewhere('Order/cancel', { orderId: Number(orderId) });
    row.world.gateway.faults.add({
      endpoint: 'Order/modify',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(await during(row.broker.modifyOrder({ orderId, limitPrice: 20_001 }))).toMatchObject({
      kind: 'rejected',
      code: 'ALREADY_FINAL',
    });
  });

  it('M05 a modify that wrote no byte is taken over by another executor', async () => {
    await start(first);
    const away = await startLossyProxy(row.world.gateway);
    const detour = (plugin: ExecutorPlugin): ExecutorPlugin => ({
      ...plugin,
      setup: (context) =>
        plugin.setup({ ...context, endpoint: { ...context.endpoint, origin: new URL(away.url) } }),
    });
    const own = row.world.executors();
    const broker = await row.connect({ executors: { ...own, [first]: detour(own[first]) } });
    const orderId = orderIdOf(
      await during(broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-2' })),
    );
    await away.close();
    await row.world.pass(100, 50);
    expect(await during(broker.modifyOrder({ orderId, limitPrice: 20_001 }))).toMatchObject({
      kind: 'accepted',
      executor: first === 'fast' ? 'fallback' : 'fast',
    });
    expect(row.requests('Order/modify')).toBe(1);
  });

  it('M06 two modifies of one order leave one after the other', async () => {
    const orderId = await start(first, { stream: false });
    row.world.gateway.faults.add({
      endpoint: 'Order/modify',
      nth: 1,
      fault: { kind: 'delay', byMs: 400, answer: 'wait' },
    });
    const [one, two, three] = await during(
      Promise.all([
        row.broker.modifyOrder({ orderId, limitPrice: 20_001 }),
        row.broker.modifyOrder({ orderId, quantity: 2 }),
        row.broker.modifyOrder({ orderId, limitPrice: 20_003 }),
      ]),
    );
    expect([one, two, three]).toMatchObject([
      { kind: 'accepted' },
      { kind: 'not-sent', code: 'SUPERSEDED' },
      { kind: 'accepted' },
    ]);
    expect(row.requests('Order/modify')).toBe(2);
    expect(row.orders()).toMatchObject([{ limitPrice: 20_003, size: 2 }]);
  });
});

describe.each(executors)('over %s first: cancel', (first) => {
  it('C01 a cancel answered as done says what became of the order', async () => {
    const orderId = await start(first);
    expect(await during(row.broker.cancelOrder({ clientOrderId: 'Entry-1' }))).toMatchObject({
      kind: 'accepted',
      orderId,
      became: 'cancelled',
      filledQuantity: 0,
      remainingQuantity: 1,
      executor: first,
    });
  });

  it('C01 a cancel answered as done says what became of the order: nothing that shows it leaves it unknown', async () => {
    const orderId = await start(first, { stream: false });
    // The answer is the venue's, the order goes on.
    row.proxy.lose({
      when: '/api/Order/cancel',
      lose: 'request',
      instead:
        'HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"success":true,"errorCode":0,"errorMessage":null}',
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/cancel',
      fault: { kind: 'stall', at: 'before-accepting' },
    });
    const outcome = await during(row.broker.cancelOrder({ orderId }));
    expect(outcome).toMatchObject({ kind: 'unknown', final: false, code: 'NOT_CONFIRMED' });
  });

  it('C02 a refused cancel is rejected, and looked up where the order may be gone', async () => {
    const orderId = await start(first);
    for (const code of [1, 6]) {
      refuse('Order/cancel', code);
      expect(await during(row.broker.cancelOrder({ orderId }))).toMatchObject({
        kind: 'rejected',
        venueCode: code,
      });
    }
    for (const code of [2, 3]) {
      refuse('Order/cancel', code);
      expect(await during(row.broker.cancelOrder({ orderId }))).toMatchObject({
        kind: 'rejected',
        code: 'STILL_WORKING',
        venueCode: code,
      });
    }
    await row.elsewhere('Order/cancel', { orderId: Number(orderId) });
    refuse('Order/cancel', 2);
    expect(await during(row.broker.cancelOrder({ orderId }))).toMatchObject({
      kind: 'accepted',
      became: 'cancelled',
    });
    const filled = orderIdOf(
      await during(row.broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 2 })),
    );
    expect(await during(row.broker.cancelOrder({ orderId: filled }))).toMatchObject({
      kind: 'accepted',
      became: 'filled',
      filledQuantity: 2,
      remainingQuantity: 0,
    });
  });

  it('C03 a cancel that nobody knows the end of is looked up, and sent again while the order works', async () => {
    const orderId = await start(first, { stream: false, broker: { outcomeWithinMs: 12_000 } });
    row.world.gateway.faults.add({
      endpoint: 'Order/cancel',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(await during(row.broker.cancelOrder({ orderId }))).toMatchObject({
      kind: 'accepted',
      became: 'cancelled',
    });
    expect(row.requests('Order/cancel')).toBe(2);
    const second = orderIdOf(await during(row.broker.placeLimitOrder(resting)));
    row.world.gateway.faults.add({
      endpoint: 'Order/cancel',
      nth: 1,
      fault: { kind: 'status', status: 503, at: 'after-accepting' },
    });
    expect(await during(row.broker.cancelOrder({ orderId: second }))).toMatchObject({
      kind: 'accepted',
      became: 'cancelled',
    });
    expect(row.requests('Order/cancel')).toBe(3);
  });

  it('C04 a cancel of an order whose place is not settled takes the place back and waits for the order', async () => {
    row = await rowWorld(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 600, answer: 'wait' },
    });
    const placing = row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' });
    const cancelling = row.broker.cancelOrder({ clientOrderId: 'entry-1' });
    expect(await during(cancelling)).toMatchObject({ kind: 'accepted', became: 'cancelled' });
    expect(await during(placing)).toMatchObject({ kind: 'accepted' });
    expect(row.orders()).toMatchObject([{ status: 3, customTag: 'entry-1' }]);
  });

  it('C04 a cancel of an order whose place is not settled takes the place back and waits for the order: no further attempt starts', async () => {
    row = await rowWorld(first);
    row.world.gateway.revokeTokens();
    row.world.gateway.faults.add({
      endpoint: 'Auth/loginKey',
      fault: { kind: 'stall', at: 'before-accepting', forMs: 500 },
    });
    const placing = row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' });
    await row.world.pass(200, 50);
    const cancelling = row.broker.cancelOrder({ clientOrderId: 'entry-1' });
    expect(await during(placing)).toMatchObject({ kind: 'not-sent', code: 'WITHDRAWN' });
    expect(await during(cancelling)).toMatchObject({ kind: 'not-sent' });
    expect(row.orders()).toEqual([]);
  });

  it('C04 a cancel of an order whose place is not settled takes the place back and waits for the order: also after it was called absent', async () => {
    row = await rowWorld(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 8_000, answer: 'reset' },
    });
    const placing = row.broker.placeLimitOrder({
      ...resting,
      clientOrderId: 'entry-1',
      deadlineMs: 500,
    });
    const outcome = await during(row.broker.cancelOrder({ clientOrderId: 'entry-1' }));
    expect(await during(endOf(outcome))).toMatchObject({
      kind: 'unknown',
      code: 'ABSENT',
      operation: 'cancel',
    });
    expect(await during(endOf(await during(placing)))).toMatchObject({
      kind: 'unknown',
      code: 'ABSENT',
    });
    await row.until(() => row.orders()[0]?.status === 3, 8_000 + times.settleMs * 4);
    expect(row.of('order.contradicted')).toHaveLength(1);
  });
});
