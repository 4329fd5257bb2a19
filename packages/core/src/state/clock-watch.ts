import type { Clock, Timer } from '../clock.ts';

const everyMs = 1000;
/** A step of the wall clock against the monotonic one beyond this means that the machine slept or its time was set. */
const longestStepMs = 1000;

/** Notices that the machine slept or that its time was set. Returns how to stop. */
export function watchClock(clock: Clock, stepped: (byMs: number) => void): () => void {
  let offset = clock.now() - clock.monotonic();
  let timer: Timer;
  const look = (): void => {
    const step = clock.now() - clock.monotonic() - offset;
    if (Math.abs(step) > longestStepMs) {
      offset += step;
      stepped(step);
    }
    timer = clock.setTimer(everyMs, look);
  };
  timer = clock.setTimer(everyMs, look);
  return () => timer.cancel();
}
