import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions, ExecutorPlugin } from '@hotpath/core';
import { consoleLogger, createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type Key = 'fast' | 'fallback';
/** A line of the log as a file has it: what a person would read a day later. */
type Line = Readonly<Record<string, unknown>>;

const resting = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 10_000 } as const;
let gateway: Gateway;
let text: string;
const open: Broker[] = [];

beforeEach(async () => {
  gateway = await startGateway({
    priceStepMs: 0,
    rateLimit: { everythingElse: 'off' },
    accounts: [
      { id: 700_001, name: 'PRAC-V2-1001' },
      { id: 700_002, name: 'PRAC-V2-1002' },
    ],
  });
  text = '';
});
/** Messages and fields that docs/broker.md lists. */
const documented = (
  readFileSync(new URL('../../../docs/broker.md', import.meta.url), 'utf8').split(
    '## What the log says',
  )[1] ?? ''
).split('`');

afterEach(async () => {
  for (const broker of open.splice(0)) await broker.close();
  await gateway.close();
});

async function start(
  options: Partial<BrokerOptions<Key>> = {},
  account = 'PRAC-V2-1001',
): Promise<Broker<Key>> {
  const broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account,
      baseUrl: gateway.url,
      rateLimit: 'off',
    }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: { version: 1, salt: 's', default: { fast: 50, fallback: 50 } },
    journal: memoryJournal(),
    log: consoleLogger('info', (line) => void (text += line)),
    ...options,
  });
  open.push(broker);
  return broker;
}

const lines = (): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
/** Messages at `info` and fields that docs/broker.md does not name. */
function undocumented(): string[] {
  return lines().flatMap(({ level, message, ...fields }) => {
    if (!documented.includes(String(message))) return level === 'info' ? [String(message)] : [];
    return Object.keys(fields)
      .filter((field) => !documented.includes(field))
      .map((field) => `${String(message)}.${field}`);
  });
}
const linesOf = (id: string): Line[] => lines().filter(({ clientOrderId }) => clientOrderId === id);

/** Which path an order went, how long it took and what became of it: nothing but its line is asked. */
function answerOf({
  operation,
  executor,
  because,
  earlier,
  totalMs,
  settledMs,
  outcome,
  code = '',
  text: words,
}: Line): object {
  return {
    operation,
    path: executor,
    why: because,
    earlier,
    tookMs: totalMs ?? settledMs,
    became: [outcome, code].join(' ').trim(),
    words,
  };
}

describe('from the log alone a person can tell', () => {
  it('of every order which path it went and why, how long it took, and what became of it', async () => {
    const broker = await start();
    const outcomes = [];
    for (let index = 0; index < 20; index += 1)
      outcomes.push(await broker.placeLimitOrder({ ...resting, clientOrderId: `entry-${index}` }));
    gateway.faults.add({
      endpoint: 'Order/place',
      fault: { kind: 'answer', errorCode: 3, errorMessage: 'Not enough margin.' },
      nth: 1,
    });
    outcomes.push(await broker.placeLimitOrder({ ...resting, clientOrderId: 'refused' }));
    await broker.modifyOrder({ clientOrderId: 'entry-0', limitPrice: 10_000.25 });
    await broker.cancelOrder({ clientOrderId: 'entry-0' });
    await broker.placeMarketOrder({
      symbol: 'MNQ',
      side: 'buy',
      quantity: 2,
      clientOrderId: 'market',
    });
    const closed = await broker.closePosition({ symbol: 'MNQ' });
    await broker.close();

    for (const outcome of outcomes) {
      const [line, ...more] = linesOf(outcome.clientOrderId ?? '').filter(
        ({ operation }) => operation === 'place',
      );
      expect(more).toEqual([]);
      expect(line).toMatchObject({
        message: 'outcome',
        account: 'PRAC-V2-1001',
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
      });
      expect(answerOf(line ?? {})).toEqual({
        operation: 'place',
        path: outcome.executor,
        tookMs: expect.any(Number),
        became: outcome.kind === 'accepted' ? 'accepted' : `${outcome.kind} ${outcome.code}`,
        words: outcome.kind === 'accepted' ? undefined : outcome.message,
        why: undefined,
        earlier: undefined,
      });
    }
    expect(
      new Set(
        lines()
          .filter(({ operation }) => operation === 'place')
          .map(({ executor }) => executor),
      ),
    ).toEqual(new Set(['fast', 'fallback']));
    expect(linesOf('refused')).toMatchObject([
      {
        level: 'warn',
        code: 'INSUFFICIENT_FUNDS',
        text: expect.stringContaining('Not enough margin.'),
      },
    ]);
    expect(linesOf('entry-0').map(answerOf)).toMatchObject([
      { operation: 'place' },
      {
        operation: 'modify',
        why: expect.stringContaining('it placed the order'),
        became: 'accepted',
      },
      { operation: 'cancel', became: 'accepted' },
    ]);
    expect(linesOf(closed.clientOrderId ?? '')).toMatchObject([
      {
        operation: 'close',
        symbol: 'MNQ',
        outcome: 'accepted',
        became: 'flat',
        executor: expect.any(String),
        totalMs: expect.any(Number),
      },
    ]);
    expect(undocumented()).toEqual([]);
  });

  it('that an order was taken over, from whom and why', async () => {
    // A port at which nobody listens any more: every connection is refused.
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const real = fastExecutor();
    const lost: ExecutorPlugin = {
      ...real,
      async setup(context) {
        const executor = await real.setup({
          ...context,
          endpoint: { ...context.endpoint, origin: new URL(`http://127.0.0.1:${port}`) },
        });
        // As if it had been connected once: its orders are given to it, and come back unwritten.
        return {
          connect: () => Promise.resolve(),
          deliver: (request, options) => executor.deliver(request, options),
          close: () => executor.close(),
          state: { is: 'connecting' },
        };
      },
    };
    const broker = await start({
      executors: { fast: lost, fallback: fallbackExecutor() },
      routing: { version: 1, salt: 's', default: { fast: 100, fallback: 0 } },
    });
    await broker.placeLimitOrder({ ...resting, clientOrderId: 'entry' });
    await broker.close();
    expect(linesOf('entry').map(answerOf)).toEqual([
      {
        operation: 'place',
        path: 'fallback',
        why: 'takeover from fast: REFUSED',
        earlier: [{ executor: 'fast', code: 'REFUSED' }],
        tookMs: expect.any(Number),
        became: 'accepted',
        words: undefined,
      },
    ]);
    expect(undocumented()).toEqual([]);
  });

  it('that nobody knew at first, and the end of it', async () => {
    gateway.faults.add({
      endpoint: 'Order/place',
      fault: { kind: 'stall', at: 'before-accepting', forMs: 1_500 },
      nth: 1,
    });
    const broker = await start({ outcomeWithinMs: 300, lookupAfterMs: 5_000 });
    const outcome = await broker.placeLimitOrder({ ...resting, clientOrderId: 'entry' });
    if (outcome.kind === 'unknown' && !outcome.final) await outcome.resolved;
    await broker.close();
    expect(linesOf('entry')).toMatchObject([
      {
        message: 'outcome',
        level: 'warn',
        outcome: 'unknown',
        code: 'NO_ANSWER',
        executor: expect.any(String),
      },
      { message: 'resolved', level: 'info', outcome: 'accepted', settledMs: expect.any(Number) },
    ]);
    expect(undocumented()).toEqual([]);
  });

  it('with which account, adapter, executors, shares, journal and limits each of two brokers of one process trades', async () => {
    await start({
      routing: { version: 1, salt: 's', default: { fast: 30, fallback: 70 } },
      limits: { maxContracts: 5 },
    });
    await start({}, 'PRAC-V2-1002');
    const started = lines().filter(({ message }) => message === 'started');
    expect(started).toMatchObject([
      {
        account: 'PRAC-V2-1001',
        adapter: 'topstepx',
        adapterPackage: expect.stringMatching(/^@hotpath\/adapter-topstepx@\d/),
        venue: gateway.url,
        core: expect.stringMatching(/^\d/),
        executors: [
          {
            key: 'fast',
            plugin: 'fast',
            package: expect.stringMatching(/^@hotpath\/executor-fast@\d/),
            sharePercent: 30,
            available: true,
          },
          {
            key: 'fallback',
            plugin: 'fallback',
            package: expect.stringMatching(/^@hotpath\/executor-fallback@\d/),
            sharePercent: 70,
            available: true,
          },
        ],
        limits: { maxContracts: 5 },
      },
      { account: 'PRAC-V2-1002', limits: 'none' },
    ]);
    for (const broker of open) await broker.placeLimitOrder({ ...resting });
    for (const broker of open.splice(0)) await broker.close();
    expect(
      lines()
        .filter(({ operation }) => operation === 'place')
        .map(({ account }) => account),
    ).toEqual(['PRAC-V2-1001', 'PRAC-V2-1002']);
    expect(undocumented()).toEqual([]);
    expect(text).not.toMatch(/demo-key|eyJ[A-Za-z0-9_-]+\.|Bearer/);
  });

  it('that a table came or was refused, that the token was renewed, and that the broker was halted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'));
    const path = join(folder, 'routing.json');
    const table = (fast: number, fallback: number): void =>
      writeFileSync(path, JSON.stringify({ version: 1, salt: 's', default: { fast, fallback } }));
    const told = (message: string): Line | undefined =>
      lines().find((line) => line['message'] === message);
    table(50, 50);
    const broker = await start({ routing: path });
    table(20, 80);
    await expect
      .poll(() => told('routing table changed'), { timeout: 10_000 })
      .toMatchObject({ level: 'info', weights: { fast: 20, fallback: 80 } });
    expect(lines().filter(({ message }) => message === 'share changed')).toMatchObject([
      { executor: 'fast', cause: 'table', fromPercent: 50, toPercent: 20 },
      { executor: 'fallback', fromPercent: 50, toPercent: 80 },
    ]);
    table(20, 70);
    await expect
      .poll(() => told('routing table rejected'), { timeout: 10_000 })
      .toMatchObject({ level: 'warn', problems: ['default: adds up to 90, must be 100'] });
    gateway.revokeTokens();
    await broker.placeLimitOrder({ ...resting, clientOrderId: 'entry' });
    expect(told('session renewed')).toMatchObject({
      level: 'info',
      account: 'PRAC-V2-1001',
      generation: 2,
    });
    await broker.halt();
    await broker.resume();
    expect([told('halted'), told('resumed')]).toMatchObject([{ level: 'warn' }, { level: 'warn' }]);
    await broker.close();
    expect(linesOf('entry')[0]).toMatchObject({
      because: '401: token renewed',
      earlier: [{ code: 'unauthorized' }],
    });
    expect(undocumented()).toEqual([]);
    expect(text).not.toMatch(/demo-key|eyJ[A-Za-z0-9_-]+\.|Bearer/);
    rmSync(folder, { recursive: true });
  });
});
