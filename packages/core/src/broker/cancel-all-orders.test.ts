import { describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import { answered } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const limit = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 24_000 } as const;
const order = (orderId: string, tag?: string) =>
  testOrder({
    orderId: orderId as OrderId,
    clientOrderId: tag === undefined ? undefined : toClientOrderId(tag),
  });

async function withOpenOrders(foreign: boolean, lastLook: 'clean' | 'left' | 'down' = 'clean') {
  const journal = memoryJournal();
  const open = [
    order('1', 'mine'),
    order('2', `${journal.prefix}-from-an-earlier-process`),
    order('3', 'somebody'),
    order('4'),
  ];
  let looks = 0;
  const { broker, fast } = await scriptedBroker({
    journal,
    fast: (_, index) =>
      index === 0 ? answered({ is: 'accepted', orderId: '1' }) : answered({ is: 'accepted' }),
    adapter: {
      openOrders: () => {
        looks += 1;
        if (looks === 1) return open;
        if (lastLook === 'down') throw new Error('down');
        return lastLook === 'left'
          ? open
          : open.filter(({ orderId }) => !foreign && (orderId === '3' || orderId === '4'));
      },
      find: (sought) => ({
        is: 'found',
        order: { ...order(sought.by === 'order-id' ? sought.orderId : '1'), status: 'cancelled' },
      }),
    },
  });
  await broker.placeLimitOrder({ ...limit, clientOrderId: 'mine' });
  const report = await broker.cancelAllOrders({ foreign });
  const cancelled = fast.deliveries
    .slice(1)
    .map(({ request }) => (JSON.parse(request.body) as { orderId: string }).orderId);
  await broker.close();
  return { report, cancelled };
}

describe('cancelAllOrders', () => {
  it("cancels this bot's orders, those of an earlier process included, and nobody else's", async () => {
    const { report, cancelled } = await withOpenOrders(false);
    expect(cancelled.toSorted()).toEqual(['1', '2']);
    expect(report).toMatchObject({
      complete: true,
      orders: [{ kind: 'accepted', became: 'cancelled' }, { kind: 'accepted' }],
      left: { orders: [], positions: [], unread: undefined },
    });
  });

  it("cancels everybody's when told to", async () => {
    expect((await withOpenOrders(true)).cancelled.toSorted()).toEqual(['1', '2', '3', '4']);
  });

  it('is incomplete when the last look shows something left, or is not to be had', async () => {
    expect((await withOpenOrders(false, 'left')).report).toMatchObject({
      complete: false,
      left: { orders: [{ orderId: '1' }, { orderId: '2' }] },
    });
    expect((await withOpenOrders(false, 'down')).report).toMatchObject({
      complete: false,
      left: { unread: 'down' },
    });
  });

  it('waits for a place on its way, and cancels it', async () => {
    let answer = (): void => undefined;
    const { broker, fast } = await scriptedBroker({
      fast: (_, index) =>
        index === 0
          ? new Promise(
              (resolve) =>
                void (answer = () => resolve(answered({ is: 'accepted', orderId: '9' }))),
            )
          : answered({ is: 'accepted' }),
      adapter: {
        find: () => ({ is: 'found', order: { ...order('9', 'entry'), status: 'cancelled' } }),
      },
    });
    const placing = broker.placeLimitOrder({ ...limit, clientOrderId: 'entry' });
    const cancelling = broker.cancelAllOrders();
    await new Promise(setImmediate);
    answer();
    expect(await cancelling).toMatchObject({
      complete: true,
      orders: [{ kind: 'accepted', orderId: '9' }],
    });
    expect((await placing).kind).toBe('accepted');
    expect(fast.deliveries).toHaveLength(2);
    await broker.close();
  });
});
