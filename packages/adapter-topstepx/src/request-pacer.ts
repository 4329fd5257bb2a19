import type { Clock } from '@hotpath/core';
import { pause } from './pause.ts';

/** Lets so many requests through in a window and makes the others wait; for reads that may take their time. */
export class RequestPacer {
  readonly #requests: number;
  readonly #windowMs: number;
  /** Monotonic instants of the last ones, oldest first. */
  #instants: number[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(requests: number, windowMs: number) {
    this.#requests = requests;
    this.#windowMs = windowMs;
  }

  /** Resolves when one more may leave, in the order of the calls; also when `signal` is aborted, at once and without taking anybody's room. */
  admit(clock: Clock, signal: AbortSignal): Promise<void> {
    const turn = this.#turn.then(() => this.#room(clock, signal));
    this.#turn = turn;
    return new Promise((resolve) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      signal.addEventListener('abort', end);
      void turn.then(end);
      if (signal.aborted) end();
    });
  }

  async #room(clock: Clock, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = clock.monotonic();
      this.#instants = this.#instants.filter((instant) => instant > now - this.#windowMs);
      const [oldest] = this.#instants;
      if (oldest === undefined || this.#instants.length < this.#requests) {
        this.#instants.push(now);
        return;
      }
      await pause(Math.max(1, oldest + this.#windowMs - now), clock, signal);
    }
  }
}
