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
  /** Fires once after `afterMs`; does not keep the process alive. */
  setTimer(afterMs: number, fire: () => void): Timer;
}

/** What Node's timers hold, 24.8 days; more than that they would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The system's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(afterMs, fire) {
    const handle = setTimeout(fire, Math.min(afterMs, longestTimerMs));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
