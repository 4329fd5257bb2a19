import { describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { Finding } from '../finding.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import { answered, silent } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const limit = { symbol: 'MNQ', side: 'buy', quantity: 2, limitPrice: 24000 } as const;
const orderId = '3400000001' as OrderId;
const placed = answered({ is: 'accepted', orderId });
const done = answered({ is: 'accepted' });
const disputed = answered({ is: 'disputed', venueCode: 2, message: 'Order not found' });
const found = (order: Parameters<typeof testOrder>[0]): Finding => ({
  is: 'found',
  order: testOrder({ orderId, type: 'limit', quantity: 2, limitPrice: 24000, ...order }),
});
const nothing: Finding = { is: 'not-found' };
const unreachable: Finding = { is: 'unreachable', message: 'down' };

async function afterPlacing(second: ReturnType<typeof answered>, finding: Finding) {
  const scripted = await scriptedBroker({
    fast: (_, index) => (index === 0 ? placed : second),
    adapter: { find: () => finding },
  });
  await scripted.broker.placeLimitOrder({ ...limit, clientOrderId: 'entry-1' });
  return scripted;
}

describe('invariant 8: modify, cancel and close have outcomes too', () => {
  it.each([
    [
      'C01: cancelled',
      done,
      found({ status: 'cancelled', filledQuantity: 1 }),
      { kind: 'accepted', became: 'cancelled', filledQuantity: 1, remainingQuantity: 1 },
    ],
    [
      'C01: the fill won',
      done,
      found({ status: 'filled', filledQuantity: 2 }),
      { kind: 'accepted', became: 'filled', filledQuantity: 2, remainingQuantity: 0 },
    ],
    [
      'C01: not seen to end',
      done,
      found({ status: 'working' }),
      { kind: 'unknown', code: 'NOT_CONFIRMED' },
    ],
    [
      'C02: was filled',
      disputed,
      found({ status: 'filled', filledQuantity: 2 }),
      { kind: 'accepted', became: 'filled' },
    ],
    [
      'C02: had expired',
      disputed,
      found({ status: 'expired' }),
      { kind: 'accepted', became: 'already-final' },
    ],
    [
      'C02: still working',
      disputed,
      found({ status: 'working' }),
      { kind: 'rejected', code: 'STILL_WORKING', venueCode: 2 },
    ],
    ['C02: nowhere', disputed, nothing, { kind: 'unknown' }],
    [
      'C03: no answer, cancelled',
      silent(),
      found({ status: 'cancelled' }),
      { kind: 'accepted', became: 'cancelled' },
    ],
    [
      'C03: no answer, still working',
      silent(),
      found({ status: 'working' }),
      { kind: 'unknown', code: 'NO_ANSWER' },
    ],
    ['C03: no answer, venue away', silent(), unreachable, { kind: 'unknown', code: 'NO_ANSWER' }],
  ])('a cancel tells what became of the order (%s)', async (_name, delivery, finding, expected) => {
    const { broker, fast } = await afterPlacing(delivery, finding);
    expect(await broker.cancelOrder({ clientOrderId: 'entry-1' })).toMatchObject({
      operation: 'cancel',
      clientOrderId: 'entry-1',
      ...expected,
    });
    expect(fast.deliveries[1]?.request.body).toBe(JSON.stringify({ operation: 'cancel', orderId }));
    await broker.close();
  });

  it.each([
    ['M01: done', done, nothing, { kind: 'accepted', recovered: false }],
    [
      'M02: was filled',
      disputed,
      found({ status: 'filled' }),
      { kind: 'rejected', code: 'ALREADY_FINAL', retry: 'no' },
    ],
    ['M02: not found', disputed, nothing, { kind: 'rejected', code: 'ORDER_NOT_FOUND' }],
    [
      'M03: refused',
      answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 3, message: 'Invalid price' }),
      nothing,
      { kind: 'rejected', venueCode: 3 },
    ],
    [
      'M04: no answer, new price',
      silent(),
      found({ status: 'working', limitPrice: 24001 }),
      { kind: 'accepted', recovered: true },
    ],
    [
      'M04: no answer, old price',
      silent(),
      found({ status: 'working' }),
      { kind: 'unknown', code: 'NO_ANSWER' },
    ],
    [
      'M04: no answer, filled at the old price',
      silent(),
      found({ status: 'filled' }),
      { kind: 'rejected', code: 'ALREADY_FINAL' },
    ],
    [
      'M04: no answer, cancelled with the new price',
      silent(),
      found({ status: 'cancelled', limitPrice: 24001 }),
      { kind: 'accepted', recovered: true },
    ],
  ])(
    'a modify is looked at where the answer does not say (%s)',
    async (_name, delivery, finding, expected) => {
      const { broker, fast } = await afterPlacing(delivery, finding);
      expect(await broker.modifyOrder({ orderId, limitPrice: 24001 })).toMatchObject({
        operation: 'modify',
        clientOrderId: 'entry-1',
        ...expected,
      });
      expect(fast.deliveries[1]?.request.body).toBe(
        JSON.stringify({ operation: 'modify', orderId, change: { limitPrice: 24001 } }),
      );
      await broker.close();
    },
  );

  it.each([
    ['its own event is still to come', [], 1],
    ['its event has come, and the list is behind', [{ limitPrice: 24001, updatedAt: 2 }], 1],
  ] as const)(
    'M04: a modify back to the values of before is not taken for done by a row from before the one between: %s',
    async (_name, events, listed) => {
      const { broker, adapter } = await scriptedBroker({
        fast: (_, index) => [placed, done][index] ?? silent(),
        adapter: { streams: true, find: () => found({ status: 'working', updatedAt: listed }) },
      });
      const bring = (fields: Parameters<typeof testOrder>[0]): void =>
        adapter.context?.evidence({
          of: 'order',
          order: testOrder({
            orderId,
            type: 'limit',
            quantity: 2,
            limitPrice: 24000,
            status: 'working',
            updatedAt: 1,
            ...fields,
          }),
        });
      await broker.placeLimitOrder({ ...limit, clientOrderId: 'entry-1' });
      bring({});
      expect(await broker.modifyOrder({ orderId, limitPrice: 24001 })).toMatchObject({
        kind: 'accepted',
        recovered: false,
      });
      for (const event of events) bring(event);
      expect(await broker.modifyOrder({ orderId, limitPrice: 24000 })).toMatchObject({
        kind: 'unknown',
        final: false,
      });
      await broker.close();
    },
  );

  it('M04: a modify that nobody answers is done where the order has ended with its values, though it was known to have them', async () => {
    const { broker, adapter } = await scriptedBroker({
      fast: (_, index) => (index === 0 ? placed : silent()),
      adapter: {
        streams: true,
        find: () => found({ status: 'cancelled', limitPrice: 24001, updatedAt: 2 }),
      },
    });
    await broker.placeLimitOrder({ ...limit, clientOrderId: 'entry-1' });
    adapter.context?.evidence({
      of: 'order',
      order: testOrder({
        orderId,
        type: 'limit',
        quantity: 2,
        limitPrice: 24001,
        status: 'cancelled',
        updatedAt: 2,
      }),
    });
    expect(await broker.modifyOrder({ orderId, limitPrice: 24001 })).toMatchObject({
      kind: 'accepted',
      recovered: true,
    });
    await broker.close();
  });

  it('goes to the executor that placed the order', async () => {
    const { broker, fast, fallback } = await scriptedBroker({
      routing: {
        version: 1,
        salt: 'test',
        default: { fast: 0, fallback: 100 },
        rules: [{ match: { strategy: 'orb' }, weights: { fast: 100 } }],
      },
      fast: (_, index) => (index === 0 ? placed : done),
      fallback: () => done,
      adapter: { find: () => found({ status: 'cancelled' }) },
    });
    await broker.placeLimitOrder({ ...limit, strategy: 'orb' });
    expect(await broker.modifyOrder({ orderId, limitPrice: 24001 })).toMatchObject({
      executor: 'fast',
    });
    expect(await broker.cancelOrder({ orderId })).toMatchObject({ executor: 'fast' });
    expect(await broker.cancelOrder({ orderId: '99' })).toMatchObject({ executor: 'fallback' });
    expect([fast.deliveries.length, fallback.deliveries.length]).toEqual([3, 1]);
    await broker.close();
  });

  it('a cancel of a place that was never sent is not sent either', async () => {
    const { broker } = await scriptedBroker({
      fast: () => answered({ is: 'unauthorized' }, 401),
      adapter: { renewAuthorization: () => Promise.reject(new Error('no')) },
    });
    const placing = broker.placeLimitOrder({ ...limit, clientOrderId: 'entry-1' });
    expect(await broker.cancelOrder({ clientOrderId: 'entry-1' })).toMatchObject({
      kind: 'not-sent',
      code: 'ORDER_NOT_FOUND',
    });
    expect((await placing).kind).toBe('not-sent');
    await broker.close();
  });

  it('a cancel waits for the order id of a place on its way', async () => {
    let answer = (): void => undefined;
    const { broker, fast } = await scriptedBroker({
      fast: (_, index) =>
        index === 0 ? new Promise((resolve) => void (answer = () => resolve(placed))) : done,
      adapter: { find: () => found({ status: 'cancelled' }) },
    });
    const placing = broker.placeLimitOrder({ ...limit, clientOrderId: 'entry-1' });
    const cancelling = broker.cancelOrder({ clientOrderId: 'entry-1' });
    answer();
    expect(await cancelling).toMatchObject({ kind: 'accepted', became: 'cancelled' });
    expect((await placing).kind).toBe('accepted');
    expect(fast.deliveries).toHaveLength(2);
    await broker.close();
  });
});
