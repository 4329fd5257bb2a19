import { performance } from 'node:perf_hooks';

/** A timer that has been set. */
export interface Timer {
  cancel(): void;
}

/** Where time comes from. Nothing but a clock reads the system's time or sets its timers. */
export interface Clock {
  /** Wall time, milliseconds since the epoch. */
  now(): number;
  /** Milliseconds with fractions from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Fires once after `afterMs`, at most 2,147,483,647 (`setLongTimer` holds more); does not keep the process alive. */
  setTimer(afterMs: number, fire: () => void): Timer;
}

/** The system's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(afterMs, fire) {
    const handle = setTimeout(fire, afterMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
