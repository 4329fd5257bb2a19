import type { Broker, BrokerOptions } from '@hotpath/core';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import type { Exchange } from 'ccxt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ccxtOnGateway, symbolOf, thrown } from './ccxt-on-gateway.ts';

let gateway: Gateway;
let broker: Broker;
let exchange: Exchange;
let MNQ: string;
const bid = 24_000;
const ask = 24_000.25;

beforeEach(async () => {
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
});
afterEach(async () => {
  await exchange.close();
  await broker.close();
  await gateway.close();
});

async function connect(
  ...how: [
    weights?: { readonly fast: number; readonly fallback: number },
    options?: Partial<BrokerOptions<string>>,
  ]
): Promise<void> {
  ({ broker, exchange } = await ccxtOnGateway(gateway, ...how));
  MNQ = symbolOf(exchange, 'MNQ');
}
const venueOrders = () =>
  gateway.truth().orders as readonly {
    readonly customTag?: string | null;
    readonly status: number;
  }[];

describe("what does not come to be is one of ccxt's own errors", () => {
  it.each([
    [
      'an unknown parameter',
      () => exchange.createOrder(MNQ, 'limit', 'buy', 1, bid, { leverage: 5 }),
      'NotSupported: params.leverage',
    ],
    [
      'a time in force',
      () => exchange.createOrder(MNQ, 'limit', 'buy', 1, bid, { timeInForce: 'IOC' }),
      'NotSupported: params.timeInForce',
    ],
    [
      'post only',
      () => exchange.createOrder(MNQ, 'limit', 'buy', 1, bid, { postOnly: true }),
      'NotSupported: params.postOnly',
    ],
    [
      'reduce only',
      () => exchange.createOrder(MNQ, 'limit', 'buy', 1, bid, { reduceOnly: true }),
      'NotSupported: params.reduceOnly',
    ],
    [
      'a stop with a limit',
      () => exchange.createOrder(MNQ, 'limit', 'buy', 1, bid, { triggerPrice: ask }),
      'NotSupported',
    ],
    [
      'a limit without a price',
      () => exchange.createOrder(MNQ, 'limit', 'buy', 1),
      'ArgumentsRequired',
    ],
    [
      'half a contract',
      () => exchange.createOrder(MNQ, 'market', 'buy', 0.5),
      'InvalidOrder: INVALID_ORDER',
    ],
    [
      'a price off its tick',
      () => exchange.createOrder(MNQ, 'limit', 'buy', 1, 24_000.1),
      'InvalidOrder: INVALID_ORDER',
    ],
    ['an unknown symbol', () => exchange.createOrder('BTC/USDT', 'market', 'buy', 1), 'BadSymbol'],
    [
      'a symbol that is none',
      () => exchange.fetchOpenOrders(5 as never),
      'BadSymbol: symbol is 5, must be',
    ],
    [
      'a close of no symbol',
      () => exchange.closePosition(null as never),
      'BadSymbol: symbol is null, must be',
    ],
    [
      'a list that is none',
      () => exchange.fetchPositions({} as never),
      'BadRequest: symbols is {}, must be',
    ],
    [
      'parameters that are none',
      () => exchange.createOrder(MNQ, 'market', 'buy', 1, undefined, null as never),
      'BadRequest: params is null, must be an object',
    ],
    [
      'a number too large to be shown',
      () => exchange.createOrder(MNQ, 'limit', 'buy', 1, 10n as never),
      'InvalidOrder: price is of type bigint',
    ],
    ['an unknown order', () => exchange.fetchOrder('99', MNQ), 'OrderNotFound'],
    [
      'a target on the wrong side',
      () =>
        exchange.createOrder(MNQ, 'limit', 'buy', 1, bid, {
          takeProfit: { triggerPrice: bid - 10 },
        }),
      'InvalidOrder: params.takeProfit',
    ],
    [
      'two trigger prices',
      () =>
        exchange.createOrder(MNQ, 'market', 'buy', 1, undefined, {
          triggerPrice: ask + 10,
          stopLossPrice: ask + 20,
        }),
      'NotSupported: params.stopLossPrice',
    ],
    [
      'a trail that begins at a price',
      () =>
        exchange.createOrder(MNQ, 'market', 'sell', 1, undefined, {
          trailingAmount: 10,
          trailingTriggerPrice: bid - 10,
        }),
      'NotSupported: params.trailingAmount',
    ],
    [
      'a stop that trails',
      () =>
        exchange.createOrder(MNQ, 'market', 'sell', 1, undefined, {
          triggerPrice: bid - 20,
          trailingTriggerPrice: bid - 10,
        }),
      'NotSupported: params.trailingTriggerPrice',
    ],
    [
      'a leg at two distances',
      () =>
        exchange.createOrder(MNQ, 'limit', 'buy', 1, bid, {
          stopLoss: { triggerPrice: bid - 10, ticks: 8 },
        }),
      'NotSupported: params.stopLoss',
    ],
    [
      'a leg at a price of an entry that moves',
      () =>
        exchange.createOrder(MNQ, 'market', 'sell', 1, undefined, {
          trailingTriggerPrice: bid - 10,
          stopLoss: { triggerPrice: bid + 10 },
        }),
      'NotSupported: params.stopLoss.triggerPrice',
    ],
    [
      'a text that is no number',
      () => exchange.createOrder(MNQ, 'market', 'buy', 1, undefined, { triggerPrice: '' }),
      'InvalidOrder: params.triggerPrice',
    ],
    [
      'a close of no strategy',
      () => exchange.closePosition(MNQ, undefined, { strategy: 5 }),
      'InvalidOrder: params.strategy',
    ],
    [
      'a close of no deadline',
      () => exchange.closePosition(MNQ, undefined, { deadlineMs: 'soon' }),
      'InvalidOrder: params.deadlineMs',
    ],
    ['a close of no side', () => exchange.closePosition(MNQ, 'both'), 'InvalidOrder: side'],
    [
      'an order named twice',
      () => exchange.cancelOrder('1', MNQ, { clientOrderId: 'entry-1' }),
      'InvalidOrder: params.clientOrderId',
    ],
    ['a cancel in an unknown symbol', () => exchange.cancelOrder('1', 'BTC/USDT'), 'BadSymbol'],
    [
      'an order without a name',
      () => exchange.editOrder('', MNQ, 'limit', 'buy', 1, bid),
      'ArgumentsRequired: id',
    ],
    [
      'a read with an unknown parameter',
      () => exchange.fetchOrders(MNQ, undefined, undefined, { trigger: true }),
      'NotSupported: params.trigger',
    ],
    [
      'an emulated helper',
      () => exchange.createReduceOnlyOrder(MNQ, 'market', 'sell', 1),
      'NotSupported',
    ],
  ])('%s', async (_, act, expected) => {
    await connect();
    expect(await thrown(act())).toContain(expected);
    expect(gateway.truth().orders).toEqual([]);
  });

  it.each([
    ['its side', (id: string) => exchange.editOrder(id, MNQ, 'limit', 'sell', 1, bid - 90)],
    ['its type', (id: string) => exchange.editOrder(id, MNQ, 'market', 'buy', 1)],
    [
      'its symbol',
      (id: string) =>
        exchange.editOrder(id, symbolOf(exchange, 'MES'), 'limit', 'buy', 1, bid - 90),
    ],
  ])('an order keeps %s', async (_, edit) => {
    await connect();
    const { id } = await exchange.createLimitBuyOrder(MNQ, 1, bid - 100);
    expect(await thrown(edit(String(id)))).toContain('InvalidOrder');
    expect(gateway.truth().orders).toMatchObject([{ size: 1, limitPrice: bid - 100 }]);
  });

  it('a stop has no price to change but its trigger', async () => {
    await connect();
    const { id } = await exchange.createStopMarketOrder(MNQ, 'sell', 1, bid - 100);
    expect(
      await thrown(exchange.editOrder(String(id), MNQ, 'market', 'sell', 1, bid - 90)),
    ).toContain('InvalidOrder: price');
    await exchange.editOrder(String(id), MNQ, 'market', 'sell', 1, undefined, {
      triggerPrice: bid - 90,
    });
    expect(gateway.truth().orders).toMatchObject([{ type: 4, stopPrice: bid - 90 }]);
  });

  it.each([
    [
      'an entry whose price does not come',
      () =>
        exchange.createOrder(MNQ, 'market', 'buy', 1, undefined, {
          stopLoss: { triggerPrice: bid - 10 },
        }),
    ],
    [
      'a change of an order that can not be read',
      () => exchange.editOrder('99', MNQ, 'limit', 'buy', 1, bid),
    ],
    ['a close of a side that can not be read', () => exchange.closePosition(MNQ, 'long')],
    ['a cancel of orders that can not be read', () => exchange.cancelAllOrders(MNQ)],
  ])(
    '%s was never sent, so it is no error that may be a live order',
    async (_, act) => {
      await connect();
      for (const endpoint of [
        'Order/search',
        'Order/searchOpen',
        'Order/v2/query',
        'Order/searchById',
        'Position/searchOpen',
        'hubs/market',
      ])
        gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } });
      gateway.dropHubs('user');
      await new Promise<void>((resolve) => broker.once('stream.gap', () => resolve()));
      expect(await thrown(act())).toContain('OperationRejected');
      expect(venueOrders()).toEqual([]);
    },
    20_000,
  );

  it('an id in use for other content is DuplicateOrderId, and for the same is the same order', async () => {
    await connect();
    const first = await exchange.createLimitBuyOrder(MNQ, 1, bid - 100, {
      clientOrderId: 'entry-1',
    });
    expect(
      (await exchange.createLimitBuyOrder(MNQ, 1, bid - 100, { clientOrderId: 'entry-1' })).id,
    ).toBe(first.id);
    expect(
      await thrown(exchange.createLimitBuyOrder(MNQ, 2, bid - 100, { clientOrderId: 'entry-1' })),
    ).toContain('DuplicateOrderId');
    expect(venueOrders()).toHaveLength(1);
  });

  it('a rate limit that has no room is RateLimitExceeded, and a halt OperationRejected', async () => {
    await connect();
    await broker.halt();
    expect(await thrown(exchange.createMarketBuyOrder(MNQ, 1))).toContain(
      'OperationRejected: HALTED',
    );
  });

  it('what nobody knows the end of is RequestTimeout with the id to look for', async () => {
    await connect({ fast: 100, fallback: 0 }, { outcomeWithinMs: 200 });
    gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(
      await thrown(exchange.createMarketBuyOrder(MNQ, 1, { clientOrderId: 'entry-1' })),
    ).toMatch(/^RequestTimeout: .*entry-1/);
  });

  it('a bracket on an account that refuses them is InvalidOrder', async () => {
    await connect();
    expect(
      await thrown(
        exchange.createOrder(MNQ, 'market', 'buy', 1, undefined, { stopLoss: { ticks: 40 } }),
      ),
    ).toContain('InvalidOrder');
  });
});
