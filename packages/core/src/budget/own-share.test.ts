import { describe, expect, it } from 'vitest';
import type { Lane } from '../adapter.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { OwnShare } from './own-share.ts';

const limit = { requests: 200, windowMs: 60_000, reserve: 60 };
function share(): {
  readonly own: OwnShare;
  readonly take: (lane: Lane, times: number) => number;
  readonly pass: (milliseconds: number) => void;
} {
  const clock = createManualClock();
  const own = new OwnShare(limit, clock);
  return {
    own,
    take: (lane, times) =>
      Array.from({ length: times }, () => own.take(lane, clock.monotonic())).filter((is) => is)
        .length,
    pass: (milliseconds) => clock.advance(milliseconds),
  };
}

describe('the share that a process keeps for its exits', () => {
  it('is 20 of 200 divided by the processes, and at least what the open positions and two looks take', () => {
    const { own } = share();
    expect(own.size).toBe(20);
    own.dividedBy(3);
    expect(own.size).toBe(6);
    own.atLeast(9);
    expect(own.size).toBe(9);
    own.dividedBy(50);
    own.atLeast(0);
    expect(own.size).toBe(2);
  });

  it('does not grow by the part of a process that is gone before a window has passed', () => {
    const { own, pass } = share();
    own.dividedBy(3);
    pass(10_000);
    own.dividedBy(3);
    pass(59_999);
    own.dividedBy(2);
    expect(own.size).toBe(6);
    pass(1);
    own.dividedBy(2);
    expect(own.size).toBe(10);
    own.dividedBy(4);
    expect(own.size).toBe(5);
  });

  it('keeps two looks from cancels, and lets closes have them', () => {
    const { own, take } = share();
    own.dividedBy(2);
    expect(take('cancel', 30)).toBe(8);
    expect(take('look', 1)).toBe(1);
    expect(take('close', 30)).toBe(1);
    expect([take('look', 1), take('cancel', 1), own.used]).toEqual([0, 0, 10]);
  });

  it("is never lookups', reads' or orders', and no more than two looks'", () => {
    const { take } = share();
    expect((['resolve', 'read', 'place', 'modify'] as const).map((lane) => take(lane, 5))).toEqual([
      0, 0, 0, 0,
    ]);
    expect([take('look', 5), take('cancel', 30)]).toEqual([2, 18]);
  });

  it('is there again when the window has passed', () => {
    const { take, pass } = share();
    expect(take('close', 50)).toBe(20);
    pass(59_999);
    expect(take('close', 1)).toBe(0);
    pass(1);
    expect(take('close', 50)).toBe(20);
  });
});
