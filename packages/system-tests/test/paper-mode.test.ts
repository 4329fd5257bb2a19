import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx, topstepxLogin } from '@hotpath/adapter-topstepx';
import type { PaperOptions, TopstepxOptions } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions, ExecutorPlugin, Logger, Outcome } from '@hotpath/core';
import { createBroker, fileJournal, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway, GatewayOptions } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SocketRecord } from './socket-record.ts';
import { recordSockets } from './socket-record.ts';
import { keptLog } from './topstepx-trial.ts';
import { forgetful, unable } from './paper-executors.ts';

// The "real" gateway is a second simulator here, behind a proxy that keeps every byte that is written to it.
let folder: string;
let venue: Gateway;
let wire: SocketRecord;
let open: Broker[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paper-'));
  open = [];
  await startVenue();
});
afterEach(async () => {
  for (const broker of open) await broker.close();
  await stopVenue();
  rmSync(folder, { recursive: true });
});

async function startVenue(options: GatewayOptions = {}): Promise<void> {
  venue = await startGateway({ priceStepMs: 20, ...options });
  wire = await recordSockets(venue);
}
async function stopVenue(): Promise<void> {
  await wire.close();
  await venue.close();
}

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const far = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 15_000 } as const;

interface PaperStart extends Partial<
  Pick<BrokerOptions<'fast' | 'fallback'>, 'journal' | 'reduceWith' | 'outcomeWithinMs' | 'log'>
> {
  readonly paper?: PaperOptions;
  readonly adapter?: Partial<TopstepxOptions>;
  /** In place of the fast executor. */
  readonly fast?: ExecutorPlugin;
}

async function start({
  paper,
  adapter,
  fast = fastExecutor(),
  journal = memoryJournal(),
  ...options
}: PaperStart = {}): Promise<Broker<'fast' | 'fallback'>> {
  const broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: wire.url,
      mode: 'paper',
      paper: { session: 'always', ...paper },
      ...adapter,
    }),
    executors: { fast, fallback: fallbackExecutor() },
    routing: { version: 1, salt: 'paper', default: { fast: 100, fallback: 0 }, reads: 'fallback' },
    journal,
    ...options,
  });
  open.push(broker);
  return broker;
}

async function filled(
  broker: Broker<'fast' | 'fallback'>,
  outcome: Promise<Outcome<'fast' | 'fallback'>>,
): Promise<number> {
  const placed = await outcome;
  if (placed.kind !== 'accepted' || !('orderId' in placed)) throw new Error(JSON.stringify(placed));
  return (
    (await broker.waitForFill({ orderId: placed.orderId }, { timeoutMs: 10_000 })).averagePrice ??
    Number.NaN
  );
}

/** Nothing but what paper mode may ask has reached the venue, and the venue's own record says the same. */
function expectNothingReachedTheVenue(): void {
  const readOnly = [
    '/api/Auth/loginKey',
    '/api/Auth/validate',
    '/api/Account/search',
    '/api/Contract/available',
    '/api/Contract/search',
    '/api/Contract/searchById',
    '/api/History/retrieveBars',
    '/hubs/market',
  ];
  expect(wire.requests().filter((path) => !readOnly.includes(path))).toEqual([]);
  expect(wire.requests()).toContain('/hubs/market');
  expect(wire.written()).not.toMatch(/\/api\/(?:Order|Position|Trade)\//i);
  expect(venue.truth()).toMatchObject({ orders: [], fills: [], positions: [] });
}

describe('in paper mode nothing reaches the venue but reads of its market', () => {
  it('by any order, change, exit or read, through the fast executor and the other one', async () => {
    for (const fast of [fastExecutor(), unable]) {
      const broker = await start({ fast });
      await filled(broker, broker.placeMarketOrder(market));
      const resting = await broker.placeLimitOrder(far);
      if (resting.kind !== 'accepted') throw new Error(resting.message);
      expect(resting.executor).toBe(fast === unable ? 'fallback' : 'fast');
      expect(
        await broker.modifyOrder({ orderId: resting.orderId, limitPrice: 15_001 }),
      ).toMatchObject({ kind: 'accepted', mode: 'paper' });
      expect(await broker.cancelOrder({ orderId: resting.orderId })).toMatchObject({
        kind: 'accepted',
        became: 'cancelled',
        mode: 'paper',
      });
      await broker.placeStopOrder({ ...market, side: 'sell', stopPrice: 15_000 });
      await broker.placeTrailingStopOrder({ ...market, side: 'sell', trailPrice: 23_900 });
      await broker.placeOrder({ ...market, type: 'join-bid' });
      await filled(broker, broker.placeMarketOrder({ ...market, quantity: 2 }));
      expect(await broker.reducePosition({ symbol: 'MNQ', quantity: 1 })).toMatchObject({
        kind: 'accepted',
        mode: 'paper',
      });
      await broker.cancelAllOrders({ foreign: true });
      expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
        kind: 'accepted',
        mode: 'paper',
      });
      await filled(broker, broker.placeMarketOrder(market));
      await broker.placeLimitOrder(far);
      expect(await broker.halt()).toMatchObject({ complete: true });
      const span = { from: Date.now() - 60_000 };
      await Promise.all([
        broker.getOpenOrders({ fresh: true }),
        broker.getPositions({ fresh: true }),
        broker.getOrderHistory(span),
        broker.getTrades(span),
        broker.getAccount(),
        broker.getAccounts(),
        broker.searchContracts('MNQ'),
        broker.getContract('MNQ'),
      ]);
      await broker.getBars({ symbol: 'MNQ', unit: 'minute', ...span });
      await broker.close();
    }
    expectNothingReachedTheVenue();
  }, 60_000);

  it('when nobody heard an answer and orders are looked up', async () => {
    const broker = await start({
      fast: forgetful(['place', 'cancel', 'close']),
      outcomeWithinMs: 5_000,
    });
    expect(await broker.placeLimitOrder({ ...far, clientOrderId: 'forgotten' })).toMatchObject({
      kind: 'accepted',
      recovered: true,
      mode: 'paper',
    });
    expect(await broker.cancelOrder({ clientOrderId: 'forgotten' })).toMatchObject({
      kind: 'accepted',
      became: 'cancelled',
    });
    await filled(broker, broker.placeMarketOrder(market));
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({ mode: 'paper' });
    expectNothingReachedTheVenue();
  });

  it('when a broker takes up what the one before it left', async () => {
    const journal = () => fileJournal(join(folder, 'orders.journal'));
    const paper = { stateFile: join(folder, 'paper.state') };
    const first = await start({
      journal: journal(),
      paper,
      fast: forgetful(['place']),
      outcomeWithinMs: 60_000,
    });
    await filledPosition(first);
    const waiting = first.placeLimitOrder({ ...far, clientOrderId: 'left-over' });
    await first.close();
    await waiting;
    const second = await start({ journal: journal(), paper });
    await second.whenRecovered();
    expect(await second.getOpenOrders({ fresh: true })).toMatchObject([
      { clientOrderId: 'left-over', status: 'working' },
    ]);
    expect(await second.getPositions({ fresh: true })).toMatchObject([
      { side: 'buy', quantity: 1 },
    ]);
    expect(await second.halt()).toMatchObject({ complete: true });
    expectNothingReachedTheVenue();
  });

  async function filledPosition(broker: Broker<'fast' | 'fallback'>): Promise<void> {
    void broker.placeMarketOrder(market);
    await expect
      .poll(() => broker.getPositions({ fresh: true }), { timeout: 10_000 })
      .toHaveLength(1);
  }

  it('beside a broker that trades the same account for real, with the same login', async () => {
    const login = topstepxLogin({ userName: 'demo', apiKey: 'demo-key' });
    const credentials = { userName: undefined, apiKey: undefined, login };
    const paper = await start({
      adapter: credentials,
      journal: fileJournal(join(folder, 'paper.journal')),
    });
    const live = await start({
      adapter: { ...credentials, mode: 'live' },
      journal: fileJournal(join(folder, 'live.journal')),
    });
    await filled(paper, paper.placeMarketOrder(market));
    expect(venue.truth().orders).toEqual([]);
    const placed = await live.placeLimitOrder(far);
    expect(placed).not.toHaveProperty('mode');
    expect(venue.truth().orders).toMatchObject([{ accountId: 700_001, status: 1 }]);
    expect(await paper.cancelAllOrders({ foreign: true })).toMatchObject({ complete: true });
    expect(await paper.halt()).toMatchObject({ complete: true });
    expect(venue.truth().orders).toMatchObject([{ status: 1 }]);
  });
});

describe('an account on paper', () => {
  it('fills at what the venue quotes', async () => {
    await stopVenue();
    await startVenue({
      replay: {
        MNQ: { kind: 'ticks', csv: 'bid,ask,last\n21000,21000.5,21000.25\n21000,21000.5,21000\n' },
      },
    });
    const broker = await start({ paper: { symbols: ['MNQ'] } });
    // At once, since its quotes are followed from the start.
    await broker.placeMarketOrder(market);
    expect(await broker.getPositions({ fresh: true })).toMatchObject([
      { quantity: 1, averagePrice: 21_000.5 },
    ]);
    expect(await filled(broker, broker.placeMarketOrder({ ...market, side: 'sell' }))).toBe(21_000);
    expect(await filled(broker, broker.placeLimitOrder({ ...market, limitPrice: 21_100 }))).toBe(
      21_000.5,
    );
    expect(await broker.getTrades({ from: Date.now() - 60_000 })).toHaveLength(3);
  });

  it('has a name, an id and money of its own, and says what it is in reports, metrics and every line of the log', async () => {
    const log = keptLog();
    const lines: object[] = [];
    const keep = (level: keyof Logger) => (fields: object, message: string) => {
      lines.push(fields);
      log[level](fields, message);
    };
    const broker = await start({
      paper: { balance: 1_234 },
      log: { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') },
    });
    const account = await broker.getAccount();
    expect(account).toMatchObject({ name: 'PAPER-PRAC-V2-1001', balance: 1_234, canTrade: true });
    expect(await broker.getAccounts()).toEqual([account]);
    expect(venue.accounts.map(({ id }) => String(id))).not.toContain(account.id);
    await broker.placeLimitOrder(far);
    expect(broker.executors()).toMatchObject({
      fast: { mode: 'paper' },
      fallback: { mode: 'paper' },
    });
    expect(broker.metrics()).toMatchObject({ mode: 'paper' });
    expect(log.lines[0]).toMatch(/^paper mode: /);
    // Written once the outcome has been told.
    await expect
      .poll(() => lines)
      .toContainEqual(expect.objectContaining({ operation: 'place', mode: 'paper' }));
    expect(lines.filter((fields) => !('mode' in fields))).toEqual([]);
    expect(log.lines.join('\n')).not.toContain('demo-key');
  });

  it('takes brackets where it is told to, whatever the account itself does', async () => {
    const broker = await start({ paper: { bracketMode: 'auto-oco' } });
    await filled(
      broker,
      broker.placeMarketOrder({ ...market, bracket: { stopLossTicks: 40, takeProfitTicks: 40 } }),
    );
    await expect.poll(() => broker.getOpenOrders({ fresh: true })).toHaveLength(2);
    const refusing = await start({ adapter: { account: '50KTC-V2-1002' } });
    expect(
      await refusing.placeMarketOrder({ ...market, bracket: { stopLossTicks: 40 } }),
    ).toMatchObject({ kind: 'rejected', mode: 'paper' });
  });

  it('may stand for an account that is locked out, and for none that is not there', async () => {
    const broker = await start({ adapter: { account: 'PRAC-V2-1003-LOCKED' } });
    expect(await broker.placeLimitOrder(far)).toMatchObject({ kind: 'accepted' });
    await expect(start({ adapter: { account: 'PRAC-V2-9' } })).rejects.toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
  });

  it("has a journal that the account itself refuses, and refuses the account's", async () => {
    const path = join(folder, 'orders.journal');
    await (await start({ journal: fileJournal(path) })).close();
    await expect(
      start({ adapter: { mode: 'live' }, journal: fileJournal(path) }),
    ).rejects.toMatchObject({ code: 'JOURNAL_SCOPE' });
    // The simulator listens somewhere else at each start.
    await (await start({ journal: fileJournal(path) })).close();
    rmSync(path);
    await (await start({ adapter: { mode: 'live' }, journal: fileJournal(path) })).close();
    await expect(start({ journal: fileJournal(path) })).rejects.toMatchObject({
      code: 'JOURNAL_SCOPE',
    });
  });

  it('is fed over TLS where the venue has it, with a certificate that the options trust', async () => {
    await using secure = await startGateway({ priceStepMs: 20, tls: true });
    const broker = await start({
      adapter: { baseUrl: secure.url, tls: { ca: secure.certificate } },
    });
    expect(await filled(broker, broker.placeMarketOrder(market))).toBeGreaterThan(0);
    expect(secure.truth().orders).toEqual([]);
    await expect(start({ adapter: { baseUrl: secure.url } })).rejects.toMatchObject({
      code: 'CERTIFICATE_REFUSED',
    });
    await broker.close();
  });

  it('leaves no process hanging that failed to start', async () => {
    await expect(
      start({
        fast: { ...unable, setup: () => Promise.reject(new Error('no')) },
        adapter: { apiKey: 'wrong' },
      }),
    ).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    expectNoHub();
  });
  function expectNoHub(): void {
    expect(wire.requests().filter((path) => path.startsWith('/hubs'))).toEqual([]);
  }
});

describe('without quotes of the venue', () => {
  it('nothing fills: a market order is refused in the end', async () => {
    await stopVenue();
    await startVenue({ priceStepMs: 0 });
    const log = keptLog();
    const broker = await start({ paper: { quoteWaitMs: 300, symbols: ['MNQ', 'NOPE'] }, log });
    expect(log.lines.join('\n')).toMatch(/has told no quote yet.*MNQ/);
    expect(log.lines.join('\n')).toMatch(/is not known to the venue.*NOPE/);
    const placed = await broker.placeMarketOrder(market);
    expect(placed).toMatchObject({ kind: 'accepted' });
    await expect
      .poll(async () =>
        placed.kind === 'accepted'
          ? (await broker.getOrder({ orderId: placed.orderId }))?.status
          : undefined,
      )
      .toBe('rejected');
    expect(log.lines.join('\n')).toMatch(/told no quote in time/);
    expect(await broker.getPositions({ fresh: true })).toEqual([]);
  });

  it("nothing fills in a gap of the venue's market hub, and the order does when it is back", async () => {
    const broker = await start({ paper: { quoteWaitMs: 60_000, quoteMaxAgeMs: 60_000 } });
    await filled(broker, broker.placeMarketOrder(market));
    const back = new Promise((resolve) => broker.on('stream.gap', resolve));
    const rule = venue.faults.add({
      endpoint: 'hubs/market',
      fault: { kind: 'status', status: 503 },
    });
    venue.dropHubs('market');
    await back;
    const placed = await broker.placeMarketOrder(market);
    if (placed.kind !== 'accepted') throw new Error(placed.message);
    expect(await broker.getPositions({ fresh: true })).toMatchObject([{ quantity: 1 }]);
    venue.faults.remove(rule);
    await broker.waitForFill({ orderId: placed.orderId }, { timeoutMs: 15_000 });
    expectNothingReachedTheVenue();
  });
});
