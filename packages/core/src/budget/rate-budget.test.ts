import { describe, expect, it } from 'vitest';
import { RateBudget } from './rate-budget.ts';
import { createManualClock } from '../testing/manual-clock.ts';

const limit = { requests: 10, windowMs: 1000, reserve: 3 };

describe('RateBudget', () => {
  it('keeps the reserve for cancels, closes and lookups that settle an unknown', () => {
    const budget = new RateBudget(limit, createManualClock());
    for (let index = 0; index < 7; index += 1) expect(budget.admit('place').admitted).toBe(true);
    for (const lane of ['place', 'modify', 'read'] as const) expect(budget.admit(lane)).toEqual({ admitted: false, retryAfterMs: 1000 });
    for (const lane of ['cancel', 'close', 'resolve'] as const) expect(budget.admit(lane).admitted).toBe(true);
    expect(budget.admit('cancel')).toEqual({ admitted: false, retryAfterMs: 1000 });
  });

  it('slides: room comes back as each request leaves the window, and the wait it names is the right one', () => {
    const clock = createManualClock();
    const budget = new RateBudget(limit, clock);
    for (let index = 0; index < 7; index += 1) {
      budget.admit('place');
      clock.advance(100);
    }
    const refused = budget.admit('place');
    expect(refused).toEqual({ admitted: false, retryAfterMs: 300 });
    clock.advance(299);
    expect(budget.admit('place').admitted).toBe(false);
    clock.advance(1);
    expect(budget.admit('place').admitted).toBe(true);
    expect(budget.admit('place').admitted).toBe(false);
  });

  it('never lets more than the limit into any window', () => {
    const clock = createManualClock();
    const budget = new RateBudget(limit, clock);
    const sent: number[] = [];
    for (let step = 0; step < 500; step += 1) {
      clock.advance((step * 37) % 90);
      if (budget.admit('cancel').admitted) sent.push(clock.monotonic());
    }
    for (const end of sent) expect(sent.filter((instant) => instant > end - 1000 && instant <= end).length).toBeLessThanOrEqual(10);
    expect(sent.length).toBeGreaterThan(100);
  });

  it('holds back all but getting out after a 429', () => {
    const clock = createManualClock();
    const budget = new RateBudget(limit, clock);
    budget.throttled(400);
    expect(budget.admit('place')).toEqual({ admitted: false, retryAfterMs: 400 });
    expect(budget.admit('cancel').admitted).toBe(true);
    clock.advance(400);
    expect(budget.admit('place').admitted).toBe(true);
    budget.throttled(undefined);
    expect(budget.admit('read')).toEqual({ admitted: false, retryAfterMs: 1000 });
  });

  it('counts anew in each window of the clock, if it is of the fixed kind', () => {
    const clock = createManualClock(Date.UTC(2026, 8, 21, 14) + 900);
    const budget = new RateBudget({ ...limit, window: 'fixed' }, clock);
    for (let index = 0; index < 7; index += 1) budget.admit('place');
    expect(budget.admit('place')).toEqual({ admitted: false, retryAfterMs: 100 });
    clock.advance(100);
    expect(budget.admit('place').admitted).toBe(true);
  });

  it('lends, and counts what was lent as spent until it is settled', () => {
    const clock = createManualClock();
    const budget = new RateBudget(limit, clock);
    budget.admit('place');
    expect([budget.lend(2, true), budget.lend(4, false), budget.lend(9, false), budget.lend(9, true), budget.lend(1, true)]).toEqual([2, 4, 2, 1, 0]);
    expect(budget.admit('cancel').admitted).toBe(false);
    clock.advance(500);
    budget.settle(6, 3, [400, 100]);
    expect(budget.report().used).toBe(3);
    expect(budget.agesMs()).toEqual([500, 400, 100]);
    clock.advance(600);
    expect(budget.report().used).toBe(1);
  });
});
