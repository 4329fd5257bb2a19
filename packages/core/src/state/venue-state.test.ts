import { afterEach, describe, expect, it } from 'vitest';
import type { Order } from '../order.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import { StateTrial, contractId, fill, id, position, settle } from '../testing/state-trial.ts';

const trial = new StateTrial();
afterEach(() => trial.end());

it('reads its first state with what is kept for getting out, and what a later gap hid with what is there for reads', async () => {
  const lanes: unknown[] = [];
  await trial.open({ positions: (lane) => (lanes.push(lane), []) });
  await trial.live();
  trial.gap();
  await trial.live();
  expect(lanes).toEqual(['close', 'read']);
});

describe('reads', () => {
  it('ask the venue until the stream is live and caught up, then answer from what it brought', async () => {
    let asked = 0;
    await trial.open({ openOrders: () => ((asked += 1), [testOrder()]) });
    await trial.scripted.broker.getOpenOrders();
    expect(asked).toBe(1);
    await trial.live();
    expect(asked).toBe(2);
    trial.bring({
      of: 'order',
      order: testOrder({ status: 'filled', filledQuantity: 1, updatedAt: 5 }),
    });
    expect(await trial.scripted.broker.getOpenOrders()).toEqual([]);
    expect(asked).toBe(2);
    await trial.scripted.broker.getOpenOrders({ fresh: true });
    expect(asked).toBe(3);
    trial.gap();
    await trial.scripted.broker.getOpenOrders();
    expect(asked).toBe(4);
  });

  it('show an order that was accepted before its first event came', async () => {
    await trial.open();
    await trial.live();
    await trial.scripted.broker.placeLimitOrder({
      symbol: 'MNQ',
      side: 'buy',
      quantity: 2,
      limitPrice: 100,
      clientOrderId: 'mine',
    });
    expect(await trial.scripted.broker.getOpenOrders()).toEqual([
      expect.objectContaining({
        orderId: '77',
        clientOrderId: 'mine',
        status: 'pending',
        quantity: 2,
        limitPrice: 100,
        foreign: false,
      }),
    ]);
    // By itself it is only what was asked for, so the venue is asked what became of it.
    expect(trial.scripted.adapter.lookups).toEqual([]);
    await trial.scripted.broker.getOrder({ clientOrderId: 'mine' });
    expect(trial.scripted.adapter.lookups).toEqual([{ by: 'order-id', orderId: '77' }]);
    trial.bring({
      of: 'order',
      order: testOrder({
        orderId: id('77'),
        clientOrderId: 'mine' as Order['clientOrderId'],
        status: 'working',
        updatedAt: 1,
        limitPrice: 100,
        quantity: 2,
      }),
    });
    expect(await trial.scripted.broker.getOrder({ clientOrderId: 'MINE' })).toMatchObject({
      status: 'working',
      foreign: false,
    });
  });

  it('label the orders of others, and ask the venue for what they do not know', async () => {
    await trial.open({
      find: () => ({ is: 'found', order: testOrder({ orderId: id('9'), status: 'cancelled' }) }),
    });
    await trial.live();
    trial.bring({ of: 'order', order: testOrder({ orderId: id('8'), updatedAt: 1 }) });
    expect(await trial.scripted.broker.getOrder({ orderId: '8' })).toMatchObject({ foreign: true });
    expect(await trial.scripted.broker.getOrder({ orderId: '9' })).toMatchObject({
      status: 'cancelled',
      foreign: true,
    });
    expect(trial.scripted.adapter.lookups).toEqual([{ by: 'order-id', orderId: '9' }]);
  });
});

describe('events', () => {
  it('tell of each change and each fill once, a fill before its order included', async () => {
    await trial.open();
    await trial.live();
    trial.told = [];
    trial.bring({ of: 'trade', trade: fill('t1', '5', trial.clock.now()) });
    expect(trial.told).toEqual([]);
    const order = testOrder({
      orderId: id('5'),
      status: 'filled',
      filledQuantity: 1,
      averagePrice: 100,
      updatedAt: 3,
    });
    for (let count = 0; count < 2; count += 1) {
      trial.bring({ of: 'order', order });
      trial.bring({ of: 'trade', trade: fill('t1', '5', trial.clock.now()) });
      trial.bring({ of: 'position', contractId, position: position(1), asOf: trial.clock.now() });
    }
    expect(trial.namesTold()).toEqual(['order.updated', 'order.filled', 'position.updated']);
    expect(trial.told[1]?.[1]).toMatchObject({
      order: {
        orderId: '5',
        foreign: true,
        fills: { quantity: 1, averagePrice: 100, fees: 0.5, profitAndLoss: 0 },
      },
      trade: { tradeId: 't1' },
    });
    expect(await trial.scripted.broker.getOrder({ orderId: '5' })).toMatchObject({
      fills: { quantity: 1, fees: 0.5 },
    });
    trial.bring({ of: 'position', contractId, position: undefined, asOf: trial.clock.now() });
    expect(trial.told.at(-1)).toEqual([
      'position.updated',
      { contractId, position: undefined, asOf: trial.clock.now() },
    ]);
  });

  it('pass on rolls, failed sessions and the market stream', async () => {
    await trial.open();
    const [from, to] = [
      testContract({ root: 'MNQ' }),
      testContract({ root: 'MNQ', name: 'MNQH7' }),
    ];
    trial.bring({ of: 'roll', from, to });
    trial.bring({ of: 'session-failed', message: 'no' });
    trial.bring({ of: 'stream-gap', stream: 'market', at: 1, because: 'cut' });
    expect(trial.told).toEqual([
      ['contract.rolled', { from, to }],
      ['session.failed', { message: 'no' }],
      ['stream.gap', { stream: 'market', at: 1, because: 'cut' }],
    ]);
  });
});

describe('waitForFill', () => {
  it('gives the order once it is filled, told by the stream', async () => {
    await trial.open();
    await trial.live();
    await trial.scripted.broker.placeMarketOrder({
      symbol: 'MNQ',
      side: 'buy',
      quantity: 1,
      clientOrderId: 'w',
    });
    const waiting = trial.scripted.broker.waitForFill({ clientOrderId: 'w' }, { timeoutMs: 5000 });
    trial.bring({
      of: 'order',
      order: testOrder({ orderId: id('77'), status: 'working', updatedAt: 1 }),
    });
    trial.bring({
      of: 'order',
      order: testOrder({
        orderId: id('77'),
        status: 'filled',
        filledQuantity: 1,
        averagePrice: 101,
        updatedAt: 2,
      }),
    });
    expect(await waiting).toMatchObject({ status: 'filled', averagePrice: 101, foreign: false });
  });

  it('gives an order that ended otherwise, too', async () => {
    await trial.open();
    await trial.live();
    trial.bring({
      of: 'order',
      order: testOrder({ orderId: id('5'), status: 'cancelled', updatedAt: 1 }),
    });
    expect(
      await trial.scripted.broker.waitForFill({ orderId: '5' }, { timeoutMs: 5000 }),
    ).toMatchObject({
      status: 'cancelled',
    });
  });

  it('asks once a second where there is no stream', async () => {
    let filled = false;
    await trial.open({
      streams: false,
      find: () => ({
        is: 'found',
        order: testOrder({
          orderId: id('5'),
          status: filled ? 'filled' : 'working',
          filledQuantity: filled ? 1 : 0,
          updatedAt: filled ? 2 : 1,
        }),
      }),
    });
    const waiting = trial.scripted.broker.waitForFill({ orderId: '5' }, { timeoutMs: 5000 });
    await settle();
    filled = true;
    trial.clock.advance(1000);
    await settle();
    expect(await waiting).toMatchObject({ status: 'filled' });
    expect(trial.scripted.adapter.lookups).toHaveLength(2);
  });

  it('says what it knew when the time is over, and names a wrong time-out', async () => {
    await trial.open();
    await trial.live();
    trial.bring({
      of: 'order',
      order: testOrder({
        orderId: id('5'),
        quantity: 3,
        filledQuantity: 1,
        status: 'working',
        updatedAt: 1,
      }),
    });
    const waiting = trial.scripted.broker.waitForFill({ orderId: '5' }, { timeoutMs: 5000 });
    await settle();
    trial.clock.advance(5000);
    await expect(waiting).rejects.toMatchObject({
      code: 'NOT_IN_TIME',
      message: 'The order had not ended after 5000 ms: it is working, 1 of 3 filled.',
    });
    await expect(
      trial.scripted.broker.waitForFill({ orderId: '5' }, { timeoutMs: 0 }),
    ).rejects.toThrow(/timeoutMs: is 0/);
  });
});
