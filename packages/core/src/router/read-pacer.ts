import type { Lane } from '../adapter.ts';
import type { Admission, RequestBudget } from '../budget/request-budget.ts';
import type { Clock, Timer } from '../clock.ts';

/** Reads of one lane that wait at once. */
const mostWaiting = 100;
/** Milliseconds for which what an exit waits for may wait itself: one that can't be had is gone without, or asked for again. */
const exitWaitMs = 1_000;
/** Of a read's time, what is kept for its answer: half, and at most this. */
const answerMs = 2_000;
/** How often it is looked whether there is room, where nobody can say when there will be. */
const lookEveryMs = 100;

/** How the wait for room ended. */
export type Paced =
  | { readonly is: 'admitted' }
  | {
      readonly is: 'refused';
      readonly admission: Extract<Admission, { readonly admitted: false }>;
      readonly waiting: number;
    }
  | { readonly is: 'aborted' }
  | { readonly is: 'closed' };

interface Waiter {
  end(paced: Paced): void;
}

/** Lets reads wait for room in their lane, each as long as its own time allows, in the order in which they came. Lanes do not wait for each other, so that no cancel's or close's read stands behind a bot's. */
export class ReadPacer {
  readonly #clock: Clock;
  readonly #queues = new Map<RequestBudget, Map<Lane, Waiter[]>>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** At once where there is room and nobody waits. `timeoutMs`: what the read may take, its answer included. */
  admit(
    budget: RequestBudget,
    lane: Lane,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Paced | Promise<Paced> {
    const queue = this.#queue(budget, lane);
    if (queue.length === 0) {
      const admission = budget.admit(lane);
      if (admission.admitted) return { is: 'admitted' };
      return this.#wait(queue, budget, lane, this.#patienceMs(lane, timeoutMs), signal, admission);
    }
    if (queue.length >= mostWaiting)
      return {
        is: 'refused',
        admission: { admitted: false, retryAfterMs: lookEveryMs },
        waiting: queue.length,
      };
    return this.#wait(queue, budget, lane, this.#patienceMs(lane, timeoutMs), signal, {
      admitted: false,
      retryAfterMs: lookEveryMs,
    });
  }

  /** What waits ends now, and nothing waits any more. */
  close(): void {
    this.#isClosed = true;
    for (const lanes of this.#queues.values())
      for (const queue of lanes.values())
        for (const waiter of queue.splice(0)) waiter.end({ is: 'closed' });
  }

  #wait(
    queue: Waiter[],
    budget: RequestBudget,
    lane: Lane,
    patienceMs: number,
    signal: AbortSignal | undefined,
    first: Extract<Admission, { readonly admitted: false }>,
  ): Paced | Promise<Paced> {
    if (this.#isClosed) return { is: 'closed' };
    if (signal?.aborted === true) return { is: 'aborted' };
    // Known to be in vain.
    if (first.retryAfterMs > patienceMs)
      return { is: 'refused', admission: first, waiting: queue.length };
    return new Promise((resolve) => {
      const until = this.#clock.monotonic() + patienceMs;
      let admission = first;
      let timer: Timer | undefined;
      const abort = (): void => waiter.end({ is: 'aborted' });
      const waiter: Waiter = {
        end: (paced) => {
          timer?.cancel();
          signal?.removeEventListener('abort', abort);
          const index = queue.indexOf(waiter);
          if (index >= 0) queue.splice(index, 1);
          resolve(paced);
        },
      };
      const look = (): void => {
        if (queue[0] === waiter) {
          const again = budget.admit(lane);
          if (again.admitted) return waiter.end({ is: 'admitted' });
          admission = again;
        }
        const leftMs = until - this.#clock.monotonic();
        if (leftMs <= 0) return waiter.end({ is: 'refused', admission, waiting: queue.length - 1 });
        timer = this.#clock.setTimer(
          Math.max(1, Math.min(admission.retryAfterMs, lookEveryMs, leftMs)),
          look,
        );
      };
      signal?.addEventListener('abort', abort);
      queue.push(waiter);
      timer = this.#clock.setTimer(
        Math.max(1, Math.min(first.retryAfterMs, lookEveryMs, patienceMs)),
        look,
      );
    });
  }

  #patienceMs(lane: Lane, timeoutMs: number): number {
    const patienceMs = timeoutMs - Math.min(answerMs, timeoutMs / 2);
    return lane === 'cancel' || lane === 'close' || lane === 'look'
      ? Math.min(exitWaitMs, patienceMs)
      : patienceMs;
  }

  #queue(budget: RequestBudget, lane: Lane): Waiter[] {
    const lanes = this.#queues.get(budget) ?? new Map<Lane, Waiter[]>();
    this.#queues.set(budget, lanes);
    const queue = lanes.get(lane) ?? [];
    lanes.set(lane, queue);
    return queue;
  }
}
