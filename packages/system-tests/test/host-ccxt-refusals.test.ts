import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { symbolOf, thrown } from './ccxt-on-gateway.ts';
import { CcxtTrial, ask, bid } from './ccxt-trial.ts';

const trial = new CcxtTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

describe("what does not come to be is one of ccxt's own errors", () => {
  it.each([
    [
      'an unknown parameter',
      () => trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1, bid, { leverage: 5 }),
      'NotSupported: params.leverage',
    ],
    [
      'a time in force',
      () => trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1, bid, { timeInForce: 'IOC' }),
      'NotSupported: params.timeInForce',
    ],
    [
      'post only',
      () => trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1, bid, { postOnly: true }),
      'NotSupported: params.postOnly',
    ],
    [
      'reduce only',
      () => trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1, bid, { reduceOnly: true }),
      'NotSupported: params.reduceOnly',
    ],
    [
      'a stop with a limit',
      () => trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1, bid, { triggerPrice: ask }),
      'NotSupported',
    ],
    [
      'a limit without a price',
      () => trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1),
      'ArgumentsRequired',
    ],
    [
      'half a contract',
      () => trial.exchange.createOrder(trial.MNQ, 'market', 'buy', 0.5),
      'InvalidOrder: INVALID_ORDER',
    ],
    [
      'a price off its tick',
      () => trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1, 24_000.1),
      'InvalidOrder: INVALID_ORDER',
    ],
    [
      'an unknown symbol',
      () => trial.exchange.createOrder('BTC/USDT', 'market', 'buy', 1),
      'BadSymbol',
    ],
    [
      'a symbol that is none',
      () => trial.exchange.fetchOpenOrders(5 as never),
      'BadSymbol: symbol is 5, must be',
    ],
    [
      'a close of no symbol',
      () => trial.exchange.closePosition(null as never),
      'BadSymbol: symbol is null, must be',
    ],
    [
      'a list that is none',
      () => trial.exchange.fetchPositions({} as never),
      'BadRequest: symbols is {}, must be',
    ],
    [
      'parameters that are none',
      () => trial.exchange.createOrder(trial.MNQ, 'market', 'buy', 1, undefined, null as never),
      'BadRequest: params is null, must be an object',
    ],
    [
      'a number too large to be shown',
      () => trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1, 10n as never),
      'InvalidOrder: price is of type bigint',
    ],
    ['an unknown order', () => trial.exchange.fetchOrder('99', trial.MNQ), 'OrderNotFound'],
    [
      'a target on the wrong side',
      () =>
        trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1, bid, {
          takeProfit: { triggerPrice: bid - 10 },
        }),
      'InvalidOrder: params.takeProfit',
    ],
    [
      'two trigger prices',
      () =>
        trial.exchange.createOrder(trial.MNQ, 'market', 'buy', 1, undefined, {
          triggerPrice: ask + 10,
          stopLossPrice: ask + 20,
        }),
      'NotSupported: params.stopLossPrice',
    ],
    [
      'a trail that begins at a price',
      () =>
        trial.exchange.createOrder(trial.MNQ, 'market', 'sell', 1, undefined, {
          trailingAmount: 10,
          trailingTriggerPrice: bid - 10,
        }),
      'NotSupported: params.trailingAmount',
    ],
    [
      'a stop that trails',
      () =>
        trial.exchange.createOrder(trial.MNQ, 'market', 'sell', 1, undefined, {
          triggerPrice: bid - 20,
          trailingTriggerPrice: bid - 10,
        }),
      'NotSupported: params.trailingTriggerPrice',
    ],
    [
      'a leg at two distances',
      () =>
        trial.exchange.createOrder(trial.MNQ, 'limit', 'buy', 1, bid, {
          stopLoss: { triggerPrice: bid - 10, ticks: 8 },
        }),
      'NotSupported: params.stopLoss',
    ],
    [
      'a leg at a price of an entry that moves',
      () =>
        trial.exchange.createOrder(trial.MNQ, 'market', 'sell', 1, undefined, {
          trailingTriggerPrice: bid - 10,
          stopLoss: { triggerPrice: bid + 10 },
        }),
      'NotSupported: params.stopLoss.triggerPrice',
    ],
    [
      'a text that is no number',
      () =>
        trial.exchange.createOrder(trial.MNQ, 'market', 'buy', 1, undefined, { triggerPrice: '' }),
      'InvalidOrder: params.triggerPrice',
    ],
    [
      'a close of no strategy',
      () => trial.exchange.closePosition(trial.MNQ, undefined, { strategy: 5 }),
      'InvalidOrder: params.strategy',
    ],
    [
      'a close of no deadline',
      () => trial.exchange.closePosition(trial.MNQ, undefined, { deadlineMs: 'soon' }),
      'InvalidOrder: params.deadlineMs',
    ],
    [
      'a close of no side',
      () => trial.exchange.closePosition(trial.MNQ, 'both'),
      'InvalidOrder: side',
    ],
    [
      'an order named twice',
      () => trial.exchange.cancelOrder('1', trial.MNQ, { clientOrderId: 'entry-1' }),
      'InvalidOrder: params.clientOrderId',
    ],
    [
      'a cancel in an unknown symbol',
      () => trial.exchange.cancelOrder('1', 'BTC/USDT'),
      'BadSymbol',
    ],
    [
      'an order without a name',
      () => trial.exchange.editOrder('', trial.MNQ, 'limit', 'buy', 1, bid),
      'ArgumentsRequired: id',
    ],
    [
      'a read with an unknown parameter',
      () => trial.exchange.fetchOrders(trial.MNQ, undefined, undefined, { trigger: true }),
      'NotSupported: params.trigger',
    ],
    [
      'an emulated helper',
      () => trial.exchange.createReduceOnlyOrder(trial.MNQ, 'market', 'sell', 1),
      'NotSupported',
    ],
  ])('%s', async (_, act, expected) => {
    await trial.connect();
    expect(await thrown(act())).toContain(expected);
    expect(trial.gateway.truth().orders).toEqual([]);
  });

  it.each([
    [
      'its side',
      (id: string) => trial.exchange.editOrder(id, trial.MNQ, 'limit', 'sell', 1, bid - 90),
    ],
    ['its type', (id: string) => trial.exchange.editOrder(id, trial.MNQ, 'market', 'buy', 1)],
    [
      'its symbol',
      (id: string) =>
        trial.exchange.editOrder(id, symbolOf(trial.exchange, 'MES'), 'limit', 'buy', 1, bid - 90),
    ],
  ])('an order keeps %s', async (_, edit) => {
    await trial.connect();
    const { id } = await trial.exchange.createLimitBuyOrder(trial.MNQ, 1, bid - 100);
    expect(await thrown(edit(String(id)))).toContain('InvalidOrder');
    expect(trial.gateway.truth().orders).toMatchObject([{ size: 1, limitPrice: bid - 100 }]);
  });

  it('a stop has no price to change but its trigger', async () => {
    await trial.connect();
    const { id } = await trial.exchange.createStopMarketOrder(trial.MNQ, 'sell', 1, bid - 100);
    expect(
      await thrown(trial.exchange.editOrder(String(id), trial.MNQ, 'market', 'sell', 1, bid - 90)),
    ).toContain('InvalidOrder: price');
    await trial.exchange.editOrder(String(id), trial.MNQ, 'market', 'sell', 1, undefined, {
      triggerPrice: bid - 90,
    });
    expect(trial.gateway.truth().orders).toMatchObject([{ type: 4, stopPrice: bid - 90 }]);
  });

  it.each([
    [
      'an entry whose price does not come',
      () =>
        trial.exchange.createOrder(trial.MNQ, 'market', 'buy', 1, undefined, {
          stopLoss: { triggerPrice: bid - 10 },
        }),
    ],
    [
      'a change of an order that can not be read',
      () => trial.exchange.editOrder('99', trial.MNQ, 'limit', 'buy', 1, bid),
    ],
    [
      'a close of a side that can not be read',
      () => trial.exchange.closePosition(trial.MNQ, 'long'),
    ],
    ['a cancel of orders that can not be read', () => trial.exchange.cancelAllOrders(trial.MNQ)],
  ])(
    '%s was never sent, so it is no error that may be a live order',
    async (_, act) => {
      await trial.connect();
      for (const endpoint of [
        'Order/search',
        'Order/searchOpen',
        'Order/v2/query',
        'Order/searchById',
        'Position/searchOpen',
        'hubs/market',
      ])
        trial.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } });
      trial.gateway.dropHubs('user');
      await new Promise<void>((resolve) => trial.broker.once('stream.gap', () => resolve()));
      expect(await thrown(act())).toContain('OperationRejected');
      expect(trial.venueOrders()).toEqual([]);
    },
    20_000,
  );

  it('an id in use for other content is DuplicateOrderId, and for the same is the same order', async () => {
    await trial.connect();
    const first = await trial.exchange.createLimitBuyOrder(trial.MNQ, 1, bid - 100, {
      clientOrderId: 'entry-1',
    });
    expect(
      (
        await trial.exchange.createLimitBuyOrder(trial.MNQ, 1, bid - 100, {
          clientOrderId: 'entry-1',
        })
      ).id,
    ).toBe(first.id);
    expect(
      await thrown(
        trial.exchange.createLimitBuyOrder(trial.MNQ, 2, bid - 100, { clientOrderId: 'entry-1' }),
      ),
    ).toContain('DuplicateOrderId');
    expect(trial.venueOrders()).toHaveLength(1);
  });

  it('a rate limit that has no room is RateLimitExceeded, and a halt OperationRejected', async () => {
    await trial.connect();
    await trial.broker.halt();
    expect(await thrown(trial.exchange.createMarketBuyOrder(trial.MNQ, 1))).toContain(
      'OperationRejected: HALTED',
    );
  });

  it('what nobody knows the end of is RequestTimeout with the id to look for', async () => {
    await trial.connect({ fast: 100, fallback: 0 }, { outcomeWithinMs: 200 });
    trial.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(
      await thrown(trial.exchange.createMarketBuyOrder(trial.MNQ, 1, { clientOrderId: 'entry-1' })),
    ).toMatch(/^RequestTimeout: .*entry-1/);
  });

  it('a bracket on an account that refuses them is InvalidOrder', async () => {
    await trial.connect();
    expect(
      await thrown(
        trial.exchange.createOrder(trial.MNQ, 'market', 'buy', 1, undefined, {
          stopLoss: { ticks: 40 },
        }),
      ),
    ).toContain('InvalidOrder');
  });
});
