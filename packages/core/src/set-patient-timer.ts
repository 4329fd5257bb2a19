import type { Clock, Timer } from './clock.ts';
import { setLongTimer } from './set-long-timer.ts';
import { afterHearing, moreMs } from './standstill.ts';

/**
 * A timer for what somebody waits for from outside. The loop comes to its timers before its sockets: one that is late fires only when what has come meanwhile has been read,
 * and one that a loop held up that stood still waits a while longer, once, so that what was there in time is not called overdue. One that is on time fires at once.
 */
export function setPatientTimer(clock: Clock, afterMs: number, fire: () => void): Timer {
  const due = clock.monotonic() + Math.max(0, afterMs);
  let isCancelled = false;
  const judge = (): void => {
    if (!isCancelled) fire();
  };
  let timer = setLongTimer(clock, afterMs, () => {
    const lateMs = clock.monotonic() - due;
    // safeguard: who waits hears what has come before calling it overdue
    if (lateMs > 0) return afterHearing(() => waitMore(lateMs));
    fire();
  });
  const waitMore = (lateMs: number): void => {
    const more = isCancelled ? 0 : moreMs(afterMs, lateMs);
    if (more === 0) return judge();
    timer = setLongTimer(clock, more, () => afterHearing(judge));
  };
  return {
    cancel() {
      isCancelled = true;
      timer.cancel();
    },
  };
}
