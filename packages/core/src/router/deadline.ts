import type { Clock } from '../clock.ts';

/** An absolute instant by both clocks: a laptop that slept stops one of them, a clock that was set moves the other. */
export interface Deadline {
  readonly wall: number;
  readonly monotonic: number;
}

const never: Deadline = { wall: Infinity, monotonic: Infinity };

/** `afterMs` from now; `Infinity` for none. */
export function deadlineIn(afterMs: number, clock: Clock): Deadline {
  return afterMs === Infinity
    ? never
    : { wall: clock.now() + afterMs, monotonic: clock.monotonic() + afterMs };
}

export function isPast(deadline: Deadline, clock: Clock): boolean {
  return (
    deadline !== never && (clock.monotonic() >= deadline.monotonic || clock.now() >= deadline.wall)
  );
}

/** Milliseconds left; `Infinity` for none. */
export function remainingMs(deadline: Deadline, clock: Clock): number {
  return Math.min(deadline.monotonic - clock.monotonic(), deadline.wall - clock.now());
}
