import { createCcxtExchange } from '@hotpath/host-ccxt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thrown } from './ccxt-on-gateway.ts';
import { CcxtTrial, ask } from './ccxt-trial.ts';

const trial = new CcxtTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

describe('what can be watched', () => {
  it('gives orders, trades, positions and prices as they come, and ends with close', async () => {
    await trial.connect();
    const [orders, trades, positions] = [
      trial.exchange.watchOrders(trial.MNQ),
      trial.exchange.watchMyTrades(trial.MNQ),
      trial.exchange.watchPositions([trial.MNQ]),
    ];
    await trial.exchange.createMarketBuyOrder(trial.MNQ, 1);
    expect((await orders).at(-1)).toMatchObject({ symbol: trial.MNQ, side: 'buy' });
    expect((await trades)[0]).toMatchObject({ symbol: trial.MNQ, amount: 1, price: ask });
    expect((await positions).at(-1)).toMatchObject({
      symbol: trial.MNQ,
      side: 'long',
      contracts: 1,
      contractSize: 2,
    });
    // Each call gives what came since the one before it; the next waits for what never comes.
    const never = thrown(
      (async () => {
        for (;;) await trial.exchange.watchOrders(trial.MNQ);
      })(),
    );
    await trial.exchange.close();
    expect(await never).toContain('ExchangeClosedByUser');
  });

  it('gives prices', async () => {
    await trial.withPrices();
    await trial.connect();
    const ticker = await trial.exchange.fetchTicker(trial.MNQ);
    expect(ticker).toMatchObject({
      symbol: trial.MNQ,
      bid: expect.any(Number),
      ask: expect.any(Number),
      timestamp: expect.any(Number),
    });
    expect((await trial.exchange.watchTicker(trial.MNQ)).symbol).toBe(trial.MNQ);
  });

  it('gives no price of before a gap', async () => {
    await trial.withPrices();
    await trial.connect();
    const before = await trial.exchange.fetchTicker(trial.MNQ);
    trial.gateway.faults.add({ endpoint: 'hubs/market', fault: { kind: 'status', status: 503 } });
    trial.gateway.dropHubs('market');
    expect(before.timestamp).toEqual(expect.any(Number));
    await expect
      .poll(() => thrown(trial.exchange.fetchTicker(trial.MNQ)), { timeout: 20_000 })
      .toContain('RequestTimeout');
  }, 30_000);

  it('is watched by two exchanges of one broker, each to its own end', async () => {
    await trial.withPrices();
    await trial.connect();
    const other = createCcxtExchange({ broker: trial.broker });
    await other.loadMarkets();
    await Promise.all([trial.exchange.fetchTicker(trial.MNQ), other.fetchTicker(trial.MNQ)]);
    const [orders, same] = [trial.exchange.watchOrders(trial.MNQ), other.watchOrders(trial.MNQ)];
    await other.createMarketBuyOrder(trial.MNQ, 1);
    expect((await orders).at(-1)?.id).toBe((await same).at(-1)?.id);
    await other.close();
    expect((await trial.exchange.watchTicker(trial.MNQ)).symbol).toBe(trial.MNQ);
    expect((await trial.exchange.watchTicker(trial.MNQ)).symbol).toBe(trial.MNQ);
    // One that is closed watches nothing any more.
    expect(await thrown(other.watchTicker(trial.MNQ))).toContain('ExchangeClosedByUser');
    expect(await thrown(other.fetchTicker(trial.MNQ))).toContain('ExchangeClosedByUser');
  });

  it('ends with close when the broker was closed before', async () => {
    await trial.connect();
    const pending = [
      trial.exchange.watchOrders(trial.MNQ),
      trial.exchange.watchMyTrades(),
      trial.exchange.watchPositions([]),
      trial.exchange.watchTicker(trial.MNQ),
    ].map((watch) => thrown(watch));
    await trial.broker.close();
    await trial.exchange.close();
    for (const ending of await Promise.all(pending))
      expect(ending).toContain('ExchangeClosedByUser');
    expect(await thrown(trial.exchange.fetchPositions())).toContain('ExchangeClosedByUser');
    expect(await thrown(trial.exchange.createMarketBuyOrder(trial.MNQ, 1))).toContain(
      'OperationRejected: BROKER_CLOSED',
    );
  });

  it('gives every position for no symbols', async () => {
    await trial.connect();
    const positions = trial.exchange.watchPositions([]);
    await trial.exchange.createMarketBuyOrder(trial.MNQ, 1);
    expect((await positions).at(-1)).toMatchObject({ symbol: trial.MNQ, contracts: 1 });
  });

  it('closes a position', async () => {
    await trial.connect();
    await trial.exchange.createMarketBuyOrder(trial.MNQ, 2);
    await expect
      .poll(async () => (await trial.exchange.fetchPositions([trial.MNQ]))[0]?.contracts)
      .toBe(2);
    expect(await thrown(trial.exchange.closePosition(trial.MNQ, 'sell'))).toContain('InvalidOrder');
    expect(await trial.exchange.closePosition(trial.MNQ)).toMatchObject({
      symbol: trial.MNQ,
      status: 'closed',
      remaining: 0,
    });
    await expect.poll(() => trial.exchange.fetchPositions()).toEqual([]);
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
    expect(datetime).toBe(trial.exchange.iso8601(timestamp as number));
  };

  it('markets', async () => {
    await trial.connect();
    const markets = Object.values(trial.exchange.markets ?? {});
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
      expect(market.symbol?.endsWith(trial.exchange.yymmdd(Number(market.expiry)))).toBe(true);
      expect(market.expiryDatetime).toBe(trial.exchange.iso8601(Number(market.expiry)));
      expect(trial.exchange.market(String(market.symbol)).id).toBe(market.id);
    }
    expect(trial.exchange.market(trial.MNQ)).toMatchObject({
      contractSize: 2,
      precision: { price: 0.25 },
    });
    expect(trial.exchange.priceToPrecision(trial.MNQ, 24_000.13)).toBe('24000.25');
  });

  it('orders, trades and positions', async () => {
    await trial.connect();
    await trial.exchange.createMarketBuyOrder(trial.MNQ, 2, { clientOrderId: 'entry-1' });
    await expect
      .poll(async () => (await trial.exchange.fetchClosedOrders(trial.MNQ)).length)
      .toBe(1);
    const [order] = await trial.exchange.fetchClosedOrders(trial.MNQ);
    expect(order).toMatchObject({
      id: text,
      clientOrderId: 'entry-1',
      symbol: trial.MNQ,
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
    const [trade] = await trial.exchange.fetchMyTrades(trial.MNQ);
    expect(trade).toMatchObject({
      id: text,
      order: order?.id,
      symbol: trial.MNQ,
      side: 'buy',
      price: ask,
      amount: 2,
      cost: 2 * ask * 2,
      fee: { currency: 'USD', cost: number },
    });
    times(trade ?? {});
    const [position] = await trial.exchange.fetchPositions([trial.MNQ]);
    expect(position).toMatchObject({
      symbol: trial.MNQ,
      side: 'long',
      contracts: 2,
      contractSize: 2,
      entryPrice: ask,
      notional: 2 * ask * 2,
      marginMode: 'cross',
    });
    times(position ?? {});
    expect(await trial.exchange.fetchPosition(trial.MNQ)).toMatchObject({ contracts: 2 });
    expect(await trial.exchange.fetchMyTrades(trial.MNQ, Date.now() + 60_000)).toEqual([]);
  });

  it('balances', async () => {
    await trial.connect();
    const balance = await trial.exchange.fetchBalance();
    expect(balance).toMatchObject({ USD: { total: number }, total: { USD: number } });
    for (const value of Object.values(balance['USD'] ?? {})) optionalNumber(value);
    times(balance);
  });

  it('bars', async () => {
    await trial.connect();
    const bars = await trial.exchange.fetchOHLCV(trial.MNQ, '1m', undefined, 10);
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
    expect(await thrown(trial.exchange.fetchOHLCV(trial.MNQ, '7m'))).toContain(
      'NotSupported: timeframe',
    );
  });

  it('what it says it has are methods that are its own or rest on createOrder, and the rest refuses', async () => {
    await trial.connect();
    const has = trial.exchange.has as Readonly<Record<string, boolean>>;
    const methods = trial.exchange as unknown as Readonly<Record<string, unknown>>;
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
              Promise.resolve().then(
                () => method.call(trial.exchange, trial.MNQ, 1, 'x') as unknown,
              ),
            )
          : 'NotSupported';
      expect(`${name}: ${came}`).toContain('NotSupported');
    }
    expect(trial.exchange.featureValue(trial.MNQ, 'createOrder', 'triggerPrice')).toBe(true);
    expect(trial.exchange.featureValue(trial.MNQ, 'createOrder', 'timeInForce')).toMatchObject({
      IOC: false,
    });
  });
});
