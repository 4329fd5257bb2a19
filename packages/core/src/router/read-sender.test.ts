import { describe, expect, it } from 'vitest';
import type { Lane } from '../adapter.ts';
import type { BudgetSource } from '../budget/budget-source.ts';
import { LeasedBudget } from '../budget/leased-budget.ts';
import { RateBudget } from '../budget/rate-budget.ts';
import type { RequestBudget } from '../budget/request-budget.ts';
import { ExecutorHealth } from '../health/executor-health.ts';
import { healthSettings } from '../health/health-options.ts';
import { silentLogger } from '../logger.ts';
import { LoopWatch } from '../loop-watch.ts';
import { LiveRouting } from '../routing/live-routing.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { answered, scriptedExecutor } from '../testing/scripted-executor.ts';
import { ExecutorRoster, rosterEntry } from './executor-roster.ts';
import { ReadSender } from './read-sender.ts';

const limit = { requests: 20, windowMs: 60_000, reserve: 6 };

/** Sends reads through an executor that answers everything; gives how each ended. */
async function sender(
  clock: ManualClock,
  budget: RequestBudget,
): Promise<{
  readonly sender: ReadSender<'only'>;
  readonly send: (lane: Lane, timeoutMs?: number) => Promise<string>;
}> {
  const plugin = scriptedExecutor(() => answered({}));
  const executor = await plugin.setup({
    key: 'only',
    endpoint: { origin: new URL('http://127.0.0.1:1'), keepWarm: undefined },
    clock,
    log: silentLogger,
  });
  const roster = new ExecutorRoster([
    rosterEntry('only', {
      plugin: 'scripted',
      required: false,
      executor,
      reason: undefined,
      health: new ExecutorHealth(healthSettings(undefined), clock),
    }),
  ]);
  const routing = new LiveRouting<'only'>(
    { version: 1, salt: 's', default: { only: 100 } },
    ['only'],
    silentLogger,
  );
  const made = new ReadSender(
    roster,
    routing,
    { general: budget, bars: undefined },
    clock,
    silentLogger,
    new LoopWatch(clock),
  );
  const template = { operation: 'read', method: 'POST', path: '/x', headers: {} } as const;
  return {
    sender: made,
    async send(lane, timeoutMs = 10_000) {
      const delivery = await made.send(
        { template, authorization: undefined, body: '' },
        { lane, timeoutMs },
      );
      return delivery.stage === 'answered'
        ? 'answered'
        : `${delivery.failure.code}: ${delivery.failure.message}`;
    },
  };
}

describe('a read', () => {
  it("is told when there will be room, and who does not answer, where it can't wait", async () => {
    const clock = createManualClock();
    const { sender: made, send } = await sender(clock, new RateBudget(limit, clock));
    made.started();
    for (let count = 0; count < 10; count += 1) expect(await send('read')).toBe('answered');
    expect(await send('read')).toBe(
      'BUDGET_EXHAUSTED: The rate budget has no room for a read for 60000 ms.',
    );
    expect([await send('resolve'), await send('cancel'), await send('close')]).toEqual([
      'answered',
      'answered',
      'answered',
    ]);
  });

  it('waits for room within its own time', async () => {
    const clock = createManualClock();
    const { sender: made, send } = await sender(
      clock,
      new RateBudget({ ...limit, windowMs: 1_000 }, clock),
    );
    made.started();
    for (let count = 0; count < 10; count += 1) await send('read');
    const waits = send('read');
    for (let step = 0; step < 11; step += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(100);
    }
    expect(await waits).toBe('answered');
  });

  it('that waits ends at once when the broker is closed', async () => {
    const clock = createManualClock();
    const { sender: made, send } = await sender(
      clock,
      new RateBudget({ ...limit, windowMs: 5_000 }, clock),
    );
    made.started();
    for (let count = 0; count < 10; count += 1) await send('read');
    const waits = send('read');
    await new Promise((resolve) => setImmediate(resolve));
    made.close();
    expect(await waits).toContain('the broker is being closed');
  });
});

describe('a read while the broker starts', () => {
  it('goes as a cancel would where reads have no room', async () => {
    const clock = createManualClock();
    const { sender: made, send } = await sender(clock, new RateBudget(limit, clock));
    for (let count = 0; count < 12; count += 1) expect(await send('read')).toBe('answered');
    made.started();
    expect(await send('read')).toContain('BUDGET_EXHAUSTED');
  });

  it('goes out of the share that exits have where nobody lends', async () => {
    const clock = createManualClock();
    const away: BudgetSource = {
      exchange: () => Promise.reject(new Error('away')),
      throttled: () => undefined,
      close: () => Promise.resolve(),
    };
    const budget = new LeasedBudget(
      { requests: 200, windowMs: 60_000, reserve: 60 },
      away,
      clock,
      silentLogger,
    );
    await budget.open();
    const { sender: made, send } = await sender(clock, budget);
    for (let count = 0; count < 3; count += 1) expect(await send('read')).toBe('answered');
    made.started();
    const late = send('read', 100);
    for (let step = 0; step < 5; step += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(50);
    }
    expect(await late).toContain('the keeper of the shared rate budget does not answer');
    await budget.close();
  });
});
