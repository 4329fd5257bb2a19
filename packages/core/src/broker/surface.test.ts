import { describe, expect, it } from 'vitest';
import { answered, silent } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const numbered = (_: unknown, index: number) =>
  answered({ is: 'accepted', orderId: String(index + 1) });

/** Every name a bot author may rely on. */
const methods = [
  'placeOrder',
  'placeMarketOrder',
  'placeLimitOrder',
  'placeStopOrder',
  'placeTrailingStopOrder',
  'modifyOrder',
  'cancelOrder',
  'cancelAllOrders',
  'closePosition',
  'reducePosition',
  'flatten',
  'halt',
  'resume',
  'isHalted',
  'limits',
  'setLimits',
  'getOrder',
  'getOpenOrders',
  'getOrderHistory',
  'getPositions',
  'getTrades',
  'getAccount',
  'getAccounts',
  'getContract',
  'searchContracts',
  'getBars',
  'subscribe',
  'waitForFill',
  'getIntent',
  'intents',
  'whenRecovered',
  'explain',
  'executors',
  'metrics',
  'on',
  'once',
  'off',
  'close',
] as const;

describe('the broker', () => {
  it('has every name of its surface, and no other', async () => {
    const { broker } = await scriptedBroker({ fast: numbered });
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(broker)).filter(
      (name) => name !== 'constructor',
    );
    expect(names.toSorted()).toEqual([...methods].toSorted());
    expect(broker[Symbol.asyncDispose]).toBeTypeOf('function');
    await broker.close();
  });

  it('getBars gives the oldest first, or the newest by option', async () => {
    const bar = (at: number) => ({ at, open: 1, high: 1, low: 1, close: 1, volume: 1 });
    const { broker } = await scriptedBroker({
      fast: () => answered({ is: 'accepted' }),
      adapter: { bars: () => Promise.resolve([bar(1), bar(2)]) },
    });
    const times = async (order?: 'oldest-first' | 'newest-first') =>
      (await broker.getBars({ symbol: 'MNQ', from: 0, unit: 'minute', order })).map(({ at }) => at);
    expect([await times(), await times('oldest-first'), await times('newest-first')]).toEqual([
      [1, 2],
      [1, 2],
      [2, 1],
    ]);
    await expect(times('up' as 'oldest-first')).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      problems: ['order: is "up", must be "oldest-first" or "newest-first"'],
    });
    await broker.close();
  });

  it('getBars and subscribe refuse where the adapter shows no market', async () => {
    const { broker } = await scriptedBroker({ fast: numbered });
    await expect(broker.getBars({ symbol: 'MNQ', from: 0, unit: 'minute' })).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
    });
    await expect(broker.subscribe({ symbol: 'MNQ', channels: ['quotes'] })).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
    });
    await broker.close();
  });

  it('places stops and trailing stops under their own names', async () => {
    const { broker, fast } = await scriptedBroker({ fast: numbered });
    await broker.placeStopOrder({ ...market, stopPrice: 25_000 });
    await broker.placeTrailingStopOrder({ ...market, trailPrice: 24_500 });
    await broker.placeTrailingStopOrder({ ...market, trailTicks: 40 });
    expect(
      fast.deliveries.map(({ request }) => (JSON.parse(request.body) as { type: string }).type),
    ).toEqual(['stop', 'trailing-stop', 'trailing-stop']);
    await broker.close();
  });

  it('knows its intents, the open ones apart', async () => {
    const { broker } = await scriptedBroker({
      fast: (_, index) => (index === 0 ? answered({ is: 'accepted', orderId: '1' }) : silent()),
    });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'first' });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'second' });
    expect(broker.intents().map(({ clientOrderId, state }) => [clientOrderId, state])).toEqual([
      ['first', 'accepted'],
      ['second', 'unknown'],
    ]);
    expect(broker.intents({ open: true }).map(({ clientOrderId }) => clientOrderId)).toEqual([
      'second',
    ]);
    expect(broker.getIntent('FIRST')).toMatchObject({
      clientOrderId: 'first',
      state: 'accepted',
      orderId: '1',
      executor: 'fast',
      outcome: { kind: 'accepted' },
    });
    expect(broker.getIntent('third')).toBeUndefined();
    expect(broker.metrics()).toMatchObject({
      intents: { open: 0, unknown: 1 },
      budget: undefined,
      executors: { fast: { available: true } },
    });
    await broker.close();
  });

  it('tells the whole story of an order', async () => {
    const { broker } = await scriptedBroker({ fast: numbered });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'entry' });
    await broker.modifyOrder({ orderId: '1', quantity: 2 });
    const story = await broker.explain('Entry');
    expect(story.intent).toMatchObject({ state: 'accepted' });
    expect(
      story.records.map((record) => [
        record.kind,
        'operation' in record ? record.operation : undefined,
      ]),
    ).toEqual([
      ['intent', 'place'],
      ['outcome', 'place'],
      ['intent', 'modify'],
      ['outcome', 'modify'],
    ]);
    expect(
      story.lines.filter(({ kind }) => kind === 'delivery' || kind === 'outcome'),
    ).toMatchObject([
      {
        kind: 'delivery',
        operation: 'place',
        executor: 'fast',
        decision: { executor: 'fast', rule: 'default', version: 1 },
        because: '',
        bytes: 'all',
        meant: 'accepted',
      },
      { kind: 'outcome', operation: 'place', outcome: 'accepted', orderId: '1' },
      { kind: 'delivery', operation: 'modify', orderId: '1' },
      { kind: 'outcome', operation: 'modify' },
    ]);
    expect(await broker.explain('nobody')).toMatchObject({
      intent: undefined,
      records: [],
      lines: [],
    });
    await broker.close();
  });

  it('warns once when the budget runs low, and shows it', async () => {
    const { broker } = await scriptedBroker({
      fast: numbered,
      adapter: {
        capabilities: { rateLimit: { requests: 12, windowMs: 60_000, reserve: 2 } },
        login: 'budget-runs-low',
      },
    });
    const warnings: unknown[] = [];
    broker.on('budget.low', (report) => warnings.push(report));
    for (let index = 0; index < 10; index += 1) await broker.placeMarketOrder(market);
    expect(warnings).toEqual([expect.objectContaining({ requests: 12, used: 9 })]);
    expect(broker.metrics().budget).toMatchObject({ used: 10, reserve: 2 });
    await broker.close();
  });

  it('shares the budget of a login between its brokers in one process', async () => {
    const adapter = {
      capabilities: { rateLimit: { requests: 4, windowMs: 60_000, reserve: 1 } },
      login: 'one-login-two-brokers',
    };
    const [first, second] = [
      await scriptedBroker({ fast: numbered, adapter }),
      await scriptedBroker({ fast: numbered, adapter }),
    ];
    await first.broker.placeMarketOrder(market);
    await first.broker.placeMarketOrder(market);
    expect((await second.broker.placeMarketOrder(market)).kind).toBe('accepted');
    expect(await second.broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'BUDGET_EXHAUSTED',
    });
    await Promise.all([first.broker.close(), second.broker.close()]);
  });

  it('emits session.failed when no token can be had', async () => {
    const { broker } = await scriptedBroker({
      fast: () => answered({ is: 'unauthorized' }, 401),
      adapter: { renewAuthorization: () => Promise.reject(new Error('login refused')) },
    });
    const failures: unknown[] = [];
    broker.on('session.failed', (event) => failures.push(event));
    await broker.placeMarketOrder(market);
    expect(failures).toEqual([{ message: 'login refused' }]);
    await broker.close();
  });
});
