import type { Clock } from '@hotpath/core';

/** A clock that stands still until it is told to go: as fast as the machine lets a week go by. */
export interface WorldClock extends Clock {
  /** Lets time pass; timers fire in their order, each at its own instant. */
  advance(milliseconds: number): void;
  /** Lets time pass in which nothing runs; what is due meanwhile fires at the next `advance`. */
  standStill(milliseconds: number): void;
  /** Sets the wall clock alone, as a person or NTP would. */
  setWall(epochMs: number): void;
}

interface WorldTimer {
  readonly at: number;
  readonly fire: () => void;
  cancelled: boolean;
}

export function createWorldClock(startEpochMs: number): WorldClock {
  let wall = startEpochMs;
  let monotonic = 0;
  /** By instant; of one instant, in the order in which they were set. */
  const timers: WorldTimer[] = [];
  const add = (timer: WorldTimer): void => {
    let [low, high] = [0, timers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((timers[middle]?.at ?? Infinity) <= timer.at) low = middle + 1;
      else high = middle;
    }
    timers.splice(low, 0, timer);
  };
  const passTo = (instant: number): void => {
    wall += instant - monotonic;
    monotonic = instant;
  };
  return {
    now: () => wall,
    monotonic: () => monotonic,
    setTimer(afterMs, fire) {
      const timer: WorldTimer = { at: monotonic + Math.max(0, afterMs), fire, cancelled: false };
      add(timer);
      return {
        cancel() {
          if (timer.cancelled) return;
          timer.cancelled = true;
          const index = timers.indexOf(timer);
          if (index >= 0) timers.splice(index, 1);
        },
      };
    },
    advance(milliseconds) {
      const end = monotonic + milliseconds;
      for (let next = timers[0]; next && next.at <= end; next = timers[0]) {
        timers.shift();
        passTo(Math.max(monotonic, next.at));
        if (!next.cancelled) next.fire();
      }
      passTo(end);
    },
    standStill: (milliseconds) => passTo(monotonic + milliseconds),
    setWall(epochMs) {
      wall = epochMs;
    },
  };
}
