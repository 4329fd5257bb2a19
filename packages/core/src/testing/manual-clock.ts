import type { Clock } from '../clock.ts';

/** A clock in the hands of a test. */
export interface ManualClock extends Clock {
  /** Lets time pass; timers fire in their order, each at its own instant. */
  advance(milliseconds: number): void;
  /** Lets time pass by both clocks in which nothing runs, as of a process that is stopped or of a machine that sleeps where the monotonic clock goes on; what is due meanwhile fires at the next `advance`. */
  standStill(milliseconds: number): void;
  /** Sets the wall clock alone, as a person or NTP would. */
  setWall(epochMs: number): void;
}

/** A clock that stands still until it is told to go. */
export function createManualClock(startEpochMs: number = Date.UTC(2026, 8, 21, 14)): ManualClock {
  let wall = startEpochMs;
  let monotonic = 0;
  let timers: { readonly at: number; readonly fire: () => void }[] = [];
  const passTo = (instant: number): void => {
    wall += instant - monotonic;
    monotonic = instant;
  };
  return {
    now: () => wall,
    monotonic: () => monotonic,
    setTimer(afterMs, fire) {
      const timer = { at: monotonic + Math.max(0, afterMs), fire };
      timers.push(timer);
      return { cancel: () => void (timers = timers.filter((other) => other !== timer)) };
    },
    advance(milliseconds) {
      const end = monotonic + milliseconds;
      for (;;) {
        const [next] = timers.filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at);
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        passTo(Math.max(monotonic, next.at));
        next.fire();
      }
      passTo(end);
    },
    standStill: (milliseconds) => passTo(monotonic + milliseconds),
    setWall(epochMs) {
      wall = epochMs;
    },
  };
}
