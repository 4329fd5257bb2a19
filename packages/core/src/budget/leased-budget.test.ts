import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../logger.ts';
import { systemRandom } from '../random.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { BudgetSource } from './budget-source.ts';
import { LeasedBudget } from './leased-budget.ts';
import { MachineBudget } from './machine-budget.ts';

// Real sockets; each budget stands for a process of its own. Only the clock is the test's.
const limit = { requests: 40, windowMs: 60_000, reserve: 12 };
const open: LeasedBudget[] = [];
async function join(login: string, clock: ManualClock): Promise<LeasedBudget> {
  const budget = new LeasedBudget(limit, new MachineBudget(login, limit, clock, systemRandom), clock, silentLogger);
  open.push(budget);
  await budget.open();
  return budget;
}
/** Lets leases be renewed: time for the timers, turns for the sockets. */
async function pass(clock: ManualClock, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 50) {
    clock.advance(50);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
afterEach(async () => void (await Promise.all(open.splice(0).map((budget) => budget.close()))));

describe('processes that share a login', () => {
  it('never send more than the limit together, and leave the reserve to what gets out', async () => {
    const [login, clock] = [randomUUID(), createManualClock()];
    const budgets = [await join(login, clock), await join(login, clock), await join(login, clock)];
    let [orders, exits] = [0, 0];
    for (let step = 0; step < 200; step += 1) {
      for (const budget of budgets) if (budget.admit('place').admitted) orders += 1;
      await pass(clock, 100);
    }
    expect(orders).toBeLessThanOrEqual(28);
    expect(orders).toBeGreaterThanOrEqual(20);
    for (let step = 0; step < 100; step += 1) {
      for (const budget of budgets) if (budget.admit('cancel').admitted) exits += 1;
      await pass(clock, 100);
    }
    expect(orders + exits).toBeLessThanOrEqual(40);
    expect(exits).toBeGreaterThanOrEqual(10);
    expect(budgets[0]?.admit('place')).toMatchObject({ admitted: false });
    await pass(clock, 62_000);
    expect(budgets[0]?.admit('place')).toEqual({ admitted: true });
  });

  it('spend in the tick of the call, also while the next slice is on its way', async () => {
    const [login, clock] = [randomUUID(), createManualClock()];
    const budget = await join(login, clock);
    expect(Array.from({ length: 6 }, () => budget.admit('place').admitted)).toEqual(Array.from({ length: 6 }, () => true));
  });

  it('hand the account over when the one that keeps it dies, with what it knew', async () => {
    const [login, clock] = [randomUUID(), createManualClock()];
    const [keeper, second, third] = [await join(login, clock), await join(login, clock), await join(login, clock)];
    let orders = 0;
    for (let step = 0; step < 10; step += 1) {
      for (const budget of [keeper, second, third]) if (budget.admit('place').admitted) orders += 1;
      await pass(clock, 100);
    }
    await pass(clock, 3000);
    await keeper.close();
    for (let step = 0; step < 200; step += 1) {
      for (const budget of [second, third]) if (budget.admit('place').admitted) orders += 1;
      await pass(clock, 100);
    }
    expect(orders).toBeLessThanOrEqual(28);
    expect(orders).toBeGreaterThanOrEqual(18);
  });

  it('all hold back after one of them met a 429', async () => {
    const [login, clock] = [randomUUID(), createManualClock()];
    const [first, second] = [await join(login, clock), await join(login, clock)];
    first.throttled(30_000);
    await pass(clock, 1500);
    expect([first.admit('place').admitted, second.admit('place').admitted]).toEqual([false, false]);
    expect(second.admit('cancel')).toEqual({ admitted: true });
  });

  it('do not count each other under another login', async () => {
    const clock = createManualClock();
    const [first, second] = [await join(randomUUID(), clock), await join(randomUUID(), clock)];
    for (let count = 0; count < 7; count += 1) first.admit('place');
    expect(second.report().used).toBe(30);
  });
});

describe('a source of one\'s own', () => {
  it('is asked ahead, told what was spent, and may be away', async () => {
    const clock = createManualClock();
    const asked: unknown[] = [];
    let away = false;
    const source: BudgetSource = {
      exchange(settled, wanted) {
        if (away) return Promise.reject(new Error('away'));
        asked.push({ settled, wanted });
        return Promise.resolve({ general: wanted.general, reserve: wanted.reserve, keeper: 'mine', validMs: 2000, heldForMs: 0 });
      },
      throttled: () => undefined,
      close: () => Promise.resolve(),
    };
    const budget = new LeasedBudget(limit, source, clock, silentLogger);
    await budget.open();
    budget.admit('place');
    await pass(clock, 1000);
    await pass(clock, 1000);
    expect(asked.slice(0, 2)).toEqual([
      { settled: { general: 0, reserve: 0, spentAgesMs: [] }, wanted: { general: 7, reserve: 3 } },
      { settled: { general: 1, reserve: 0, spentAgesMs: [1000] }, wanted: { general: 1, reserve: 0 } },
    ]);
    away = true;
    await pass(clock, 3000);
    expect(budget.admit('place')).toEqual({ admitted: false, retryAfterMs: 250 });
    away = false;
    await pass(clock, 500);
    expect(budget.admit('place')).toEqual({ admitted: true });
    await budget.close();
  });
});
