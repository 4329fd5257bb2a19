import type { Clock, Timer } from '../clock.ts';

const everyMs = 1000;
/** A step of the wall clock against the monotonic one beyond this means that the machine slept or its time was set. */
const longestStepMs = 1000;
/** A look that comes later than this means that nothing ran: the machine slept, or the process was stopped. On Linux the monotonic clock stops with a sleeping machine; on Windows and macOS it goes on, so that no clock steps there. */
const longestLateMs = 5000;
/** Less of a processor's time than this share, and what it may have used between the last look and the sleep, is no computing: beside much other work a process that computes gets a tenth of one. */
const computingShare = 0.02;

/**
 * Notices that the machine slept, that its time was set, or that the process was stopped, and tells how long and why. Returns how to stop.
 * `usedMs`: processor time that this process has used so far; it tells a bot that computed from one that could not.
 */
export function watchClock(
  clock: Clock,
  stepped: (byMs: number, because: string) => void,
  usedMs: () => number = processorMs,
): () => void {
  let offset = clock.now() - clock.monotonic();
  let lookedAt = clock.monotonic();
  let usedUntil = usedMs();
  let timer: Timer;
  const look = (): void => {
    const now = clock.monotonic();
    const step = clock.now() - now - offset;
    const idleMs = now - lookedAt;
    const used = usedMs();
    // safeguard: a process that stood still is told from one that computed
    const stood =
      idleMs - everyMs > longestLateMs && used - usedUntil < everyMs + idleMs * computingShare;
    // end of safeguard
    lookedAt = now;
    usedUntil = used;
    timer = clock.setTimer(everyMs, look);
    if (Math.abs(step) > longestStepMs) {
      offset += step;
      stepped(step, `the wall clock stepped by ${Math.round(step)} ms`);
    } else if (stood) {
      timer.cancel();
      // What the kernel holds by now is read first: the answer to an order may be among it.
      timer = clock.setTimer(afterPollMs, () => {
        timer = clock.setTimer(everyMs, look);
        stepped(
          idleMs,
          `nothing ran for ${Math.round(idleMs)} ms: the machine slept or the process was stopped`,
        );
      });
    }
  };
  timer = clock.setTimer(everyMs, look);
  return () => timer.cancel();
}

/** The shortest timer: it fires in the next turn of the event loop. */
const afterPollMs = 1;

function processorMs(): number {
  try {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  } catch {
    // A runtime that does not tell it: then every long pause counts as one.
    return 0;
  }
}
