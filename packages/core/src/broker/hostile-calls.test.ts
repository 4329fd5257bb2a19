import { EventEmitter } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Broker } from './broker.ts';
import { HotpathError } from '../errors/hotpath-error.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered } from '../testing/scripted-executor.ts';
import { fields, fine, nasty } from '../testing/nasty-values.ts';

const boom = (): never => {
  throw new Error('boom');
};
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const numbered = (_: unknown, index: number) =>
  answered({ is: 'accepted', orderId: String(index + 1) });
const mutations = [
  'placeOrder',
  'placeMarketOrder',
  'placeLimitOrder',
  'placeStopOrder',
  'placeTrailingStopOrder',
  'modifyOrder',
  'cancelOrder',
  'closePosition',
  'reducePosition',
] as const;
const exits = ['cancelAllOrders', 'flatten'] as const;
const reads = [
  'getOrder',
  'getOpenOrders',
  'getOrderHistory',
  'getPositions',
  'getTrades',
  'getContract',
  'searchContracts',
  'getBars',
  'subscribe',
  'waitForFill',
  'explain',
] as const;
const looks = ['getIntent', 'intents', 'metrics', 'setLimits', 'on', 'once', 'off'] as const;

const value = fc.constantFrom(...nasty);
const oneField = fc
  .constantFrom(...fields)
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...(fine.get(name) ?? nasty)) },
        { weight: 2, arbitrary: value },
      ),
      fc.constantFrom('value', 'value', 'value', 'throws', 'turns'),
    ),
  );
const request = fc.oneof(
  { weight: 1, arbitrary: value },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.array(oneField, { maxLength: 8 }), fc.boolean())
      .map(([parts, isFrozen]) => {
        const given = { symbol: 'MNQ', side: 'buy', quantity: 1, type: 'market' };
        for (const [name, one, how] of parts) {
          let asked = 0;
          Object.defineProperty(
            given,
            name,
            how === 'value'
              ? { value: one, enumerable: true, configurable: true, writable: true }
              : {
                  get: how === 'throws' ? boom : () => ((asked += 1) > 1 ? 1e308 : one),
                  enumerable: true,
                  configurable: true,
                },
          );
        }
        return isFrozen ? Object.freeze(given) : given;
      }),
  },
);

type Answer = 'an outcome' | 'a report' | 'an answer' | 'a coded error' | 'a coded throw';

/** What a call came to; anything else than one of these is given as it is. */
async function answerOf(act: () => unknown): Promise<unknown> {
  let result: unknown;
  try {
    result = act();
  } catch (error) {
    return isCoded(error) ? ('a coded throw' satisfies Answer) : error;
  }
  try {
    const answer = await result;
    if (typeof answer !== 'object' || answer === null) return 'an answer' satisfies Answer;
    if ('deliveries' in answer && 'kind' in answer)
      return outcomes.some((kind) => kind === answer.kind)
        ? ('an outcome' satisfies Answer)
        : answer;
    return 'complete' in answer ? ('a report' satisfies Answer) : ('an answer' satisfies Answer);
  } catch (error) {
    return isCoded(error) ? ('a coded error' satisfies Answer) : error;
  }
}

const outcomes = ['accepted', 'rejected', 'not-sent', 'unknown'];
const isCoded = (error: unknown): boolean =>
  HotpathError.is(error) && /^[A-Z_]{5,}$/.test(error.code);
const right = new Map<string, readonly Answer[]>([
  ...mutations.map((name) => [name, ['an outcome']] as const),
  ...exits.map((name) => [name, ['a report']] as const),
  ...reads.map((name) => [name, ['an answer', 'a coded error']] as const),
  ...looks.map((name) => [name, ['an answer', 'a coded throw']] as const),
]);

describe('whatever a bot hands in', () => {
  it.each([
    ['at work', () => undefined],
    ['halted', (broker: Broker) => broker.halt()],
    ['closed', (broker: Broker) => broker.close()],
  ])(
    'a broker that is %s gives an outcome of a mutation, a report of a way out, an answer or a coded error of a read, and only valid orders leave',
    async (_state, bring) => {
      const { broker, fast } = await scriptedBroker({
        fast: numbered,
        adapter: { bars: () => Promise.resolve([]), watchMarket: () => () => undefined },
      });
      await bring(broker);
      const call = (name: string, args: readonly unknown[]): unknown =>
        (broker as unknown as Record<string, (...given: readonly unknown[]) => unknown>)[name]?.(
          ...args,
        );
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...right.keys()),
          request,
          value,
          async (name, first, second) => {
            expect(right.get(name)).toContain(await answerOf(() => call(name, [first, second])));
          },
        ),
        { numRuns: 1_000 },
      );
      const places = fast.deliveries
        .filter((one) => one.request.template.operation === 'place')
        .map((one) => JSON.parse(one.request.body) as Record<string, unknown>);
      for (const place of places)
        expect(place).toMatchObject({
          contractId: 'CON.F.US.MNQ.Z26',
          side: expect.stringMatching(/^(?:buy|sell)$/),
          quantity: 1,
          tag: expect.stringMatching(/^[A-Za-z0-9_-]{1,48}$/),
        });
      expect(Object.keys(Object.prototype)).toEqual([]);
      await broker.close();
    },
  );

  it('says of a request that can not be read which field it is, and nothing leaves', async () => {
    const { broker, fast } = await scriptedBroker({ fast: numbered });
    const without = (field: string, given: object): never =>
      Object.defineProperty({ ...given }, field, { enumerable: true, get: boom }) as never;
    const proxied = new Proxy({}, { ownKeys: boom, get: boom, getPrototypeOf: boom }) as never;
    const calls: readonly (readonly [
      operation: string,
      field: string,
      outcome: Promise<unknown>,
    ])[] = [
      ['place', 'limitPrice', broker.placeLimitOrder(without('limitPrice', market))],
      [
        'place',
        'order',
        broker.placeMarketOrder({ ...market, bracket: without('stopLossTicks', {}) }),
      ],
      ['place', 'type', broker.placeOrder(proxied)],
      ['modify', 'quantity', broker.modifyOrder(without('quantity', { orderId: '7' }))],
      ['cancel', 'orderId', broker.cancelOrder(without('orderId', {}))],
      ['cancel', 'dryRun', broker.cancelOrder(without('dryRun', { orderId: '7' }))],
      ['cancel', 'orderId', broker.cancelOrder(proxied)],
      ['close', 'symbol', broker.closePosition(without('symbol', {}))],
      ['reduce', 'quantity', broker.reducePosition(without('quantity', { symbol: 'MNQ' }))],
    ];
    for (const [operation, field, outcome] of calls)
      expect(await outcome).toMatchObject({
        kind: 'not-sent',
        operation,
        code: 'INVALID_ORDER',
        field,
        message: `${field} can't be read (boom)`,
      });
    expect(fast.deliveries).toEqual([]);
    await broker.close();
  });

  it('gets out by what can be read, where that says what of', async () => {
    const warned: unknown[] = [];
    const log = {
      debug: () => undefined,
      info: () => undefined,
      error: () => undefined,
      warn: (...line: readonly unknown[]) => void warned.push(line),
    };
    const position = {
      contractId: 'CON.F.US.MNQ.Z26',
      side: 'buy',
      quantity: 2,
      averagePrice: 1,
      openedAt: 0,
      asOf: 0,
    } as never;
    const { broker, fast } = await scriptedBroker({
      fast: numbered,
      log,
      adapter: { positions: () => [position] },
    });
    const without = (field: string, given: object): never =>
      Object.defineProperty({ ...given }, field, { enumerable: true, get: boom }) as never;
    let looked = 0;
    const once = Object.defineProperty({}, 'symbol', {
      enumerable: true,
      get: () => ((looked += 1) === 1 ? boom() : 'MNQ'),
    }) as never;
    void broker.cancelOrder(without('clientOrderId', { orderId: '7' }));
    void broker.reducePosition(without('deadlineMs', { symbol: 'MNQ', quantity: 1 }));
    await expect
      .poll(() => fast.deliveries.map(({ request: { template } }) => template.operation))
      .toEqual(['cancel', 'reduce']);
    expect(warned).toContainEqual([
      expect.objectContaining({
        operation: 'cancel',
        leftOut: ['clientOrderId'],
        error: expect.any(Error),
      }),
      'a part of a way out could not be read',
    ]);
    await broker.close();
    const other = await scriptedBroker({
      fast: numbered,
      adapter: { positions: () => [position] },
    });
    void other.broker.closePosition(once);
    await expect
      .poll(() => other.fast.deliveries.map(({ request: { template } }) => template.operation))
      .toEqual(['close']);
    await other.broker.close();
  });

  it('sends what was looked at, though a getter gives something else the next time', async () => {
    const { broker, fast } = await scriptedBroker({ fast: numbered });
    let asked = 0;
    const turning = Object.defineProperty({ symbol: 'MNQ', side: 'buy' }, 'quantity', {
      enumerable: true,
      get: () => ((asked += 1) === 1 ? 1 : 500),
    });
    expect(await broker.placeMarketOrder(turning as never)).toMatchObject({ kind: 'accepted' });
    expect(JSON.parse(fast.deliveries[0]?.request.body ?? '{}')).toMatchObject({ quantity: 1 });
    await broker.close();
  });

  it('refuses what only looks like a signal, and asks it nothing', async () => {
    const { broker, fast } = await scriptedBroker({ fast: numbered });
    for (const signal of [
      new Proxy(AbortSignal.abort(), { get: boom }),
      Object.create(AbortSignal.prototype),
      { aborted: false },
    ] as const) {
      expect(await broker.placeMarketOrder({ ...market, signal: signal as never })).toMatchObject({
        kind: 'not-sent',
        code: 'INVALID_ORDER',
        field: 'signal',
        message: 'signal is of type object, must be an AbortSignal',
      });
    }
    expect(fast.deliveries).toEqual([]);
    await broker.close();
  });

  it('refuses names and symbols that are too long to be meant', async () => {
    const { broker, fast } = await scriptedBroker({ fast: numbered });
    const long = 'x'.repeat(101);
    expect(await broker.placeMarketOrder({ ...market, symbol: long })).toMatchObject({
      code: 'INVALID_ORDER',
      field: 'symbol',
    });
    expect(await broker.placeMarketOrder({ ...market, strategy: long })).toMatchObject({
      code: 'INVALID_ORDER',
      field: 'strategy',
    });
    expect(await broker.closePosition({ symbol: long })).toMatchObject({
      code: 'INVALID_ORDER',
      field: 'symbol',
    });
    await expect(broker.getContract(long)).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
    expect(fast.deliveries).toEqual([]);
    await broker.close();
  });

  it('takes a way out all the same, and says what it did not understand', async () => {
    const { broker } = await scriptedBroker({ fast: numbered });
    expect(await broker.cancelAllOrders({ foriegn: true } as never)).toMatchObject({
      complete: false,
      problem: 'cancelAllOrders: foriegn: is no field here; did you mean "foreign"?',
    });
    expect(await broker.cancelAllOrders({ foreign: 'yes' } as never)).toMatchObject({
      complete: false,
      problem: 'cancelAllOrders: foreign: is "yes", must be true or false',
    });
    const flatten: (...given: readonly unknown[]) => Promise<unknown> = (...given) =>
      broker.flatten(...(given as []));
    expect(await flatten({ symbol: 'MNQ' })).toMatchObject({
      complete: true,
      problem: 'flatten: arguments: it takes none, and is about the whole account',
    });
    const halt: (...given: readonly unknown[]) => Promise<unknown> = (...given) =>
      broker.halt(...(given as []));
    const halting = halt('MNQ');
    expect(broker.isHalted).toBe(true);
    expect(await halting).toMatchObject({
      problem: 'halt: arguments: it takes none, and is about the whole account',
    });
    expect(await broker.flatten()).not.toHaveProperty('problem');
    await broker.close();
  });
});

describe('a method that is handed on by itself', () => {
  it('works as at its broker', async () => {
    const { broker, fast } = await scriptedBroker({ fast: numbered });
    // eslint-disable-next-line typescript/unbound-method -- that is what is tried
    const { placeMarketOrder, getOpenOrders, on, halt, close } = broker;
    const told: string[] = [];
    on('halted', () => told.push('halted'));
    expect(await placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
    expect(fast.deliveries).toHaveLength(1);
    expect(await getOpenOrders()).toEqual([]);
    // As a listener has it, with the event's arguments.
    new EventEmitter().once('SIGTERM', halt as () => void).emit('SIGTERM', 'SIGTERM', 15);
    expect(broker.isHalted).toBe(true);
    await expect.poll(() => told).toEqual(['halted']);
    await close();
    await expect(getOpenOrders()).rejects.toMatchObject({ code: 'BROKER_CLOSED' });
  });

  it('a subscription is closed by its method alone', async () => {
    let isWatched = true;
    const { broker } = await scriptedBroker({
      fast: numbered,
      adapter: { watchMarket: () => () => (isWatched = false) },
    });
    // eslint-disable-next-line typescript/unbound-method -- that is what is tried
    const { close } = await broker.subscribe({ symbol: 'MNQ' });
    await close();
    expect(isWatched).toBe(false);
    await broker.close();
  });
});
