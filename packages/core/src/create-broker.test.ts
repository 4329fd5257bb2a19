import { describe, expect, it } from 'vitest';
import { createBroker } from './create-broker.ts';
import { coreVersion } from './version.ts';
import { memoryJournal } from './journal/memory-journal.ts';
import { scriptedAdapter, testContract } from './testing/scripted-adapter.ts';
import { answered, notWritten, scriptedExecutor, silent } from './testing/scripted-executor.ts';
import { scriptedBroker } from './testing/scripted-broker.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const accepted = answered({ is: 'accepted', orderId: '3400000001' });
const refused = answered({
  is: 'refused',
  code: 'INSUFFICIENT_FUNDS',
  venueCode: 3,
  message: 'No funds.',
});
const routing = { version: 1, salt: 's', default: { fast: 100, fallback: 0 } } as const;
const adapter = () => scriptedAdapter({ contracts: [testContract({ root: 'MNQ' })] });

describe('createBroker', () => {
  it('names everything that is wrong at once', async () => {
    const factory = () => scriptedExecutor(() => accepted);
    const options = {
      adapter: undefined,
      executors: { fast: factory, '2nd': { ...factory(), apiVersion: 9 } },
      journal: {},
      answerTimeoutMs: -1,
    };
    await expect(createBroker(options as never)).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      problems: [
        'adapter: is undefined, must be an adapter such as topstepx({ … })',
        'executors.fast: is a factory; call it, as in fastExecutor()',
        'executors.2nd: a key begins with a letter',
        `executors.2nd: scripted was made for version 9 of the plugin interface, this is version 1 (@hotpath/core ${coreVersion}): update @hotpath/core to a release that has version 9`,
        'routing: is missing; give the share of each executor in percent',
        'journal: is missing; give fileJournal(path), or memoryJournal() if a crash may forget open orders',
        'answerTimeoutMs: is -1, must be milliseconds, 0 or more',
      ],
    });
  });

  it('names the words that rateLimited and reduceWith may be', async () => {
    const wrong: object = { rateLimited: 'ignored', reduceWith: 'order' };
    await expect(
      scriptedBroker({ fast: () => answered({ is: 'accepted', orderId: '7' }), ...wrong }),
    ).rejects.toThrow(
      /rateLimited: is "ignored", must be "unknown" or "refused"[\s\S]*reduceWith: is "order", must be "venue-call" or "tagged-order"/,
    );
  });

  it('refuses a routing that is no table, no path and no source', async () => {
    const starting = createBroker({
      adapter: adapter(),
      executors: { fast: scriptedExecutor(() => accepted) },
      routing: 25 as never,
      journal: memoryJournal(),
    });
    await expect(starting).rejects.toMatchObject({
      problems: ["routing: is 25, must be a table, a file's path, or a source of tables"],
    });
  });

  it('starts without an executor that can not be set up; its orders go to the next in order', async () => {
    const broken = {
      ...scriptedExecutor(() => accepted),
      setup: () => Promise.reject(new Error('no such library')),
    };
    const broker = await createBroker({
      adapter: adapter(),
      executors: { fast: broken, fallback: scriptedExecutor(() => accepted) },
      routing,
      journal: memoryJournal(),
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'accepted',
      executor: 'fallback',
      deliveries: 1,
    });
    expect(broker.executors()).toMatchObject({
      fast: { available: false, reason: 'no such library' },
      fallback: { available: true },
    });
    await broker.close();
  });

  it('rejects when such an executor is required, and closes what it opened', async () => {
    const broken = {
      ...scriptedExecutor(() => accepted),
      setup: () => Promise.reject(new Error('no such library')),
    };
    const executors = {
      fast: { use: broken, required: true },
      fallback: scriptedExecutor(() => accepted),
    };
    await expect(
      createBroker({ adapter: adapter(), executors, routing, journal: memoryJournal() }),
    ).rejects.toMatchObject({
      code: 'EXECUTOR_UNAVAILABLE',
      message: "executors.fast is required and can't be used: no such library",
    });
  });

  it('holds routing against the executors there are', async () => {
    const executors = { fast: scriptedExecutor(() => accepted) };
    const wrong = { version: 1, salt: 's', default: { fast: 50, fats: 50 } };
    await expect(
      createBroker({
        adapter: adapter(),
        executors,
        routing: wrong as never,
        journal: memoryJournal(),
      }),
    ).rejects.toThrowError(/default\.fats: there is no executor of that name/);
  });
});

describe('routing by config', () => {
  it('sends each order where assignExecutor says, and keeps the others where they were', async () => {
    const { broker, fast, fallback } = await scriptedBroker({
      routing: { version: 1, salt: 's', default: { fast: 25, fallback: 75 } },
      fast: () => refused,
      fallback: () => refused,
    });
    for (let index = 0; index < 400; index += 1)
      await broker.placeMarketOrder({ ...market, clientOrderId: `order-${index}` });
    expect(fast.deliveries.length + fallback.deliveries.length).toBe(400);
    expect(fast.deliveries.length).toBeGreaterThan(70);
    expect(fast.deliveries.length).toBeLessThan(130);
    await broker.close();
  });

  it('takes new tables from a source between orders, and keeps the last good one when one is bad', async () => {
    let push = (_table: unknown): void => undefined;
    const tables: AsyncIterable<never> = {
      async *[Symbol.asyncIterator]() {
        yield routing as never;
        for (;;) yield (await new Promise<unknown>((resolve) => void (push = resolve))) as never;
      },
    };
    const { broker } = await scriptedBroker({
      routing: tables,
      fast: () => silent(),
      fallback: () => silent(),
    });
    const rejected = new Promise((resolve) => broker.once('routing.rejected', resolve));
    expect(await broker.placeMarketOrder(market)).toMatchObject({ executor: 'fast' });
    push({ ...routing, default: { fast: 0, fallback: 100 } });
    await new Promise(setImmediate);
    expect(await broker.placeMarketOrder(market)).toMatchObject({ executor: 'fallback' });
    push({ ...routing, default: { fast: 50, fallback: 60 } });
    expect(await rejected).toEqual({ problems: ['default: adds up to 110, must be 100'] });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ executor: 'fallback' });
    await broker.close();
  });

  it('says at the start that a rule for modify or cancel is only for orders of others', async () => {
    const warnings: object[] = [];
    const nothing = (): void => undefined;
    const rules = [
      { match: { symbol: 'MNQ' }, weights: { fast: 100 } },
      { match: { operation: 'cancel' }, weights: { fallback: 100 } },
    ] as const;
    const { broker } = await scriptedBroker({
      routing: { ...routing, rules },
      log: {
        debug: nothing,
        info: nothing,
        warn: (fields) => void warnings.push(fields),
        error: nothing,
      },
      fast: () => accepted,
    });
    expect(warnings).toEqual([
      {
        routing: expect.stringMatching(
          /^rules\.1\.match\.operation: cancel rules apply only to orders that this broker did not place/,
        ),
      },
    ]);
    await broker.close();
  });

  it('"off" means not used at all, not even for takeover', async () => {
    const { broker, fast, fallback } = await scriptedBroker({
      routing: { ...routing, off: ['fallback'] },
      fast: () => notWritten(),
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'UNREACHABLE',
    });
    expect([fast.deliveries.length, fallback.deliveries.length]).toEqual([1, 0]);
    expect(broker.executors().fallback).toMatchObject({
      available: false,
      reason: 'turned off by routing',
    });
    await broker.close();
  });

  it('passes by an executor that became unavailable, and comes back to it', async () => {
    const { broker, fast, fallback } = await scriptedBroker({
      fast: () => accepted,
      fallback: () => answered({ is: 'accepted', orderId: '3400000002' }),
    });
    fast.state = { is: 'unavailable', reason: 'no network' };
    expect(await broker.placeMarketOrder(market)).toMatchObject({ executor: 'fallback' });
    fast.state = { is: 'ready', idleConnections: 1, busyConnections: 0 };
    expect(await broker.placeMarketOrder(market)).toMatchObject({ executor: 'fast' });
    expect(fallback.deliveries).toHaveLength(1);
    await broker.close();
  });
});

describe('broker', () => {
  it('counts deliveries and percentiles by executor and operation, and logs one line for each', async () => {
    const lines: { readonly message: string }[] = [];
    const hear = (fields: object, message: string): void => void lines.push({ ...fields, message });
    const { broker } = await scriptedBroker({
      log: { debug: hear, info: hear, warn: hear, error: hear },
      fast: (_, index) =>
        index % 2 === 0 ? answered({ is: 'accepted', orderId: String(index) }) : silent(),
    });
    for (let index = 0; index < 10; index += 1) await broker.placeMarketOrder(market);
    const { place } = broker.executors().fast.operations;
    expect(place).toMatchObject({
      count: 10,
      outcomes: { accepted: 5, unknown: 5 },
      latency: { p50Us: expect.any(Number), p95Us: expect.any(Number), p99Us: expect.any(Number) },
    });
    await broker.close();
    const outcomes = lines.filter(({ message }) => message === 'outcome');
    expect(outcomes).toHaveLength(10);
    expect(outcomes[0]).toMatchObject({
      executor: 'fast',
      operation: 'place',
      outcome: 'accepted',
      settledMs: expect.any(Number),
    });
  });

  it('P02: refuses what the budget has no room for, and says when it will', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: (_, index) => answered({ is: 'accepted', orderId: String(index) }),
      adapter: { capabilities: { rateLimit: { requests: 3, windowMs: 60_000, reserve: 1 } } },
    });
    await broker.placeMarketOrder(market);
    await broker.placeMarketOrder(market);
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'third' })).toMatchObject({
      kind: 'not-sent',
      code: 'BUDGET_EXHAUSTED',
      retryAfterMs: expect.any(Number),
    });
    expect(fast.deliveries).toHaveLength(2);
    expect((await broker.cancelOrder({ orderId: '1' })).deliveries).toBe(1);
    await broker.close();
  });

  it('J01: sends no place unrecorded, but lets a cancel go', async () => {
    const journal = {
      ...memoryJournal(),
      append: () => {
        throw new Error('disk full');
      },
    };
    const { broker, fast } = await scriptedBroker({ journal, fast: () => accepted });
    const failures: unknown[] = [];
    broker.on('journal.failed', (event) => failures.push(event));
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'JOURNAL_FAILED',
    });
    expect(fast.deliveries).toHaveLength(0);
    await broker.cancelOrder({ orderId: '1' });
    expect(fast.deliveries).toHaveLength(1);
    expect(failures.length).toBeGreaterThan(0);
    await broker.close();
  });

  it('dryRun does everything but the write', async () => {
    const { broker, fast } = await scriptedBroker({ fast: () => accepted });
    expect(await broker.placeMarketOrder({ ...market, dryRun: true })).toMatchObject({
      kind: 'not-sent',
      code: 'DRY_RUN',
      deliveries: 0,
    });
    expect(fast.deliveries).toHaveLength(0);
    await broker.close();
  });

  it('a listener that throws or rejects is logged and harms nothing', async () => {
    const logged: object[] = [];
    const nothing = (): void => undefined;
    const { broker } = await scriptedBroker({
      log: {
        debug: nothing,
        info: nothing,
        warn: nothing,
        error: (fields) => void logged.push(fields),
      },
      fast: (_, index) => answered({ is: 'accepted', orderId: String(index) }),
    });
    const heard: string[] = [];
    broker.on('order.accepted', () => {
      throw new Error('mine');
    });
    broker.on('order.accepted', () => Promise.reject(new Error('mine too')));
    broker.once('order.accepted', () => heard.push('once'));
    const always = (): void => void heard.push('always');
    broker.on('order.accepted', always);
    expect((await broker.placeMarketOrder(market)).kind).toBe('accepted');
    broker.off('order.accepted', always);
    await broker.placeMarketOrder(market);
    expect(heard).toEqual(['once', 'always']);
    expect(logged).toHaveLength(4);
    await broker.close();
  });

  it('takes nothing after close, and close waits for what is under way', async () => {
    let answer = (): void => undefined;
    const { broker, fast } = await scriptedBroker({
      fast: () => new Promise((resolve) => void (answer = () => resolve(accepted))),
    });
    const placing = broker.placeMarketOrder(market);
    const closing = broker.close();
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'BROKER_CLOSED',
    });
    answer();
    await closing;
    expect((await placing).kind).toBe('accepted');
    expect(fast.deliveries).toHaveLength(1);
  });

  it("P20: an order id that is another intent's proves nothing", async () => {
    const { broker } = await scriptedBroker({ fast: () => accepted });
    expect((await broker.placeMarketOrder(market)).kind).toBe('accepted');
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'unknown',
      code: 'ANSWER_UNEXPECTED',
    });
    await broker.close();
  });
});
