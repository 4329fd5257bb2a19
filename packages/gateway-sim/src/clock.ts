/** Where the simulator's time comes from. Everything that happens at the venue happens by this clock. */
export interface GatewayClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `tick` about every `everyMs`, until cancelled. */
  every(everyMs: number, tick: () => void): { cancel(): void };
}

/** The longest that Node's timers wait, some 25 days; asked for longer, they fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The system's own time. */
export const systemGatewayClock: GatewayClock = {
  now: () => Date.now(),
  every(everyMs, tick) {
    const handle = setInterval(tick, Math.min(everyMs, longestTimerMs));
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};

/** A clock whose timers can all be ended at once. */
export interface EndingClock extends GatewayClock {
  /** Cancels every timer there is, and lets none begin. */
  end(): void;
}

/** The same time, with timers that end together: what is due behind the end of a gateway must not happen to whatever comes after it. */
export function endingClock(clock: GatewayClock): EndingClock {
  const timers = new Set<{ cancel(): void }>();
  let hasEnded = false;
  return {
    now: () => clock.now(),
    every(everyMs, tick) {
      if (hasEnded) return { cancel: () => {} };
      const timer = clock.every(everyMs, tick);
      timers.add(timer);
      return {
        cancel: () => {
          timers.delete(timer);
          timer.cancel();
        },
      };
    },
    end() {
      hasEnded = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}

/** Calls `task` once, `milliseconds` from now by this clock; at once when that is 0. */
export function after(
  clock: GatewayClock,
  milliseconds: number,
  task: () => void,
): { cancel(): void } {
  if (milliseconds <= 0) {
    task();
    return { cancel: () => {} };
  }
  const timer = clock.every(milliseconds, () => {
    timer.cancel();
    task();
  });
  return timer;
}
