import { expect, it } from 'vitest';
import { setLongTimer } from './set-long-timer.ts';
import { createManualClock } from './testing/manual-clock.ts';

const month = 31 * 24 * 60 * 60 * 1000;

it('waits longer than a timer can, and not a moment less', () => {
  const clock = createManualClock();
  const asked: number[] = [];
  const fired: number[] = [];
  const watched = {
    ...clock,
    setTimer: (afterMs: number, fire: () => void) => (
      asked.push(afterMs),
      clock.setTimer(afterMs, fire)
    ),
  };
  setLongTimer(watched, 3 * month, () => fired.push(clock.monotonic()));
  clock.advance(3 * month - 1);
  expect(fired).toEqual([]);
  clock.advance(1);
  expect(fired).toEqual([3 * month]);
  expect(Math.max(...asked)).toBeLessThanOrEqual(2 ** 31 - 1);
});

it('never fires for Infinity, nor after it was cancelled, and soon for what is past', () => {
  const clock = createManualClock();
  const fired: string[] = [];
  setLongTimer(clock, Infinity, () => fired.push('never'));
  setLongTimer(clock, 10, () => fired.push('cancelled')).cancel();
  setLongTimer(clock, -5, () => fired.push('past'));
  expect(fired).toEqual([]);
  clock.advance(month);
  expect(fired).toEqual(['past']);
});
