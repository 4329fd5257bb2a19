import type { Clock, Timer } from './clock.ts';

/** Timers of the runtime overflow beyond this and fire at once. */
const longestMs = 2_147_483_647;

/** A timer that may be longer than the runtime's longest, `Infinity` included, and never fires before its time by the clock's own reading. */
export function setLongTimer(clock: Clock, afterMs: number, fire: () => void): Timer {
  const due = clock.monotonic() + afterMs;
  let timer: Timer | undefined;
  const arm = (): void => {
    const leftMs = due - clock.monotonic();
    if (leftMs <= 0) fire();
    else if (leftMs !== Infinity)
      timer = clock.setTimer(Math.min(Math.ceil(leftMs), longestMs), arm);
  };
  if (afterMs <= 0) timer = clock.setTimer(0, fire);
  else arm();
  return { cancel: () => timer?.cancel() };
}
