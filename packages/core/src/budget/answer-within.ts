import type { Clock } from '../clock.ts';
import type { Waited } from '../router/wait-within.ts';
import { waitWithin } from '../router/wait-within.ts';

/**
 * Asks somebody who may never answer, and waits so long and no longer. Never rejects.
 * It may be this process that was busy, or stopped: then the answer is there and was not read yet, so that the loop gets its turn before anybody is called silent.
 */
export async function answerWithin<Value>(
  work: () => Promise<Value>,
  milliseconds: number,
  clock: Clock,
): Promise<Waited<Value>> {
  let ended: Waited<Value> | undefined;
  const asked = Promise.resolve()
    .then(work)
    .then(
      (value): Waited<Value> => (ended = { is: 'done', value }),
      (error: unknown): Waited<Value> => (ended = { is: 'failed', error }),
    );
  // Who set the wall clock meanwhile has not waited longer for it.
  const waited = await waitWithin(
    () => asked,
    { wall: Number.POSITIVE_INFINITY, monotonic: clock.monotonic() + milliseconds },
    undefined,
    clock,
  );
  if (waited.is === 'done') return waited.value;
  if (waited.is !== 'late') return waited;
  // The second is set in the first, so that a whole poll of the sockets lies between.
  await turn();
  await turn();
  return ended ?? { is: 'late' };
}

/** One turn of the loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
