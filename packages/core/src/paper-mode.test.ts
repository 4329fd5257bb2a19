import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectBroker } from './create-broker.ts';
import { fileJournal } from './journal/file-journal.ts';
import { memoryJournal } from './journal/memory-journal.ts';
import type { Outcome } from './outcome.ts';
import type { ManualClock } from './testing/manual-clock.ts';
import { createManualClock } from './testing/manual-clock.ts';
import { scriptedAdapter, testContract, testOrder } from './testing/scripted-adapter.ts';
import type { ScriptedBroker, ScriptedBrokerOptions } from './testing/scripted-broker.ts';
import { scriptedBroker } from './testing/scripted-broker.ts';
import { answered, notWritten, scriptedExecutor, silent } from './testing/scripted-executor.ts';
import type { OrderId } from './brand.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const accepted = answered({ is: 'accepted', orderId: '77' });
const position = {
  contractId: testContract({ root: 'MNQ' }).id,
  side: 'buy',
  quantity: 2,
  averagePrice: 24_000,
  openedAt: 0,
  asOf: 0,
} as const;
let open: ScriptedBroker[];
let clock: ManualClock;
beforeEach(() => {
  open = [];
  clock = createManualClock();
});
afterEach(async () => {
  for (const { broker } of open) await inTime(broker.close());
});

/** Lets time pass until it is there. */
async function inTime<Result>(promise: Promise<Result>): Promise<Result> {
  const state = { isThere: false };
  const watched = promise.finally(() => (state.isThere = true));
  while (!state.isThere) {
    clock.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return watched;
}

async function start(options: ScriptedBrokerOptions, mode?: 'paper'): Promise<ScriptedBroker> {
  const scripted = await scriptedBroker({
    clock,
    ...options,
    adapter: { ...options.adapter, mode },
  });
  open.push(scripted);
  return scripted;
}

/** The outcome, and what of it says paper: the outcome itself, and the end of one that is unknown. */
async function modes(outcome: Outcome | Promise<Outcome>): Promise<unknown[]> {
  const told = await inTime(Promise.resolve(outcome));
  const ends = told.kind === 'unknown' && !told.final ? [await inTime<Outcome>(told.resolved)] : [];
  return [told, ...ends].map(({ kind, mode }) => [kind, mode]);
}

describe('an outcome on paper says so, whatever became of the order', () => {
  it('accepted, rejected, not sent, unknown, and the end of what was unknown', async () => {
    const answers = [
      answered({ is: 'accepted', orderId: '76' }),
      answered({ is: 'refused', code: 'ORDER_REJECTED', message: 'no', venueCode: 2 }),
      notWritten(),
      silent(),
    ];
    let order: Parameters<typeof testOrder>[0];
    const { broker } = await start(
      {
        fast: (_delivery, index) => answers[index] ?? accepted,
        fallback: () => notWritten(),
        adapter: { orders: () => (order ? [testOrder(order)] : []) },
      },
      'paper',
    );
    expect(await modes(broker.placeMarketOrder(market))).toEqual([['accepted', 'paper']]);
    expect(await modes(broker.placeMarketOrder(market))).toEqual([['rejected', 'paper']]);
    expect(await modes(broker.placeMarketOrder(market))).toEqual([['not-sent', 'paper']]);
    expect(await modes(broker.placeMarketOrder({ ...market, quantity: -1 }))).toEqual([
      ['not-sent', 'paper'],
    ]);
    const unknown = await inTime(broker.placeMarketOrder({ ...market, clientOrderId: 'late' }));
    order = { orderId: '78' as OrderId, clientOrderId: 'late' as never };
    expect(await modes(unknown)).toEqual([
      ['unknown', 'paper'],
      ['accepted', 'paper'],
    ]);
  });

  it('a reduce by an order with an id', async () => {
    const { broker } = await start(
      {
        fast: () => accepted,
        reduceWith: 'tagged-order',
        adapter: { positions: () => [position] },
      },
      'paper',
    );
    expect(await modes(broker.reducePosition({ symbol: 'MNQ', quantity: 1 }))).toEqual([
      [expect.any(String), 'paper'],
    ]);
  });

  it('a modify, a cancel, a close, a reduce, and everything in the report of a halt', async () => {
    const done = answered({ is: 'accepted' });
    let held: (typeof position)[] = [position];
    const { broker } = await start(
      {
        fast: ({ request }) => (request.template.operation === 'place' ? accepted : done),
        adapter: {
          positions: () => held,
          openOrders: () => [testOrder({ orderId: '77' as OrderId })],
          find: () => ({
            is: 'found',
            order: testOrder({ orderId: '77' as OrderId, status: 'cancelled' }),
          }),
        },
      },
      'paper',
    );
    expect(await modes(broker.modifyOrder({ orderId: '77', quantity: 2 }))).toEqual([
      [expect.any(String), 'paper'],
    ]);
    expect(await modes(broker.cancelOrder({ orderId: '77' }))).toEqual([
      [expect.any(String), 'paper'],
    ]);
    expect(await modes(broker.reducePosition({ symbol: 'MNQ', quantity: 1 }))).toEqual([
      [expect.any(String), 'paper'],
    ]);
    held = [];
    expect(await modes(broker.closePosition({ symbol: 'MNQ' }))).toEqual([
      [expect.any(String), 'paper'],
    ]);
    const report = await inTime(broker.halt());
    expect([...report.orders, ...report.positions].map(({ mode }) => mode)).toEqual(['paper']);
  });

  it('a place of an earlier process that is called again after a restart', async () => {
    const journal = memoryJournal();
    const first = await scriptedBroker({
      fast: () => accepted,
      journal,
      adapter: { mode: 'paper' },
    });
    await first.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' });
    await first.broker.close();
    const { broker } = await start({ fast: () => accepted, journal }, 'paper');
    expect(await modes(broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' }))).toEqual([
      ['accepted', 'paper'],
    ]);
  });
});

it('reports, metrics and every line of the log say so as well', async () => {
  const lines: object[] = [];
  const keep = (fields: object): void => void lines.push(fields);
  const { broker } = await start(
    { fast: () => accepted, log: { debug: keep, info: keep, warn: keep, error: keep } },
    'paper',
  );
  await broker.placeMarketOrder(market);
  // Lines about outcomes are written in a turn of the loop after them.
  await new Promise((resolve) => setImmediate(resolve));
  expect(broker.executors().fast.mode).toBe('paper');
  expect(broker.metrics()).toMatchObject({ mode: 'paper', executors: { fast: { mode: 'paper' } } });
  expect(lines).toContainEqual(expect.objectContaining({ mode: 'paper', operation: 'place' }));
  expect(lines.filter((fields) => !('mode' in fields))).toEqual([]);
});

it('what reaches a venue has no such field anywhere', async () => {
  const { broker } = await start({ fast: () => accepted });
  expect(await broker.placeMarketOrder(market)).not.toHaveProperty('mode');
  expect(await broker.placeMarketOrder({ ...market, quantity: -1 })).not.toHaveProperty('mode');
  expect(broker.executors().fast).not.toHaveProperty('mode');
  expect(broker.metrics()).not.toHaveProperty('mode');
});

describe('the journal of an account on paper', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paper-journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const once = async (mode: 'paper' | undefined): Promise<void> => {
    const { broker } = await scriptedBroker({
      fast: () => accepted,
      journal: fileJournal(join(folder, 'orders.journal')),
      adapter: { mode, venue: 'https://api.example.com' },
    });
    await broker.close();
  };

  it('is never taken for the one of the account itself, nor the other way round', async () => {
    await once('paper');
    await expect(once(undefined)).rejects.toMatchObject({
      code: 'JOURNAL_SCOPE',
      message: expect.stringContaining(
        'https://api.example.com account 700001 on paper',
      ) as unknown,
    });
    rmSync(join(folder, 'orders.journal'));
    await once(undefined);
    await expect(once('paper')).rejects.toMatchObject({ code: 'JOURNAL_SCOPE' });
  });

  it('is the same at the next start, wherever the venue on paper listens then', async () => {
    await once('paper');
    await expect(once('paper')).resolves.toBeUndefined();
  });
});

it('an adapter is closed when a required executor can not be set up: it may hold more than memory since its own set-up', async () => {
  let closed = 0;
  const broken = scriptedExecutor(() => accepted, {
    connect: () => Promise.reject(new Error('nobody listens')),
  });
  const connecting = connectBroker({
    adapter: scriptedAdapter({ closed: () => (closed += 1) }),
    executors: {
      fast: { use: { ...broken, setup: () => Promise.reject(new Error('no')) }, required: true },
    },
    routing: { version: 1, salt: 'test', default: { fast: 100 } },
    journal: memoryJournal(),
    clock: createManualClock(),
  });
  await expect(connecting).rejects.toMatchObject({ code: 'EXECUTOR_UNAVAILABLE' });
  expect(closed).toBe(1);
});
