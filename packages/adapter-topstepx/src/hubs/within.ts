import type { Clock } from '@hotpath/core';
import { setPatientTimer } from '@hotpath/core';

/** Rejects with `TimeoutExpired` when the promise takes longer; what becomes of it then is nobody's concern. */
export function within<Value>(
  promise: Promise<Value>,
  timeoutMs: number,
  clock: Clock,
  what: string,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setPatientTimer(clock, timeoutMs, () =>
      reject(new TimeoutExpired(`${what} took longer than ${timeoutMs} ms`)),
    );
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}

export class TimeoutExpired extends Error {}
