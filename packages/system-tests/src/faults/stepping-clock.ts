import type { Clock } from '@hotpath/core';
import { systemClock } from '@hotpath/core';

/** The system's time, with a wall clock that can be set like one whose machine was put right. */
export interface SteppingClock extends Clock {
  step(byMs: number): void;
}

export function steppingClock(): SteppingClock {
  let offsetMs = 0;
  return {
    now: () => systemClock.now() + offsetMs,
    monotonic: () => systemClock.monotonic(),
    setTimer: (afterMs, fire) => systemClock.setTimer(afterMs, fire),
    step: (byMs) => void (offsetMs += byMs),
  };
}
