import { createManualClock } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { Watchdog } from './watchdog.ts';

/** A watchdog, its clock, and when it bit. */
function guarded(): {
  readonly watchdog: Watchdog;
  readonly pass: (milliseconds: number) => void;
  readonly bites: number[];
  readonly timers: () => number;
} {
  const clock = createManualClock();
  const bites: number[] = [];
  let timers = 0;
  const counting = {
    ...clock,
    setTimer: (afterMs: number, fire: () => void) => ((timers += 1), clock.setTimer(afterMs, fire)),
  };
  return {
    watchdog: new Watchdog(counting, () => bites.push(clock.monotonic())),
    pass: (milliseconds) => clock.advance(milliseconds),
    bites,
    timers: () => timers,
  };
}

it('bites once, when its time is over', () => {
  const { watchdog, pass, bites } = guarded();
  watchdog.guard(100);
  pass(99);
  expect(bites).toEqual([]);
  pass(1_000);
  expect(bites).toEqual([100]);
});

it('goes by the last limit it was given, longer or shorter', () => {
  const { watchdog, pass, bites } = guarded();
  watchdog.guard(100);
  pass(50);
  watchdog.guard(100);
  pass(99);
  expect(bites).toEqual([]);
  watchdog.guard(10);
  pass(100);
  expect(bites).toEqual([159]);
});

it('lets whatever was answered in time go by with one timer', () => {
  const { watchdog, pass, bites, timers } = guarded();
  for (let order = 0; order < 100; order += 1) {
    watchdog.guard(1_000);
    pass(1);
    watchdog.rest();
  }
  expect(timers()).toBe(1);
  pass(10_000);
  expect([bites, timers()]).toEqual([[], 1]);
});

it('is silent when it is closed', () => {
  const { watchdog, pass, bites } = guarded();
  watchdog.guard(100);
  watchdog.close();
  pass(1_000);
  expect(bites).toEqual([]);
});
