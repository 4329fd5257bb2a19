import type { RateLimit } from '../capabilities.ts';
import type { Clock } from '../clock.ts';

/** The requests of a window that has no end: the instants of the last ones, oldest first, in a ring. */
export class RequestWindow {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  readonly #instants: Float64Array;
  #oldest = 0;
  #count = 0;

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
    this.#instants = new Float64Array(limit.requests);
  }

  /** How many count at `now`, monotonic milliseconds. */
  count(now: number): number {
    this.#forgetOld(now);
    return this.#count;
  }

  /** One more. What is more than the limit takes the place of the oldest. */
  add(now: number): void {
    const { length } = this.#instants;
    if (this.#count === length) this.#oldest = (this.#oldest + 1) % length;
    else this.#count += 1;
    this.#instants[(this.#oldest + this.#count - 1) % length] = now;
  }

  /** Counts requests that somebody else sent, by how long ago. */
  addAges(agesMs: readonly number[]): void {
    if (agesMs.length === 0) return;
    const now = this.#clock.monotonic();
    const instants = [...this.agesMs(), ...agesMs]
      .map((age) => now - age)
      .toSorted((a, b) => a - b);
    const kept = instants.slice(-this.#instants.length);
    this.#instants.set(kept);
    this.#oldest = 0;
    this.#count = kept.length;
    this.#forgetOld(now);
  }

  /** How long ago each of them was. */
  agesMs(): number[] {
    const now = this.#clock.monotonic();
    this.#forgetOld(now);
    return Array.from({ length: this.#count }, (_, index) => now - this.#at(index));
  }

  /** Milliseconds until fewer than `room` count. */
  untilBelow(room: number, now: number): number {
    const { windowMs, window = 'sliding' } = this.#limit;
    if (window === 'fixed')
      return Math.max(1, Math.ceil(windowMs - (this.#clock.now() % windowMs)));
    const blocking =
      this.#count === 0 ? now : this.#at(Math.max(0, this.#count - Math.max(room, 1)));
    return Math.max(1, Math.ceil(blocking + windowMs - now));
  }

  #at(index: number): number {
    return this.#instants[(this.#oldest + index) % this.#instants.length] ?? 0;
  }

  /** The window looks back from now, or, of the fixed kind, to its own beginning. */
  #forgetOld(now: number): void {
    const { windowMs, window = 'sliding' } = this.#limit;
    const begin =
      window === 'sliding' ? now - windowMs : now - (this.#clock.now() % windowMs) - Number.EPSILON;
    while (this.#count > 0 && this.#at(0) <= begin) {
      this.#oldest = (this.#oldest + 1) % this.#instants.length;
      this.#count -= 1;
    }
  }
}
