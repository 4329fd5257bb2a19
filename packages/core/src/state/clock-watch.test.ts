import { beforeEach, describe, expect, it } from 'vitest';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { watchClock } from './clock-watch.ts';

let clock: ManualClock;
let told: [byMs: number, because: string][];
let used: number;
let stop: () => void;
beforeEach(() => {
  clock = createManualClock();
  told = [];
  used = 0;
  stop = watchClock(
    clock,
    (byMs, because) => told.push([byMs, because]),
    () => used,
  );
});

describe('a machine that slept', () => {
  it('where the monotonic clock stops, as on Linux: the wall clock has stepped', () => {
    clock.setWall(clock.now() + 600_000);
    clock.advance(1000);
    expect(told).toEqual([[600_000, 'the wall clock stepped by 600000 ms']]);
    clock.advance(10_000);
    expect(told).toHaveLength(1);
  });

  it('where the monotonic clock goes on, as on Windows and macOS: nothing has run', () => {
    clock.advance(400);
    clock.standStill(600_000);
    clock.advance(0);
    // What the kernel holds is read before connections are reset.
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual([
      [600_400, 'nothing ran for 600400 ms: the machine slept or the process was stopped'],
    ]);
    clock.advance(10_000);
    expect(told).toHaveLength(1);
    clock.standStill(60_000);
    clock.advance(1);
    expect(told).toHaveLength(2);
  });
});

it('a strategy that computed for a minute has not slept: its answers are in the kernel, and good', () => {
  clock.standStill(60_000);
  used += 58_000;
  clock.advance(1);
  expect(told).toEqual([]);
});

it('nor has one that got a tenth of a processor for it, beside other work', () => {
  clock.standStill(60_000);
  used += 6000;
  clock.advance(1);
  expect(told).toEqual([]);
});

it('a pause of the garbage collector or of a busy machine is no sleep', () => {
  clock.standStill(5900);
  clock.advance(1);
  expect(told).toEqual([]);
});

it('what was computed before the sleep does not hide it', () => {
  for (let second = 0; second < 60; second += 1) {
    clock.advance(1000);
    used += 900;
  }
  clock.advance(1000);
  clock.standStill(60_000);
  clock.advance(1);
  expect(told).toHaveLength(1);
});

it('is over when it is stopped, also between a sleep and its telling', () => {
  clock.standStill(60_000);
  clock.advance(0);
  stop();
  clock.advance(60_000);
  expect(told).toEqual([]);
});

it('asks this process for its processor time by itself', () => {
  const own = createManualClock();
  const heard: number[] = [];
  watchClock(own, (byMs) => void heard.push(byMs));
  own.standStill(24 * 60 * 60 * 1000);
  own.advance(1);
  expect(heard).toEqual([24 * 60 * 60 * 1000]);
});
