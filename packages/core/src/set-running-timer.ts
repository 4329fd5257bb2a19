import type { Clock, Timer } from './clock.ts';
import { afterHearing, heldUpMs } from './standstill.ts';

const stepMs = 100;

/** A timer that counts only time in which the loop ran: for what needs turns of ours to go on, as opening a connection does. */
export function setRunningTimer(clock: Clock, afterMs: number, fire: () => void): Timer {
  let leftMs = afterMs;
  let isCancelled = false;
  let timer: Timer;
  const step = (): void => {
    const ms = Math.min(stepMs, leftMs);
    const due = clock.monotonic() + ms;
    timer = clock.setTimer(ms, () => {
      leftMs -= ms;
      const wasHeldUp = clock.monotonic() - due >= heldUpMs;
      if (leftMs > 0) step();
      else if (wasHeldUp) afterHearing(() => isCancelled || fire());
      else fire();
    });
  };
  step();
  return {
    cancel() {
      isCancelled = true;
      timer.cancel();
    },
  };
}
