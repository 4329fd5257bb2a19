// @runs-what-is-built
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, BudgetSource, Logger, RateLimit } from '@hotpath/core';
import { createBroker, memoryJournal, systemClock } from '@hotpath/core';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';

let gateway: Gateway;
let said: string[];
const open = new Set<Broker>();
beforeEach(async () => {
  said = [];
  gateway = await startGateway({ priceStepMs: 0 });
});
afterEach(async () => {
  await Promise.all([...open].map((broker) => broker.close()));
  open.clear();
  await gateway.close();
});

const say = (_fields: object, message: string): void => void said.push(message);
const log: Logger = { debug: () => undefined, info: () => undefined, warn: say, error: say };
/** As in a process of its own: brokers of one share their budget by the clock. */
async function connect(
  shareBudget: 'process' | BudgetSource,
  rateLimit?: RateLimit,
): Promise<Broker> {
  const broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
      rateLimit,
    }),
    executors: { only: fastExecutor() },
    routing: { version: 1, salt: 'source', default: { only: 100 } },
    journal: memoryJournal(),
    clock: { ...systemClock },
    log,
    shareBudget,
  });
  open.add(broker);
  return broker;
}
const never = (): Promise<never> => new Promise(() => undefined);
const order = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;

const sources: readonly (readonly [string, BudgetSource])[] = [
  ['never answers', { exchange: never, throttled: () => undefined, close: never }],
  [
    'rejects',
    {
      exchange: () => Promise.reject(new Error('away')),
      throttled: () => undefined,
      close: () => Promise.reject(new Error('away')),
    },
  ],
  [
    'throws',
    {
      exchange: () => {
        throw new Error('away');
      },
      throttled: () => {
        throw new Error('away');
      },
      close: () => {
        throw new Error('away');
      },
    },
  ],
  [
    'lies',
    {
      exchange: () =>
        Promise.resolve({
          general: Number.NaN,
          reserve: -1,
          validMs: Number.POSITIVE_INFINITY,
          keeper: 'x',
          heldForMs: Number.NaN,
        }),
      throttled: () => undefined,
      close: () => Promise.resolve(),
    },
  ],
];

describe.each(sources)(
  "a bot whose author's source of requests %s from the start",
  (_how, source) => {
    it("starts, is told why it can't enter, gets out, and ends", async () => {
      const before = await connect('process');
      const resting = await before.placeLimitOrder({ ...order, limitPrice: 10_000 });
      await before.placeMarketOrder(order);
      const began = performance.now();
      const broker = await connect(source);
      expect(performance.now() - began).toBeLessThan(10_000);
      const entry = await broker.placeMarketOrder(order);
      expect(entry).toMatchObject({
        kind: 'not-sent',
        code: 'BUDGET_EXHAUSTED',
        retryAfterMs: 250,
        message: expect.stringContaining(
          'the keeper of the shared rate budget does not answer',
        ) as unknown,
      });
      expect(
        resting.kind === 'accepted' && (await broker.cancelOrder({ orderId: resting.orderId })),
      ).toMatchObject({ kind: 'accepted', became: 'cancelled' });
      expect(await broker.flatten()).toMatchObject({ complete: true });
      expect(gateway.truth().positions).toEqual([]);
      expect(broker.metrics().budget?.shared).toMatchObject({
        with: 'source',
        nobodyLendsSince: expect.any(Number) as unknown,
        because: expect.any(String) as unknown,
      });
      expect(said.filter((message) => message.startsWith('nobody lends'))).toHaveLength(1);
      const closing = performance.now();
      await broker.close();
      open.delete(broker);
      expect(performance.now() - closing).toBeLessThan(10_000);
    }, 60_000);
  },
);

it("a bot whose author's source hangs only when it is closed ends all the same", async () => {
  const broker = await connect({
    exchange: (_settled, wanted) =>
      wanted.general + wanted.reserve === 0
        ? never()
        : Promise.resolve({ ...wanted, validMs: 2_000, keeper: 'mine', heldForMs: 0 }),
    throttled: () => undefined,
    close: never,
  });
  expect(await broker.placeLimitOrder({ ...order, limitPrice: 10_000 })).toMatchObject({
    kind: 'accepted',
  });
  const began = performance.now();
  await broker.close();
  open.delete(broker);
  expect(performance.now() - began).toBeLessThan(10_000);
}, 60_000);

it('a bot that polls can still enter', async () => {
  const broker = await connect('process');
  let [read, refused] = [0, 0];
  // All at once: some leave, some wait, and those for which no time is left are told so.
  const reads = Array.from({ length: 230 }, () =>
    broker.getAccount().then(
      () => (read += 1),
      (error: { readonly code: string }) =>
        error.code === 'BUDGET_EXHAUSTED' ? (refused += 1) : 0,
    ),
  );
  const entry = await broker.placeMarketOrder(order);
  expect(entry.kind).toBe('accepted');
  await Promise.all(reads);
  expect(read).toBeLessThanOrEqual(100);
  expect(read + refused).toBe(230);
  expect(broker.metrics().budget?.left).toMatchObject({ reads: 0 });
}, 60_000);

it('a read waits for room in its own time, and ends at once when the bot does', async () => {
  const broker = await connect('process', { requests: 40, windowMs: 4_000, reserve: 12 });
  const began = performance.now();
  for (let read = 0; read < 45; read += 1)
    expect(await broker.getAccount()).toMatchObject({ name: 'PRAC-V2-1001' });
  expect(performance.now() - began).toBeGreaterThan(4_000);
  const ends = Promise.all(
    Array.from({ length: 30 }, () =>
      broker.getAccount().then(
        () => 'read',
        (error: { readonly code: string }) => error.code,
      ),
    ),
  );
  const closing = performance.now();
  await broker.close();
  open.delete(broker);
  expect(new Set(await ends)).toContain('BROKER_CLOSED');
  expect(performance.now() - closing).toBeLessThan(2_000);
}, 60_000);

it('a process that nothing else keeps alive does not end in the middle of its start or its end', async () => {
  const bot = spawn(
    process.execPath,
    [fileURLToPath(new URL('hung-source-bot.mjs', import.meta.url)), gateway.url],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let told = '';
  bot.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  expect(await once(bot, 'close')).toEqual([0, null]);
  expect(told).toBe('started\nflat true\nclosed\n');
}, 60_000);
