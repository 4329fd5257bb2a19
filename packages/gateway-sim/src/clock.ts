/** Where the simulator's time comes from. Everything that happens at the venue happens by this clock. */
export interface GatewayClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `tick` about every `everyMs`, until cancelled. */
  every(everyMs: number, tick: () => void): { cancel(): void };
}

/** The system's own time. */
export const systemGatewayClock: GatewayClock = {
  now: () => Date.now(),
  every(everyMs, tick) {
    const handle = setInterval(tick, everyMs);
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};

/** Calls `task` once, `milliseconds` from now by this clock; at once when that is 0. */
export function after(clock: GatewayClock, milliseconds: number, task: () => void): { cancel(): void } {
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
