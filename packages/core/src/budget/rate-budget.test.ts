import { describe, expect, it } from 'vitest';
import type { Lane } from '../adapter.ts';
import { RateBudget } from './rate-budget.ts';
import { createManualClock } from '../testing/manual-clock.ts';

const limit = { requests: 10, windowMs: 1000, reserve: 3 };

describe('RateBudget', () => {
  it('keeps the reserve for cancels, closes and lookups that settle an unknown', () => {
    const budget = new RateBudget(limit, createManualClock());
    for (let index = 0; index < 7; index += 1) expect(budget.admit('place').admitted).toBe(true);
    for (const lane of ['place', 'modify', 'read'] as const)
      expect(budget.admit(lane)).toEqual({ admitted: false, retryAfterMs: 1000 });
    for (const lane of ['resolve', 'cancel', 'close'] as const)
      expect(budget.admit(lane).admitted).toBe(true);
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
    for (const end of sent)
      expect(
        sent.filter((instant) => instant > end - 1000 && instant <= end).length,
      ).toBeLessThanOrEqual(10);
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

  it('keeps room for entries however much is read, and for each step of getting out', () => {
    const budget = new RateBudget(
      { requests: 200, windowMs: 60_000, reserve: 60 },
      createManualClock(),
    );
    const admitted = (lane: Lane): number =>
      Array.from({ length: 250 }, () => budget.admit(lane)).filter((is) => is.admitted).length;
    expect(
      (['read', 'place', 'modify', 'resolve', 'look', 'cancel', 'close'] as const).map(admitted),
    ).toEqual([100, 40, 0, 30, 0, 20, 10]);
  });

  it('says what is left, in words of who asks', () => {
    const clock = createManualClock();
    const budget = new RateBudget({ requests: 200, windowMs: 60_000, reserve: 60 }, clock);
    for (let index = 0; index < 110; index += 1) budget.admit('place');
    expect(budget.report()).toMatchObject({
      used: 110,
      left: { entries: 30, reads: 0, lookups: 60, cancels: 80, closes: 90 },
      shared: undefined,
    });
    budget.throttled(1_000);
    expect(budget.report()).toMatchObject({
      heldForMs: 1_000,
      left: { entries: 0, reads: 0, lookups: 60 },
    });
  });

  it('is held back for an hour at the most, whatever anybody says', () => {
    for (const named of [31_536_000_000, Number.POSITIVE_INFINITY]) {
      const budget = new RateBudget(limit, createManualClock());
      budget.throttled(named);
      expect(budget.report().heldForMs).toBe(3_600_000);
    }
    const budget = new RateBudget(limit, createManualClock());
    for (const named of [Number.NaN, -5]) budget.throttled(named);
    expect(budget.report().heldForMs).toBe(1000);
  });
});
