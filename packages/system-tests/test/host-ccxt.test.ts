import { OrderRouter } from 'ccxt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { symbolOf, thrown } from './ccxt-on-gateway.ts';
import { CcxtTrial, ask, bid } from './ccxt-trial.ts';

const trial = new CcxtTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

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
        symbol: trial.MNQ,
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
  const router = (): OrderRouter =>
    new OrderRouter({ venues: { hotpath: trial.exchange } } as never);

  it('fills', async () => {
    await trial.connect(weights);
    const report = await execute(router(), plan(ask + 1), 'run-1');
    expect(report).toMatchObject({
      steps: [{ status: 'filled', averagePrice: ask, clientOrderId: 'run-1' }],
    });
    expect(trial.venueOrders()).toHaveLength(1);
  });

  it('rests, is cancelled, and is read again', async () => {
    await trial.connect(weights);
    const report = await execute(router(), plan(bid - 100), 'run-1');
    expect(JSON.stringify(report)).toContain('unfilled');
    expect(trial.venueOrders().map(({ status }) => status)).toEqual([3]);
  });

  it('is told that it filled when its answer was lost', async () => {
    await trial.connect(weights);
    trial.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-accepting' },
    });
    const report = await execute(router(), plan(ask + 1), 'run-1');
    expect(report).toMatchObject({
      steps: [{ status: 'filled', averagePrice: ask, clientOrderId: 'run-1' }],
    });
    expect(trial.venueOrders()).toHaveLength(1);
  });

  it('fails when it is rejected', async () => {
    await trial.connect(weights);
    trial.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'answer', errorCode: 3, errorMessage: 'Insufficient funds' },
    });
    const report = await execute(router(), plan(ask + 1), 'run-1');
    expect(JSON.stringify(report)).toContain('InsufficientFunds');
    expect(trial.venueOrders()).toEqual([]);
  });

  it('is refused the second time with the same key', async () => {
    await trial.connect(weights);
    const one = router();
    await execute(one, plan(ask + 1), 'run-1');
    const again = await thrown(
      execute(one, plan(ask + 1), 'run-1').then((report) =>
        Promise.reject(new Error(JSON.stringify(report))),
      ),
    );
    expect(again).toMatch(/already|duplicate/i);
    expect(trial.venueOrders()).toHaveLength(1);
  });
});

describe('orders', () => {
  it.each([
    ['market', () => trial.exchange.createMarketBuyOrder(trial.MNQ, 1), { type: 2, size: 1 }],
    [
      'limit',
      () => trial.exchange.createLimitBuyOrder(trial.MNQ, 2, bid - 100),
      { type: 1, size: 2, limitPrice: bid - 100 },
    ],
    [
      'stop by triggerPrice',
      () => trial.exchange.createTriggerOrder(trial.MNQ, 'market', 'buy', 1, undefined, ask + 100),
      { type: 4, stopPrice: ask + 100 },
    ],
    [
      'stop market',
      () => trial.exchange.createStopMarketOrder(trial.MNQ, 'sell', 1, bid - 100),
      { type: 4, side: 1, stopPrice: bid - 100 },
    ],
    [
      'stop',
      () => trial.exchange.createStopOrder(trial.MNQ, 'market', 'buy', 1, undefined, ask + 100),
      { type: 4, side: 0, stopPrice: ask + 100 },
    ],
    [
      'stop loss',
      () => trial.exchange.createStopLossOrder(trial.MNQ, 'market', 'sell', 1, undefined, bid - 50),
      { type: 4, stopPrice: bid - 50 },
    ],
    [
      'trailing from a price',
      () =>
        trial.exchange.createOrder(trial.MNQ, 'market', 'sell', 1, undefined, {
          trailingTriggerPrice: bid - 10,
        }),
      { type: 5, side: 1 },
    ],
  ])('%s', async (_, create, row) => {
    await trial.connect();
    const order = await create();
    expect(order).toMatchObject({ symbol: trial.MNQ, id: expect.any(String) });
    expect(trial.gateway.truth().orders).toEqual([expect.objectContaining(row)]);
  });

  it('trail by an amount, from the price of now', async () => {
    await trial.withPrices();
    await trial.connect();
    await trial.exchange.createTrailingAmountOrder(trial.MNQ, 'market', 'sell', 1, undefined, 10);
    expect(trial.gateway.truth().orders).toEqual([expect.objectContaining({ type: 5, side: 1 })]);
  });

  it('carry a stop and a target, and the author’s own id', async () => {
    await trial.withBrackets();
    await trial.connect();
    const order = await trial.exchange.createOrderWithTakeProfitAndStopLoss(
      trial.MNQ,
      'limit',
      'buy',
      1,
      ask + 1,
      ask + 21,
      ask - 9,
      { clientOrderId: 'entry-1' },
    );
    expect(order.clientOrderId).toBe('entry-1');
    const own = (
      trial.gateway.truth().orders as readonly { readonly customTag: string | null }[]
    ).filter(({ customTag }) => customTag === 'entry-1');
    expect(own).toHaveLength(1);
  });

  it('are changed in place, looked up, and cancelled', async () => {
    await trial.connect();
    const id = String(
      (
        await trial.exchange.createLimitBuyOrder(trial.MNQ, 1, bid - 100, {
          clientOrderId: 'rest-1',
        })
      ).id,
    );
    const edited = await trial.exchange.editOrder(id, trial.MNQ, 'limit', 'buy', 2, bid - 90);
    expect(edited).toMatchObject({ id, amount: 2, price: bid - 90 });
    expect(await trial.exchange.fetchOrder(id, trial.MNQ)).toMatchObject({
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
    expect((await trial.exchange.fetchOpenOrders(trial.MNQ)).map((order) => order.id)).toEqual([
      id,
    ]);
    expect(await trial.exchange.cancelOrder(id, trial.MNQ)).toMatchObject({
      id,
      status: 'canceled',
    });
    expect(await trial.exchange.fetchOpenOrders()).toEqual([]);
    expect((await trial.exchange.fetchOrders(trial.MNQ)).map(({ status }) => status)).toEqual([
      'canceled',
    ]);
    expect(trial.venueOrders()).toHaveLength(1);
  });

  it('stop and carry legs that are measured from where the stop enters', async () => {
    await trial.withBrackets();
    await trial.connect();
    await trial.exchange.createOrder(trial.MNQ, 'market', 'buy', 1, undefined, {
      triggerPrice: ask + 100,
      stopLoss: { triggerPrice: ask + 90 },
      takeProfit: { triggerPrice: ask + 120 },
    });
    expect(trial.broker.intents().map(({ request }) => request)).toMatchObject([
      { type: 'stop', stopPrice: ask + 100, bracket: { stopLossTicks: 40, takeProfitTicks: 80 } },
    ]);
  });

  it('take amounts and prices as the texts that amountToPrecision and priceToPrecision give', async () => {
    await trial.connect();
    await trial.exchange.createOrder(
      trial.MNQ,
      'limit',
      'buy',
      trial.exchange.amountToPrecision(trial.MNQ, 2) as never,
      trial.exchange.priceToPrecision(trial.MNQ, bid - 100) as never,
    );
    expect(trial.gateway.truth().orders).toMatchObject([
      { type: 1, size: 2, limitPrice: bid - 100 },
    ]);
  });

  it('are named by their clientOrderId as well', async () => {
    await trial.connect();
    const { id } = await trial.exchange.createLimitBuyOrder(trial.MNQ, 1, bid - 100, {
      clientOrderId: 'rest-1',
    });
    expect(
      await trial.exchange.editOrderWithClientOrderId(
        'rest-1',
        trial.MNQ,
        'limit',
        'buy',
        1,
        bid - 90,
      ),
    ).toMatchObject({ id, price: bid - 90 });
    expect(await trial.exchange.fetchOrderWithClientOrderId('rest-1', trial.MNQ)).toMatchObject({
      id,
      price: bid - 90,
    });
    expect(await trial.exchange.cancelOrderWithClientOrderId('rest-1', trial.MNQ)).toMatchObject({
      id,
      status: 'canceled',
    });
  });

  it('of one symbol are all cancelled, one that may be live and is not shown too', async () => {
    await trial.connect({ fast: 100, fallback: 0 }, { outcomeWithinMs: 200 });
    trial.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(
      await thrown(
        trial.exchange.createLimitBuyOrder(trial.MNQ, 1, bid - 100, { clientOrderId: 'rest-1' }),
      ),
    ).toContain('RequestTimeout');
    expect(await thrown(trial.exchange.cancelAllOrders(trial.MNQ))).toMatch(
      /^RequestTimeout: .*rest-1/,
    );
  });

  it('of which one could not be cancelled for certain say so, and not that it may be gone', async () => {
    await trial.connect();
    await trial.exchange.createLimitBuyOrder(trial.MNQ, 1, bid - 100);
    trial.gateway.faults.add({
      endpoint: 'Order/cancel',
      nth: 1,
      fault: { kind: 'answer', errorCode: 1, errorMessage: 'no such account' },
    });
    expect(await thrown(trial.exchange.cancelAllOrders(trial.MNQ))).toContain('AccountNotEnabled');
  });

  it('are all cancelled, or those of one symbol', async () => {
    await trial.connect();
    const MES = symbolOf(trial.exchange, 'MES');
    await trial.exchange.createLimitBuyOrder(trial.MNQ, 1, bid - 100);
    await trial.exchange.createLimitBuyOrder(MES, 1, 1000);
    expect(await trial.exchange.cancelAllOrders(MES)).toHaveLength(1);
    expect((await trial.exchange.fetchOpenOrders()).map(({ symbol }) => symbol)).toEqual([
      trial.MNQ,
    ]);
    await trial.exchange.cancelAllOrders();
    expect(await trial.exchange.fetchOpenOrders()).toEqual([]);
  });
});
