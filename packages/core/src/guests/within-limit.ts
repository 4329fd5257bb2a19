import type { Clock } from '../clock.ts';
import { setPatientTimer } from '../set-patient-timer.ts';

/**
 * Waits for what an author's code does, for no longer than `limitMs`; then rejects with what `late` makes. The work itself goes on, and how it ends then is nobody's matter.
 * `problemOf` gives the error for a value that can't be right.
 */
export function withinLimit<Value>(
  work: () => Value | PromiseLike<Value>,
  limitMs: number,
  clock: Clock,
  late: () => Error,
  problemOf?: (value: Value) => Error | undefined,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    // safeguard: nobody waits for ever for a hook
    const timer = setPatientTimer(clock, limitMs, () => reject(late()));
    const failed = (error: unknown): void => {
      timer.cancel();
      reject(error);
    };
    try {
      Promise.resolve(work()).then((value) => {
        timer.cancel();
        const problem = problemOf?.(value);
        if (problem) reject(problem);
        else resolve(value);
      }, failed);
    } catch (error) {
      failed(error);
    }
  });
}

/** `5 s`, `500 ms`. */
export function spanText(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
}
