import type { GatewayClock } from './clock.ts';

/** A clock that stands still until it is told to move: tests decide what time it is at the venue. */
export interface ManualGatewayClock extends GatewayClock {
  /** Moves on by `milliseconds`, and does on the way what falls due, each at its own instant. Throws for less than 0. */
  advance(milliseconds: number): void;
  /** Moves on to an instant, in milliseconds since the epoch. Throws for one that has passed. */
  set(epochMs: number): void;
}

interface Timer {
  readonly everyMs: number;
  readonly tick: () => void;
  dueAt: number;
}

/** A Monday morning at the exchange, when everything trades. */
const defaultStart = Date.UTC(2026, 8, 21, 14);

/** Makes a clock that is moved by hand. Starts at `startMs`, by default 2026-09-21 14:00 UTC, within trading hours. */
export function manualGatewayClock(startMs: number = defaultStart): ManualGatewayClock {
  if (!Number.isFinite(startMs))
    throw new RangeError(`startMs is ${startMs}, must be milliseconds since the epoch`);
  let now = startMs;
  const timers = new Set<Timer>();
  const set = (epochMs: number): void => {
    if (!(epochMs >= now) || epochMs === Infinity)
      throw new RangeError(
        `epochMs is ${epochMs}, must be at least the present time ${now}: time does not go back`,
      );
    for (let next = earliest(timers, epochMs); next; next = earliest(timers, epochMs)) {
      now = next.dueAt;
      next.dueAt += next.everyMs;
      next.tick();
    }
    now = epochMs;
  };
  return {
    now: () => now,
    every(everyMs, tick) {
      // An interval of 0 would fall due for ever within one instant.
      const timer = { everyMs: Math.max(1, everyMs), tick, dueAt: now + Math.max(1, everyMs) };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    set,
    advance(milliseconds) {
      if (!(milliseconds >= 0) || milliseconds === Infinity)
        throw new RangeError(`milliseconds is ${milliseconds}, must be 0 or more`);
      set(now + milliseconds);
    },
  };
}

/** Whether a clock can be moved by hand. */
export function isManualClock(clock: GatewayClock): clock is ManualGatewayClock {
  return 'advance' in clock && 'set' in clock;
}

function earliest(timers: ReadonlySet<Timer>, until: number): Timer | undefined {
  let found: Timer | undefined;
  for (const timer of timers)
    if (timer.dueAt <= until && timer.dueAt < (found?.dueAt ?? Infinity)) found = timer;
  return found;
}
