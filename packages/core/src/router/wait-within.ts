import type { Clock } from '../clock.ts';
import { setLongTimer } from '../set-long-timer.ts';
import type { Deadline } from './deadline.ts';
import { remainingMs } from './deadline.ts';

export type Waited<Value> =
  | { readonly is: 'done'; readonly value: Value }
  | { readonly is: 'failed'; readonly error: unknown }
  | { readonly is: 'late' }
  | { readonly is: 'aborted' };

/** Starts `work` and waits for it no longer than the deadline and the signal allow. Never rejects, not even when starting throws; the work itself goes on. */
export function waitWithin<Value>(
  work: () => Promise<Value>,
  deadline: Deadline,
  signal: AbortSignal | undefined,
  clock: Clock,
): Promise<Waited<Value>> {
  return new Promise((resolve) => {
    const left = remainingMs(deadline, clock);
    const timer = setLongTimer(clock, left, () => finish({ is: 'late' }));
    const abort = (): void => finish({ is: 'aborted' });
    const finish = (waited: Waited<Value>): void => {
      timer.cancel();
      signal?.removeEventListener('abort', abort);
      resolve(waited);
    };
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort);
    Promise.resolve()
      .then(work)
      .then(
        (value) => finish({ is: 'done', value }),
        (error: unknown) => finish({ is: 'failed', error }),
      );
  });
}
