import type { Clock, Timer } from '@hotpath/core';
import { setLongTimer } from '@hotpath/core';

/** One time limit after the other with hardly a timer: one that is set is left to run out, and only then looked at whether it still means anything. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #bite: (lateMs: number) => void;
  #due = Infinity;
  #timer: Timer | undefined;
  #wakesAt = Infinity;

  /** `bite` is told how much later than its time it bites. */
  constructor(clock: Clock, bite: (lateMs: number) => void) {
    this.#clock = clock;
    this.#bite = bite;
  }

  /** Bites in `afterMs` from now, unless it is told otherwise before. */
  guard(afterMs: number): void {
    this.#due = this.#clock.monotonic() + afterMs;
    if (this.#timer && this.#wakesAt <= this.#due) return;
    this.#timer?.cancel();
    this.#sleep(afterMs);
  }

  /** There is nothing to guard. */
  rest(): void {
    this.#due = Infinity;
  }

  /** Leaves no timer behind. */
  close(): void {
    this.rest();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #sleep(forMs: number): void {
    this.#wakesAt = this.#due;
    this.#timer = setLongTimer(this.#clock, forMs, () => {
      this.#timer = undefined;
      if (this.#due === Infinity) return;
      const leftMs = this.#due - this.#clock.monotonic();
      if (leftMs > 0) return this.#sleep(leftMs);
      this.#due = Infinity;
      this.#bite(-leftMs);
    });
  }
}
