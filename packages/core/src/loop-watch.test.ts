import { describe, expect, it } from 'vitest';
import { LoopWatch } from './loop-watch.ts';
import { createManualClock } from './testing/manual-clock.ts';

/** A watch, its clock, and how many timers are set. */
function watched() {
  const clock = createManualClock();
  const timers = { count: 0 };
  const counting = {
    ...clock,
    setTimer: (afterMs: number, fire: () => void) => (
      (timers.count += 1),
      clock.setTimer(afterMs, fire)
    ),
  };
  return { clock, timers, loop: new LoopWatch(counting) };
}

describe('the watch over the event loop', () => {
  it('knows how long it stood still, and of which part of a stretch of time', () => {
    const { clock, loop } = watched();
    loop.begun();
    clock.advance(1_000);
    clock.standStill(3_000);
    clock.advance(1);
    // The beat was due 50 ms after the last one: before that the loop may have turned.
    expect(loop.stoodStillMs(0, clock.monotonic())).toBe(2_950);
    expect(loop.stoodStillMs(2_000, 3_000)).toBe(1_000);
    expect(loop.stoodStillMs(0, 1_000)).toBe(0);
    expect([
      loop.isLateAt(1_000),
      loop.isLateAt(4_000),
      loop.isLateAt(4_040),
      loop.isLateAt(4_090),
    ]).toEqual([false, true, true, false]);
  });

  it('knows it before its own timer has fired: answers are read in the same turn', () => {
    const { clock, loop } = watched();
    loop.begun();
    clock.standStill(3_000);
    expect([loop.stoodStillMs(0, 3_000), loop.isLateAt(3_000)]).toEqual([2_950, true]);
  });

  it('has seen nothing where the loop turned', () => {
    const { clock, loop } = watched();
    loop.begun();
    clock.advance(10_000);
    clock.standStill(90);
    clock.advance(1);
    expect(loop.stoodStillMs(0, clock.monotonic())).toBe(0);
  });

  it('has no timer while nothing is under way', () => {
    const { clock, timers, loop } = watched();
    clock.advance(10_000);
    expect(timers.count).toBe(0);
    for (let order = 0; order < 100; order += 1) {
      loop.begun();
      clock.advance(0.1);
      loop.ended();
    }
    expect(timers.count).toBe(1);
    clock.advance(10_000);
    expect(timers.count).toBe(1);
  });

  it('beats for whoever listens, after a standstill only when what came has been read', async () => {
    const { clock, loop } = watched();
    let beats = 0;
    loop.onBeat(() => (beats += 1));
    loop.begun();
    clock.advance(200);
    expect(beats).toBe(4);
    clock.standStill(1_000);
    clock.advance(1);
    expect(beats).toBe(4);
    for (let turn = 0; turn < 60; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(beats).toBe(5);
    loop.close();
    clock.advance(1_000);
    expect(beats).toBe(5);
  });
});
