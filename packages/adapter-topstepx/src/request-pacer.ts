import type { Clock } from '@hotpath/core';

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

  /** Resolves when one more may leave, in the order of the calls. */
  admit(clock: Clock): Promise<void> {
    this.#turn = this.#turn.then(() => this.#room(clock));
    return this.#turn;
  }

  async #room(clock: Clock): Promise<void> {
    for (;;) {
      const now = clock.monotonic();
      this.#instants = this.#instants.filter((instant) => instant > now - this.#windowMs);
      const [oldest] = this.#instants;
      if (oldest === undefined || this.#instants.length < this.#requests) {
        this.#instants.push(now);
        return;
      }
      await new Promise<void>((resolve) => void clock.setTimer(Math.max(1, oldest + this.#windowMs - now), resolve));
    }
  }
}
