import type { Broker, BrokerOptions } from '@hotpath/core';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { createCcxtExchange } from '@hotpath/host-ccxt';
import type { Exchange } from 'ccxt';
import { OrderRouter } from 'ccxt';
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

/** With prices that move, so that the market stream has something to say. */
async function withPrices(): Promise<void> {
  await gateway.close();
  gateway = await startGateway({ priceStepMs: 20, rateLimit: { everythingElse: 'off' } });
}
async function withBrackets(): Promise<void> {
  await gateway.close();
  gateway = await startGateway({
    priceStepMs: 0,
    rateLimit: { everythingElse: 'off' },
    accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }],
  });
}
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

describe.each([
  ['fast', { fast: 100, fallback: 0 }],
  ['fallback', { fast: 0, fallback: 100 }],
] as const)("ccxt's OrderRouter, through the %s executor", (_name, weights) => {
  const plan = (price: number, amount = 1): object => ({
    planId: `plan-${price}-${amount}`,
    steps: [
      {
        venue: 'hotpath',
        exchange: 'hotpath',
        exchangeId: 'hotpath',
        symbol: MNQ,
        side: 'buy',
        amount,
        limitPrice: price,
        expectedPrice: price,
      },
    ],
  });
  const execute = (
    router: OrderRouter,
    aPlan: object,
    key: string,
  ): Promise<Record<string, unknown>> =>
    router.execute(
      aPlan as never,
      {
        strategy: 'limit_protected',
        idempotencyKey: key,
        pollIntervalMs: 20,
        orderTimeoutMs: 600,
        orderParams: { clientOrderId: key },
      } as never,
    );
  const router = (): OrderRouter => new OrderRouter({ venues: { hotpath: exchange } } as never);

  it('fills', async () => {
    await connect(weights);
    const report = await execute(router(), plan(ask + 1), 'run-1');
    expect(report).toMatchObject({
      steps: [{ status: 'filled', averagePrice: ask, clientOrderId: 'run-1' }],
    });
    expect(venueOrders()).toHaveLength(1);
  });

  it('rests, is cancelled, and is read again', async () => {
    await connect(weights);
    const report = await execute(router(), plan(bid - 100), 'run-1');
    expect(JSON.stringify(report)).toContain('unfilled');
    expect(venueOrders().map(({ status }) => status)).toEqual([3]);
  });

  it('is told that it filled when its answer was lost', async () => {
    await connect(weights);
    gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-accepting' },
    });
    const report = await execute(router(), plan(ask + 1), 'run-1');
    expect(report).toMatchObject({
      steps: [{ status: 'filled', averagePrice: ask, clientOrderId: 'run-1' }],
    });
    expect(venueOrders()).toHaveLength(1);
  });

  it('fails when it is rejected', async () => {
    await connect(weights);
    gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'answer', errorCode: 3, errorMessage: 'Insufficient funds' },
    });
    const report = await execute(router(), plan(ask + 1), 'run-1');
    expect(JSON.stringify(report)).toContain('InsufficientFunds');
    expect(venueOrders()).toEqual([]);
  });

  it('is refused the second time with the same key', async () => {
    await connect(weights);
    const one = router();
    await execute(one, plan(ask + 1), 'run-1');
    const again = await thrown(
      execute(one, plan(ask + 1), 'run-1').then((report) =>
        Promise.reject(new Error(JSON.stringify(report))),
      ),
    );
    expect(again).toMatch(/already|duplicate/i);
    expect(venueOrders()).toHaveLength(1);
  });
});

describe('orders', () => {
  it.each([
    ['market', () => exchange.createMarketBuyOrder(MNQ, 1), { type: 2, size: 1 }],
    [
      'limit',
      () => exchange.createLimitBuyOrder(MNQ, 2, bid - 100),
      { type: 1, size: 2, limitPrice: bid - 100 },
    ],
    [
      'stop by triggerPrice',
      () => exchange.createTriggerOrder(MNQ, 'market', 'buy', 1, undefined, ask + 100),
      { type: 4, stopPrice: ask + 100 },
    ],
    [
      'stop market',
      () => exchange.createStopMarketOrder(MNQ, 'sell', 1, bid - 100),
      { type: 4, side: 1, stopPrice: bid - 100 },
    ],
    [
      'stop',
      () => exchange.createStopOrder(MNQ, 'market', 'buy', 1, undefined, ask + 100),
      { type: 4, side: 0, stopPrice: ask + 100 },
    ],
    [
      'stop loss',
      () => exchange.createStopLossOrder(MNQ, 'market', 'sell', 1, undefined, bid - 50),
      { type: 4, stopPrice: bid - 50 },
    ],
    [
      'trailing from a price',
      () =>
        exchange.createOrder(MNQ, 'market', 'sell', 1, undefined, {
          trailingTriggerPrice: bid - 10,
        }),
      { type: 5, side: 1 },
    ],
  ])('%s', async (_, create, row) => {
    await connect();
    const order = await create();
    expect(order).toMatchObject({ symbol: MNQ, id: expect.any(String) });
    expect(gateway.truth().orders).toEqual([expect.objectContaining(row)]);
  });

  it('trail by an amount, from the price of now', async () => {
    await withPrices();
    await connect();
    await exchange.createTrailingAmountOrder(MNQ, 'market', 'sell', 1, undefined, 10);
    expect(gateway.truth().orders).toEqual([expect.objectContaining({ type: 5, side: 1 })]);
  });

  it('carry a stop and a target, and the author’s own id', async () => {
    await withBrackets();
    await connect();
    const order = await exchange.createOrderWithTakeProfitAndStopLoss(
      MNQ,
      'limit',
      'buy',
      1,
      ask + 1,
      ask + 21,
      ask - 9,
      { clientOrderId: 'entry-1' },
    );
    expect(order.clientOrderId).toBe('entry-1');
    const own = (gateway.truth().orders as readonly { readonly customTag: string | null }[]).filter(
      ({ customTag }) => customTag === 'entry-1',
    );
    expect(own).toHaveLength(1);
  });

  it('are changed in place, looked up, and cancelled', async () => {
    await connect();
    const id = String(
      (await exchange.createLimitBuyOrder(MNQ, 1, bid - 100, { clientOrderId: 'rest-1' })).id,
    );
    const edited = await exchange.editOrder(id, MNQ, 'limit', 'buy', 2, bid - 90);
    expect(edited).toMatchObject({ id, amount: 2, price: bid - 90 });
    expect(await exchange.fetchOrder(id, MNQ)).toMatchObject({
      id,
      clientOrderId: 'rest-1',
      status: 'open',
      amount: 2,
      filled: 0,
      remaining: 2,
      price: bid - 90,
      side: 'buy',
      type: 'limit',
    });
    expect((await exchange.fetchOpenOrders(MNQ)).map((order) => order.id)).toEqual([id]);
    expect(await exchange.cancelOrder(id, MNQ)).toMatchObject({ id, status: 'canceled' });
    expect(await exchange.fetchOpenOrders()).toEqual([]);
    expect((await exchange.fetchOrders(MNQ)).map(({ status }) => status)).toEqual(['canceled']);
    expect(venueOrders()).toHaveLength(1);
  });

  it('stop and carry legs that are measured from where the stop enters', async () => {
    await withBrackets();
    await connect();
    await exchange.createOrder(MNQ, 'market', 'buy', 1, undefined, {
      triggerPrice: ask + 100,
      stopLoss: { triggerPrice: ask + 90 },
      takeProfit: { triggerPrice: ask + 120 },
    });
    expect(broker.intents().map(({ request }) => request)).toMatchObject([
      { type: 'stop', stopPrice: ask + 100, bracket: { stopLossTicks: 40, takeProfitTicks: 80 } },
    ]);
  });

  it('take amounts and prices as the texts that amountToPrecision and priceToPrecision give', async () => {
    await connect();
    await exchange.createOrder(
      MNQ,
      'limit',
      'buy',
      exchange.amountToPrecision(MNQ, 2) as never,
      exchange.priceToPrecision(MNQ, bid - 100) as never,
    );
    expect(gateway.truth().orders).toMatchObject([{ type: 1, size: 2, limitPrice: bid - 100 }]);
  });

  it('are named by their clientOrderId as well', async () => {
    await connect();
    const { id } = await exchange.createLimitBuyOrder(MNQ, 1, bid - 100, {
      clientOrderId: 'rest-1',
    });
    expect(
      await exchange.editOrderWithClientOrderId('rest-1', MNQ, 'limit', 'buy', 1, bid - 90),
    ).toMatchObject({ id, price: bid - 90 });
    expect(await exchange.fetchOrderWithClientOrderId('rest-1', MNQ)).toMatchObject({
      id,
      price: bid - 90,
    });
    expect(await exchange.cancelOrderWithClientOrderId('rest-1', MNQ)).toMatchObject({
      id,
      status: 'canceled',
    });
  });

  it('of one symbol are all cancelled, one that may be live and is not shown too', async () => {
    await connect({ fast: 100, fallback: 0 }, { outcomeWithinMs: 200 });
    gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(
      await thrown(exchange.createLimitBuyOrder(MNQ, 1, bid - 100, { clientOrderId: 'rest-1' })),
    ).toContain('RequestTimeout');
    expect(await thrown(exchange.cancelAllOrders(MNQ))).toMatch(/^RequestTimeout: .*rest-1/);
  });

  it('of which one could not be cancelled for certain say so, and not that it may be gone', async () => {
    await connect();
    await exchange.createLimitBuyOrder(MNQ, 1, bid - 100);
    gateway.faults.add({
      endpoint: 'Order/cancel',
      nth: 1,
      fault: { kind: 'answer', errorCode: 1, errorMessage: 'no such account' },
    });
    expect(await thrown(exchange.cancelAllOrders(MNQ))).toContain('AccountNotEnabled');
  });

  it('are all cancelled, or those of one symbol', async () => {
    await connect();
    const MES = symbolOf(exchange, 'MES');
    await exchange.createLimitBuyOrder(MNQ, 1, bid - 100);
    await exchange.createLimitBuyOrder(MES, 1, 1000);
    expect(await exchange.cancelAllOrders(MES)).toHaveLength(1);
    expect((await exchange.fetchOpenOrders()).map(({ symbol }) => symbol)).toEqual([MNQ]);
    await exchange.cancelAllOrders();
    expect(await exchange.fetchOpenOrders()).toEqual([]);
  });
});

describe('what can be watched', () => {
  it('gives orders, trades, positions and prices as they come, and ends with close', async () => {
    await connect();
    const [orders, trades, positions] = [
      exchange.watchOrders(MNQ),
      exchange.watchMyTrades(MNQ),
      exchange.watchPositions([MNQ]),
    ];
    await exchange.createMarketBuyOrder(MNQ, 1);
    expect((await orders).at(-1)).toMatchObject({ symbol: MNQ, side: 'buy' });
    expect((await trades)[0]).toMatchObject({ symbol: MNQ, amount: 1, price: ask });
    expect((await positions).at(-1)).toMatchObject({
      symbol: MNQ,
      side: 'long',
      contracts: 1,
      contractSize: 2,
    });
    // Each call gives what came since the one before it; the next waits for what never comes.
    const never = thrown(
      (async () => {
        for (;;) await exchange.watchOrders(MNQ);
      })(),
    );
    await exchange.close();
    expect(await never).toContain('ExchangeClosedByUser');
  });

  it('gives prices', async () => {
    await withPrices();
    await connect();
    const ticker = await exchange.fetchTicker(MNQ);
    expect(ticker).toMatchObject({
      symbol: MNQ,
      bid: expect.any(Number),
      ask: expect.any(Number),
      timestamp: expect.any(Number),
    });
    expect((await exchange.watchTicker(MNQ)).symbol).toBe(MNQ);
  });

  it('gives no price of before a gap', async () => {
    await withPrices();
    await connect();
    const before = await exchange.fetchTicker(MNQ);
    gateway.faults.add({ endpoint: 'hubs/market', fault: { kind: 'status', status: 503 } });
    gateway.dropHubs('market');
    expect(before.timestamp).toEqual(expect.any(Number));
    await expect
      .poll(() => thrown(exchange.fetchTicker(MNQ)), { timeout: 20_000 })
      .toContain('RequestTimeout');
  }, 30_000);

  it('is watched by two exchanges of one broker, each to its own end', async () => {
    await withPrices();
    await connect();
    const other = createCcxtExchange({ broker });
    await other.loadMarkets();
    await Promise.all([exchange.fetchTicker(MNQ), other.fetchTicker(MNQ)]);
    const [orders, same] = [exchange.watchOrders(MNQ), other.watchOrders(MNQ)];
    await other.createMarketBuyOrder(MNQ, 1);
    expect((await orders).at(-1)?.id).toBe((await same).at(-1)?.id);
    await other.close();
    expect((await exchange.watchTicker(MNQ)).symbol).toBe(MNQ);
    expect((await exchange.watchTicker(MNQ)).symbol).toBe(MNQ);
    // One that is closed watches nothing any more.
    expect(await thrown(other.watchTicker(MNQ))).toContain('ExchangeClosedByUser');
    expect(await thrown(other.fetchTicker(MNQ))).toContain('ExchangeClosedByUser');
  });

  it('ends with close when the broker was closed before', async () => {
    await connect();
    const pending = [
      exchange.watchOrders(MNQ),
      exchange.watchMyTrades(),
      exchange.watchPositions([]),
      exchange.watchTicker(MNQ),
    ].map((watch) => thrown(watch));
    await broker.close();
    await exchange.close();
    for (const ending of await Promise.all(pending))
      expect(ending).toContain('ExchangeClosedByUser');
    expect(await thrown(exchange.fetchPositions())).toContain('ExchangeClosedByUser');
    expect(await thrown(exchange.createMarketBuyOrder(MNQ, 1))).toContain(
      'OperationRejected: BROKER_CLOSED',
    );
  });

  it('gives every position for no symbols', async () => {
    await connect();
    const positions = exchange.watchPositions([]);
    await exchange.createMarketBuyOrder(MNQ, 1);
    expect((await positions).at(-1)).toMatchObject({ symbol: MNQ, contracts: 1 });
  });

  it('closes a position', async () => {
    await connect();
    await exchange.createMarketBuyOrder(MNQ, 2);
    await expect.poll(async () => (await exchange.fetchPositions([MNQ]))[0]?.contracts).toBe(2);
    expect(await thrown(exchange.closePosition(MNQ, 'sell'))).toContain('InvalidOrder');
    expect(await exchange.closePosition(MNQ)).toMatchObject({
      symbol: MNQ,
      status: 'closed',
      remaining: 0,
    });
    await expect.poll(() => exchange.fetchPositions()).toEqual([]);
  });
});

/** In the manner of ccxt's own live tests: every structure has ccxt's keys with the types that callers rely on. */
describe('structures', () => {
  const number = expect.any(Number);
  const text = expect.any(String);
  const optionalNumber = (value: unknown): void =>
    expect(value === undefined || (typeof value === 'number' && Number.isFinite(value))).toBe(true);
  const times = ({
    timestamp,
    datetime,
  }: {
    readonly timestamp?: unknown;
    readonly datetime?: unknown;
  }): void => {
    expect(timestamp).toEqual(number);
    expect(datetime).toBe(exchange.iso8601(timestamp as number));
  };

  it('markets', async () => {
    await connect();
    const markets = Object.values(exchange.markets ?? {});
    expect(markets.length).toBeGreaterThan(1);
    for (const market of markets) {
      expect(market).toMatchObject({
        id: text,
        symbol: text,
        base: text,
        quote: 'USD',
        settle: 'USD',
        type: 'future',
        future: true,
        contract: true,
        linear: true,
        inverse: false,
        spot: false,
        swap: false,
        option: false,
        contractSize: number,
        precision: { amount: 1, price: number },
      });
      expect(market.symbol).toMatch(new RegExp(`^${market.base}/USD:USD-\\d{6}$`));
      expect(market.symbol?.endsWith(exchange.yymmdd(Number(market.expiry)))).toBe(true);
      expect(market.expiryDatetime).toBe(exchange.iso8601(Number(market.expiry)));
      expect(exchange.market(String(market.symbol)).id).toBe(market.id);
    }
    expect(exchange.market(MNQ)).toMatchObject({ contractSize: 2, precision: { price: 0.25 } });
    expect(exchange.priceToPrecision(MNQ, 24_000.13)).toBe('24000.25');
  });

  it('orders, trades and positions', async () => {
    await connect();
    await exchange.createMarketBuyOrder(MNQ, 2, { clientOrderId: 'entry-1' });
    await expect.poll(async () => (await exchange.fetchClosedOrders(MNQ)).length).toBe(1);
    const [order] = await exchange.fetchClosedOrders(MNQ);
    expect(order).toMatchObject({
      id: text,
      clientOrderId: 'entry-1',
      symbol: MNQ,
      type: 'market',
      side: 'buy',
      status: 'closed',
      amount: 2,
      filled: 2,
      remaining: 0,
      average: ask,
      cost: 2 * ask * 2,
      reduceOnly: false,
      postOnly: false,
      lastTradeTimestamp: number,
    });
    times(order ?? {});
    const [trade] = await exchange.fetchMyTrades(MNQ);
    expect(trade).toMatchObject({
      id: text,
      order: order?.id,
      symbol: MNQ,
      side: 'buy',
      price: ask,
      amount: 2,
      cost: 2 * ask * 2,
      fee: { currency: 'USD', cost: number },
    });
    times(trade ?? {});
    const [position] = await exchange.fetchPositions([MNQ]);
    expect(position).toMatchObject({
      symbol: MNQ,
      side: 'long',
      contracts: 2,
      contractSize: 2,
      entryPrice: ask,
      notional: 2 * ask * 2,
      marginMode: 'cross',
    });
    times(position ?? {});
    expect(await exchange.fetchPosition(MNQ)).toMatchObject({ contracts: 2 });
    expect(await exchange.fetchMyTrades(MNQ, Date.now() + 60_000)).toEqual([]);
  });

  it('balances', async () => {
    await connect();
    const balance = await exchange.fetchBalance();
    expect(balance).toMatchObject({ USD: { total: number }, total: { USD: number } });
    for (const value of Object.values(balance['USD'] ?? {})) optionalNumber(value);
    times(balance);
  });

  it('bars', async () => {
    await connect();
    const bars = await exchange.fetchOHLCV(MNQ, '1m', undefined, 10);
    expect(bars.length).toBeGreaterThan(0);
    expect(bars.length).toBeLessThanOrEqual(10);
    let before = 0;
    for (const bar of bars) {
      expect(bar).toHaveLength(6);
      const [at = 0, open = 0, high = 0, low = 0, close = 0] = bar;
      expect(at).toBeGreaterThan(before);
      expect(at % 60_000).toBe(0);
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
      expect(low).toBeLessThanOrEqual(Math.min(open, close));
      before = at;
    }
    expect(await thrown(exchange.fetchOHLCV(MNQ, '7m'))).toContain('NotSupported: timeframe');
  });

  it('what it says it has are methods that are its own or rest on createOrder, and the rest refuses', async () => {
    await connect();
    const has = exchange.has as Readonly<Record<string, boolean>>;
    const methods = exchange as unknown as Readonly<Record<string, unknown>>;
    expect(Object.values(has).filter((is) => typeof is !== 'boolean')).toEqual([]);
    const claimed = Object.keys(has).filter((name) => has[name] === true && name !== 'future');
    expect(claimed.filter((name) => typeof methods[name] !== 'function')).toEqual([]);
    expect(has['createOrder']).toBe(true);
    expect(has['fetchFundingRate']).toBe(false);
    for (const name of [
      'fetchTrades',
      'fetchOrderBook',
      'createOrders',
      'fetchLeverage',
      'withdraw',
      'fetchFundingRate',
      'watchOHLCV',
    ]) {
      const method = methods[name];
      const came =
        typeof method === 'function'
          ? await thrown(
              Promise.resolve().then(() => method.call(exchange, MNQ, 1, 'x') as unknown),
            )
          : 'NotSupported';
      expect(`${name}: ${came}`).toContain('NotSupported');
    }
    expect(exchange.featureValue(MNQ, 'createOrder', 'triggerPrice')).toBe(true);
    expect(exchange.featureValue(MNQ, 'createOrder', 'timeInForce')).toMatchObject({ IOC: false });
  });
});
