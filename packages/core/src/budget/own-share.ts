import type { Lane } from '../adapter.ts';
import type { RateLimit } from '../capabilities.ts';
import type { Clock } from '../clock.ts';
import { ownSharesOf } from './lanes.ts';
import { RequestWindow } from './request-window.ts';

/** A look at the orders and one at the positions: without them nobody can say that all is out. */
const looks = 2;

/**
 * The requests of a window that a process may send for its exits without being lent any, so that a keeper that is stopped, busy or gone can't hold it in the market.
 * The keeper takes those of all processes out of the limit from the start.
 */
export class OwnShare {
  readonly #all: number;
  readonly #used: RequestWindow;
  readonly #looks: RequestWindow;
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** The most that were told within a window, and when they last were; monotonic. */
  #processes = 1;
  #toldAt = -Infinity;
  #least = looks;

  constructor(limit: RateLimit, clock: Clock) {
    this.#all = ownSharesOf(limit);
    this.#windowMs = limit.windowMs;
    this.#used = new RequestWindow(limit, clock);
    this.#looks = new RequestWindow({ ...limit, requests: looks }, clock);
    this.#clock = clock;
  }

  /** Requests of a window. */
  get size(): number {
    return Math.max(this.#least, Math.floor(this.#all / this.#processes));
  }

  get used(): number {
    return this.#used.count(this.#clock.monotonic());
  }

  /** What cancels and what closes could still take. */
  get left(): { readonly cancels: number; readonly closes: number } {
    const now = this.#clock.monotonic();
    const left = (mayFill: number): number => Math.max(0, mayFill - this.#used.count(now));
    return { cancels: left(this.size - this.#looksLeft(now)), closes: left(this.size) };
  }

  /** How many processes there are to share. One that is gone keeps its part for a window: the venue still counts what it spent of it. */
  dividedBy(processes: number): void {
    const now = this.#clock.monotonic();
    // safeguard: the part of a process that is gone is nobody else's within the window
    if (processes < this.#processes && now - this.#toldAt < this.#windowMs) return;
    this.#processes = Math.max(1, processes);
    this.#toldAt = now;
  }

  /** What the exits of this process may take: never less. */
  atLeast(requests: number): void {
    this.#least = Math.max(looks, requests);
  }

  /** Spends one, if there is one left for this lane: two looks are kept from cancels, and a close may use all. */
  take(lane: Lane, now: number): boolean {
    const mayFill =
      lane === 'close' || lane === 'look'
        ? this.size
        : lane === 'cancel'
          ? this.size - this.#looksLeft(now)
          : 0;
    if (this.#used.count(now) >= mayFill || (lane === 'look' && this.#looksLeft(now) === 0))
      return false;
    this.#used.add(now);
    if (lane === 'look') this.#looks.add(now);
    return true;
  }

  #looksLeft(now: number): number {
    return looks - this.#looks.count(now);
  }
}
