import { describe, expect, it } from 'vitest';
import type { Adapter } from '../adapter.ts';
import { createBroker } from '../create-broker.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { MarketEvidence } from '../market-data.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { scriptedAdapter, testContract, testOrder } from '../testing/scripted-adapter.ts';
import { answered, scriptedExecutor, silent } from '../testing/scripted-executor.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const boom = (): never => {
  throw new Error('boom');
};
const never = (): Promise<never> => new Promise(() => {});
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

interface Trial {
  readonly change?: (adapter: Adapter) => object;
  readonly script?: Parameters<typeof scriptedAdapter>[0];
  readonly deliver?: Parameters<typeof scriptedExecutor>[0];
  readonly clock?: ManualClock;
  readonly options?: object;
}

/** A broker over a scripted adapter of which some part is another. */
async function withOdd({
  change = () => ({}),
  script,
  deliver = (_, index) => answered({ is: 'accepted', orderId: String(index + 1) }),
  clock,
  options,
}: Trial) {
  const plugin = scriptedAdapter({ contracts: [testContract({ root: 'MNQ' })], ...script });
  const odd = {
    ...plugin,
    setup: async (context: Parameters<typeof plugin.setup>[0]) => {
      const adapter = await plugin.setup(context);
      return Object.create(adapter, Object.getOwnPropertyDescriptors(change(adapter))) as Adapter;
    },
  };
  const executor = scriptedExecutor(deliver);
  const broker = await createBroker({
    adapter: odd,
    executors: { only: executor },
    routing: { version: 1, salt: 's', default: { only: 100 } },
    journal: memoryJournal(),
    outcomeWithinMs: 0,
    clock,
    ...options,
  });
  return { broker, executor, plugin };
}

describe('an adapter of the author’s', () => {
  it.each<[string, (adapter: Adapter) => object, RegExp]>([
    [
      'lacks a method',
      () => ({ decode: undefined }),
      /^The adapter scripted is none: setup gave an adapter without decode\.$/,
    ],
    ['has no reads', () => ({ reads: {} }), /reads lacks account, accounts, openOrders/],
    [
      'has capabilities that can not be right',
      ({ capabilities }) => ({ capabilities: { ...capabilities, brackets: 'both' } }),
      /capabilities\.brackets/,
    ],
    [
      'has no address',
      () => ({ endpoint: { origin: 'http://127.0.0.1' } }),
      /endpoint\.origin must be a URL/,
    ],
    [
      'has a getter that throws',
      () => Object.defineProperty({}, 'capabilities', { get: boom }),
      /it can't be read \(boom\)/,
    ],
    [
      'has no account',
      () => ({ account: { id: 5 } }),
      /connected and has no account: an account whose id is 5/,
    ],
    [
      'throws for its account',
      () => Object.defineProperty({}, 'account', { get: boom }),
      /connected and has no account: boom/,
    ],
    [
      'throws when its streams are opened',
      () => ({ openStreams: boom }),
      /could not open its streams: boom/,
    ],
  ])('that %s ends the start with a sentence', async (_how, change, message) => {
    await expect(withOdd({ change })).rejects.toMatchObject({
      code: 'ADAPTER_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it('that gives nothing at all ends the start with a sentence', async () => {
    const plugin = { ...scriptedAdapter(), setup: () => undefined as unknown as Adapter };
    const start = createBroker({
      adapter: plugin,
      executors: { only: scriptedExecutor(() => answered({})) },
      routing: { version: 1, salt: 's', default: { only: 100 } },
      journal: memoryJournal(),
    });
    await expect(start).rejects.toMatchObject({
      code: 'ADAPTER_FAILED',
      message: 'The adapter scripted is none: setup gave undefined, must be an adapter.',
    });
  });

  it.each<[string, () => unknown, object]>([
    ['throws', boom, { code: 'ENCODE_FAILED', message: expect.stringContaining('boom') }],
    [
      'gives nothing',
      () => undefined,
      {
        code: 'ENCODE_FAILED',
        message: expect.stringContaining('it gave undefined for a request'),
      },
    ],
    [
      'gives no request',
      () => ({ ready: true }),
      { code: 'ENCODE_FAILED', message: expect.stringContaining('gave undefined for a request') },
    ],
    [
      'says neither',
      () => ({}),
      {
        code: 'ENCODE_FAILED',
        message: expect.stringContaining('neither that the request is ready'),
      },
    ],
  ])('whose encode %s sends nothing, and says so', async (_how, encode, outcome) => {
    const { broker, executor } = await withOdd({ change: () => ({ encode }) });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'not-sent', ...outcome });
    expect(executor.deliveries).toEqual([]);
    await broker.close();
  });

  it.each<[string, () => unknown]>([
    ['throws for a doubt', boom],
    ['says yes with a promise', never],
  ])('that %s keeps no order back', async (_how, isDoubted) => {
    const { broker } = await withOdd({ change: () => ({ isDoubted }) });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
    await broker.close();
  });

  it.each<[string, () => unknown]>([
    ['throws', boom],
    ['gives nothing', () => undefined],
    ['gives an order id that is no text', () => ({ is: 'accepted', orderId: 7 })],
    ['gives an empty order id', () => ({ is: 'accepted', orderId: '' })],
    ['refuses without a word', () => ({ is: 'refused' })],
    ['gives a verdict that there is not', () => ({ is: 'constructor' })],
    ['gives a time that is none', () => ({ is: 'throttled', retryAfterMs: NaN })],
  ])('whose decode %s leaves the order unknown', async (_how, decode) => {
    const { broker } = await withOdd({ change: () => ({ decode }) });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'unknown',
      code: 'ANSWER_UNREADABLE',
    });
    await broker.close();
  });

  it.each<[string, () => unknown]>([
    ['throws', boom],
    ['gives a number', () => 5],
    ['gives one without a tick', () => ({ ...testContract({ root: 'MNQ' }), tickSize: 0 })],
  ])('whose contract %s has none, and mutations say so', async (_how, contract) => {
    const { broker } = await withOdd({ change: () => ({ contract }) });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'UNKNOWN_CONTRACT',
    });
    expect(await broker.getContract('MNQ')).toBeUndefined();
    await broker.close();
  });

  it('that finds nonsense has shown nothing', async () => {
    for (const found of [
      undefined,
      5,
      { is: 'found' },
      { is: 'found', order: { orderId: 7 } },
      { is: 'lost' },
    ]) {
      const { broker } = await withOdd({
        change: () => ({ find: () => Promise.resolve(found) }),
        deliver: () => silent(),
      });
      expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'mine' })).toMatchObject({
        kind: 'unknown',
      });
      await expect(broker.getOrder({ clientOrderId: 'mine' })).rejects.toMatchObject({
        code: 'UNREACHABLE',
      });
      await broker.close();
    }
  });

  it('whose reads give nonsense gives no answer: they reject, closes are not sent, and ways out say what is unread', async () => {
    const nonsense = {
      openOrders: () => Promise.resolve(undefined),
      orders: () => Promise.resolve([undefined]),
      positions: () => Promise.resolve([{ contractId: 5 }]),
      trades: () => Promise.resolve('none'),
      account: () => Promise.resolve(5),
    };
    const { broker } = await withOdd({
      change: ({ reads }) => ({ reads: { ...reads, ...nonsense } }),
    });
    const unreadable = {
      code: 'UNREADABLE',
      message: expect.stringMatching(/^The adapter scripted: reads\./),
    };
    await expect(broker.getOpenOrders()).rejects.toMatchObject(unreadable);
    await expect(broker.getOrderHistory({ from: 0 })).rejects.toMatchObject(unreadable);
    await expect(broker.getPositions()).rejects.toMatchObject(unreadable);
    await expect(broker.getTrades({ from: 0 })).rejects.toMatchObject(unreadable);
    await expect(broker.getAccount()).rejects.toMatchObject(unreadable);
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'not-sent',
      code: 'NOT_READY',
    });
    expect(await broker.cancelAllOrders()).toMatchObject({
      complete: false,
      left: { unread: expect.stringContaining('reads.openOrders gave undefined') },
    });
    await broker.close();
  });

  it('whose reads never end lets a close say so', async () => {
    const clock = createManualClock();
    const { broker } = await withOdd({
      change: ({ reads }) => ({ reads: { ...reads, positions: never } }),
      clock,
    });
    const closing = broker.closePosition({ symbol: 'MNQ' });
    await turns();
    clock.advance(30_000);
    expect(await closing).toMatchObject({
      kind: 'not-sent',
      code: 'NOT_READY',
      message: expect.stringContaining('reads.positions did not end in 30 s'),
    });
    await broker.close();
  });

  it('is asked with everything that core says, the lane of a read included', async () => {
    const asked: unknown[][] = [];
    const noting =
      (name: string, answer: unknown) =>
      (...given: unknown[]) => (asked.push([name, ...given]), Promise.resolve(answer));
    const { broker } = await withOdd({
      change: ({ reads }) => ({
        prepare: noting('prepare', undefined),
        reads: {
          ...reads,
          positions: noting('positions', []),
          openOrders: noting('openOrders', []),
          trades: noting('trades', []),
          orders: noting('orders', []),
        },
      }),
      script: { streams: true },
    });
    await broker.placeMarketOrder({ ...market, symbol: 'MES' });
    await broker.closePosition({ symbol: 'MNQ' });
    await broker.cancelAllOrders();
    expect(asked).toContainEqual(['prepare', 'contract', 'MES', 'place']);
    expect(asked).toContainEqual(['positions', 'close']);
    expect(asked).toContainEqual(['openOrders', 'cancel']);
    await broker.close();
  });

  it('whose token is never renewed lets a cancel say so', async () => {
    const clock = createManualClock();
    const { broker } = await withOdd({
      change: () => ({ renewAuthorization: never }),
      clock,
      deliver: () => answered({ is: 'unauthorized' }),
      options: { outcomeWithinMs: 60_000 },
    });
    const cancelling = broker.cancelOrder({ orderId: '77' });
    await turns();
    clock.advance(30_000);
    expect(await cancelling).toMatchObject({
      kind: 'not-sent',
      code: 'UNAUTHORIZED',
      message: expect.stringContaining('renewAuthorization did not end in 30 s'),
    });
    await broker.close();
  });

  it.each<[string, () => unknown]>([
    ['throws', boom],
    ['never ends', never],
    ['gives nothing', () => undefined],
  ])('whose close %s lets the broker close', async (_how, close) => {
    const clock = createManualClock();
    const { broker } = await withOdd({ change: () => ({ close }), clock });
    const closing = broker.close().then(() => 'closed');
    await turns();
    clock.advance(3_000);
    expect(await Promise.race([closing, turns().then(() => 'hangs')])).toBe('closed');
  });

  it('that brings evidence that can not be read goes on being listened to', async () => {
    const { broker, plugin } = await withOdd({ script: { streams: true } });
    const seen: string[] = [];
    broker.on('order.updated', ({ orderId }) => seen.push(orderId));
    const odd = [
      undefined,
      5,
      {},
      { of: 'order' },
      { of: 'order', order: { orderId: 5 } },
      { of: 'trade', trade: {} },
      { of: 'position' },
      { of: 'stream-gap', stream: 'x' },
      { of: 'roll', from: 5 },
      Object.defineProperty({}, 'of', { get: boom }),
    ];
    for (const item of odd) expect(() => plugin.context?.evidence(item as never)).not.toThrow();
    plugin.context?.evidence({
      of: 'order',
      order: testOrder({ orderId: '9' as never, updatedAt: 1, asOf: 1 }),
    });
    expect(seen).toEqual(['9']);
    await broker.close();
  });

  it('whose market can not be watched or left harms neither orders nor the end', async () => {
    const limits = { priceBandTicks: 10 };
    const refused = await withOdd({ change: () => ({ watchMarket: boom }), options: { limits } });
    expect(await refused.broker.placeLimitOrder({ ...market, limitPrice: 20_000 })).toMatchObject({
      kind: 'not-sent',
      code: 'NO_LAST_PRICE',
    });
    await expect(refused.broker.subscribe({ symbol: 'MNQ' })).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: 'The adapter scripted could not watch MNQZ6: boom',
    });
    await refused.broker.close();
    for (const stop of [boom, undefined, 5, () => Promise.reject(new Error('boom'))]) {
      const { broker } = await withOdd({
        change: () => ({ watchMarket: () => stop }),
        options: { limits },
      });
      await broker.placeLimitOrder({ ...market, limitPrice: 20_000 });
      await broker.subscribe({ symbol: 'MNQ' });
      await broker.close();
    }
    await turns();
  });

  it('that brings market data that can not be read, or a listener that fails, harms nobody', async () => {
    let bring = (_item: MarketEvidence): void => undefined;
    const lines: string[] = [];
    const take = (_fields: object, message: string): void => void lines.push(message);
    const { broker } = await withOdd({
      change: () => ({
        watchMarket: (_contract: unknown, _channels: unknown, listener: typeof bring) => {
          bring = listener;
          return () => undefined;
        },
      }),
      options: { log: { debug: take, info: take, warn: take, error: take } },
    });
    const heard: unknown[] = [];
    await broker.subscribe({ symbol: 'MNQ' }, (item) => {
      heard.push(item);
      if (heard.length === 1) throw new Error('boom');
      return Promise.reject(new Error('boom')) as never;
    });
    for (const item of [undefined, { of: 'live' }, { of: 'live' }])
      expect(() => bring(item as never)).not.toThrow();
    await turns();
    expect(heard).toHaveLength(2);
    expect(lines.filter((line) => line === 'a market listener failed')).toHaveLength(2);
    await broker.close();
  });

  it('that gives no read to try an executor with leaves it to the others, and no executor is called broken for it', async () => {
    const clock = createManualClock();
    let failing = true;
    const keepWarm = {
      template: { operation: 'read', method: 'GET', path: '/ping', headers: {} },
      authorization: undefined,
      body: '',
    } as const;
    const { broker } = await withOdd({
      change: ({ endpoint }) => ({ probe: boom, endpoint: { ...endpoint, keepWarm } }),
      clock,
      deliver: ({ request }) =>
        failing && request.template.operation !== 'read'
          ? silent()
          : answered({ is: 'accepted', orderId: '1' }),
      options: { health: { failuresInRow: 1, probeAfterMs: 1_000, goodProbes: 1 }, settleMs: 1 },
    });
    await broker.placeMarketOrder(market);
    expect(await broker.placeMarketOrder(market)).toMatchObject({ code: 'EXECUTORS_TRIPPED' });
    failing = false;
    clock.advance(1_000);
    await turns();
    expect(await broker.placeMarketOrder(market)).toMatchObject({ executor: 'only' });
    await broker.close();
  });
});
