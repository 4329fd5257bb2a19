import { describe, expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import type { OrderStatus } from '../order.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import { answered, silent } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const ambiguous = (code: string) =>
  answered({ is: 'ambiguous', code, message: 'Scripted.', arrived: false });

describe('invariant 3: unknown is not failed', () => {
  it.each([
    ['no answer', silent('TIMEOUT'), 'NO_ANSWER'],
    ['a reset', silent('RESET', 'maybe'), 'CONNECTION_RESET'],
    ['a closed connection', silent('CLOSED'), 'CONNECTION_CLOSED'],
    ['a 5xx', ambiguous('VENUE_STATUS'), 'VENUE_STATUS'],
    ['an unreadable answer', ambiguous('ANSWER_UNREADABLE'), 'ANSWER_UNREADABLE'],
    ['"pending"', ambiguous('VENUE_PENDING'), 'VENUE_PENDING'],
    ['a 429', answered({ is: 'throttled', retryAfterMs: 1000 }), 'THROTTLED'],
    ['success without an order id', answered({ is: 'accepted' }), 'ANSWER_UNREADABLE'],
  ])('%s is unknown, looked up once by its tag', async (_name, delivery, code) => {
    const { broker, adapter } = await scriptedBroker({ fast: () => delivery });
    const outcome = await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' });
    expect(outcome).toMatchObject({
      kind: 'unknown',
      final: false,
      code,
      retry: 'same-id',
      deliveries: 1,
    });
    expect(adapter.lookups).toEqual([
      { by: 'client-order-id', clientOrderId: 'entry-1', since: expect.any(Number) },
    ]);
    await broker.close();
  });

  it.each<[OrderStatus, string]>([
    ['working', 'accepted'],
    ['filled', 'accepted'],
    ['cancelled', 'accepted'],
    ['expired', 'accepted'],
    ['suspended', 'accepted'],
    ['cancelling', 'accepted'],
    ['rejected', 'rejected'],
    ['pending', 'unknown'],
    ['unknown', 'unknown'],
  ])('P21: a row that is %s makes it %s', async (status, kind) => {
    const order = testOrder({ status, clientOrderId: toClientOrderId('entry-1') });
    const { broker } = await scriptedBroker({
      fast: () => silent(),
      adapter: { find: () => ({ is: 'found', order }) },
    });
    const outcome = await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' });
    expect(outcome).toMatchObject(
      kind === 'accepted' ? { kind, recovered: true, orderId: order.orderId } : { kind },
    );
    await broker.close();
  });

  it('stays unknown when the venue can not be asked, even by an adapter that throws', async () => {
    const { broker } = await scriptedBroker({
      fast: () => silent(),
      adapter: { find: () => Promise.reject(new Error('down')) },
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'unknown', final: false });
    await broker.close();
  });

  it('can be logged, cloned and sent on, and its end never rejects', async () => {
    const { broker } = await scriptedBroker({ fast: () => silent() });
    const resolvedEvents: unknown[] = [];
    broker.on('order.resolved', (outcome) => resolvedEvents.push(outcome));
    const outcome = await broker.placeMarketOrder(market);
    if (outcome.kind !== 'unknown' || outcome.final) throw new Error(`is ${outcome.kind}`);
    expect(JSON.parse(JSON.stringify(outcome))).toMatchObject({
      kind: 'unknown',
      code: 'NO_ANSWER',
    });
    expect(structuredClone(outcome)).toMatchObject({ kind: 'unknown' });
    await broker.close();
    const end = await outcome.resolved;
    expect(end).toMatchObject({ kind: 'unknown', final: true, code: 'CLOSED' });
    expect(resolvedEvents).toEqual([end]);
  });

  it('gives a second call with the same id the same unknown, and sends nothing again', async () => {
    const { broker, fast } = await scriptedBroker({ fast: () => silent() });
    const first = await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' });
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' })).toBe(first);
    expect(fast.deliveries).toHaveLength(1);
    await broker.close();
  });

  describe('the venue says that the id is in use', () => {
    const inUse = answered({
      is: 'client-order-id-in-use',
      message: 'Specified custom tag is already in use',
    });
    const now = Date.now();

    it('P16: with a minted id the row is ours', async () => {
      const order = testOrder({ status: 'filled', createdAt: now });
      const { broker } = await scriptedBroker({
        fast: () => inUse,
        adapter: { find: () => ({ is: 'found', order }) },
      });
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'accepted',
        recovered: true,
      });
      await broker.close();
    });

    it("P17: with the author's id a row of the same content is ours", async () => {
      const order = testOrder({ createdAt: now - 60_000 });
      const { broker } = await scriptedBroker({
        fast: () => inUse,
        adapter: { find: () => ({ is: 'found', order }) },
      });
      expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' })).toMatchObject({
        kind: 'accepted',
        recovered: true,
      });
      await broker.close();
    });

    it.each([
      ['another side', testOrder({ side: 'sell', createdAt: now })],
      ['another size', testOrder({ quantity: 3, createdAt: now })],
      ['another type', testOrder({ type: 'limit', limitPrice: 1, createdAt: now })],
      ['two hours old', testOrder({ createdAt: now - 7_200_000 })],
    ])("P17: a row of %s is somebody's, and is named", async (_name, order) => {
      const { broker } = await scriptedBroker({
        fast: () => inUse,
        adapter: { find: () => ({ is: 'found', order }) },
      });
      const outcome = await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' });
      expect(outcome).toMatchObject({
        kind: 'rejected',
        code: 'CLIENT_ORDER_ID_IN_USE',
        orderId: order.orderId,
        order,
      });
      await broker.close();
    });

    it('P16: not found stays unknown for good', async () => {
      const { broker } = await scriptedBroker({ fast: () => inUse });
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'unknown',
        final: true,
        code: 'IN_USE_NOT_FOUND',
        retry: 'no',
      });
      await broker.close();
    });
  });
});
