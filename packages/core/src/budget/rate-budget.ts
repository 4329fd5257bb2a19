import type { Lane } from '../adapter.ts';
import type { RateLimit } from '../capabilities.ts';
import type { Clock } from '../clock.ts';
import type { Admission, BudgetReport, RequestBudget } from './request-budget.ts';
import { mayUseReserve } from './request-budget.ts';

const admitted: Admission = { admitted: true };

/** One login's requests as this process counts them: the instants of the last ones, of which a reserve is kept for getting out, and what has been lent to other processes. */
export class RateBudget implements RequestBudget {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  /** Instants of the requests in the window, oldest first, in a ring. */
  readonly #instants: Float64Array;
  #oldest = 0;
  #used = 0;
  #lent = 0;
  /** Of what was lent, what only getting out may spend. */
  #lentReserve = 0;
  #heldUntil = 0;
  #isLow = false;
  readonly #listeners = new Set<(report: BudgetReport) => void>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
    this.#instants = new Float64Array(limit.requests);
  }

  report(): BudgetReport {
    const now = this.#clock.monotonic();
    this.#forgetOld(now);
    return { ...this.#limit, used: this.#used + this.#lent, heldForMs: Math.max(0, this.#heldUntil - now) };
  }

  /** True when nothing it let through can still count at the venue. */
  get isUnused(): boolean {
    return this.report().used === 0;
  }

  admit(lane: Lane): Admission {
    const now = this.#clock.monotonic();
    this.#forgetOld(now);
    const reserved = mayUseReserve(lane);
    if (!reserved && now < this.#heldUntil) return { admitted: false, retryAfterMs: Math.ceil(this.#heldUntil - now) };
    const room = this.#room(reserved);
    if (this.#used >= room) return { admitted: false, retryAfterMs: this.#untilRoom(now, room) };
    this.#instants[(this.#oldest + this.#used) % this.#limit.requests] = now;
    this.#used += 1;
    this.#watchLow();
    return admitted;
  }

  throttled(retryAfterMs: number | undefined): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#clock.monotonic() + (retryAfterMs ?? this.#limit.windowMs));
  }

  onLow(listener: (report: BudgetReport) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Sets requests aside for somebody else, as many of those wanted as there are. They count as spent until they are settled. */
  lend(wanted: number, forExits: boolean): number {
    this.#forgetOld(this.#clock.monotonic());
    const lent = Math.max(0, Math.min(wanted, this.#room(forExits) - this.#used));
    this.#lent += lent;
    if (forExits) this.#lentReserve += lent;
    return lent;
  }

  /** What became of requests that were lent: those spent, by how long ago, count in the window; the others are free again. */
  settle(general: number, reserve: number, spentAgesMs: readonly number[]): void {
    this.#lent = Math.max(0, this.#lent - general - reserve);
    this.#lentReserve = Math.max(0, this.#lentReserve - reserve);
    this.countIn(spentAgesMs);
  }

  /** How long ago each request of the window was spent. */
  agesMs(): number[] {
    const now = this.#clock.monotonic();
    this.#forgetOld(now);
    return Array.from({ length: this.#used }, (_, index) => now - (this.#instants[(this.#oldest + index) % this.#limit.requests] ?? now));
  }

  /** Counts requests that somebody else sent, by how long ago. */
  countIn(agesMs: readonly number[]): void {
    if (agesMs.length === 0) return;
    const now = this.#clock.monotonic();
    const instants = [...this.agesMs(), ...agesMs].map((age) => now - age).toSorted((a, b) => a - b);
    const kept = instants.slice(-this.#limit.requests);
    this.#instants.set(kept);
    this.#oldest = 0;
    this.#used = kept.length;
    this.#forgetOld(now);
  }

  /** How many requests may be in the window, this kind's next one included. */
  #room(forExits: boolean): number {
    const { requests, reserve } = this.#limit;
    const all = requests - this.#lent;
    // What was lent for exits comes out of the reserve, and takes nothing from orders until it is spent.
    return forExits ? all : Math.min(all, requests - reserve - (this.#lent - this.#lentReserve));
  }

  #watchLow(): void {
    const room = this.#limit.requests - this.#limit.reserve;
    const isLow = room - this.#used - this.#lent < room / 5;
    if (isLow && !this.#isLow && this.#listeners.size > 0) {
      queueMicrotask(() => {
        const report = this.report();
        for (const listener of this.#listeners) listener(report);
      });
    }
    this.#isLow = isLow;
  }

  /** The window looks back from now, or, of the fixed kind, to its own beginning. */
  #forgetOld(now: number): void {
    const { windowMs, window = 'sliding' } = this.#limit;
    const begin = window === 'sliding' ? now - windowMs : now - (this.#clock.now() % windowMs) - Number.EPSILON;
    while (this.#used > 0 && (this.#instants[this.#oldest] ?? 0) <= begin) {
      this.#oldest = (this.#oldest + 1) % this.#limit.requests;
      this.#used -= 1;
    }
  }

  #untilRoom(now: number, room: number): number {
    const { windowMs, window = 'sliding' } = this.#limit;
    if (window === 'fixed') return Math.max(1, Math.ceil(windowMs - (this.#clock.now() % windowMs)));
    const blocking = this.#instants[(this.#oldest + Math.max(0, this.#used - Math.max(room, 1))) % this.#limit.requests] ?? now;
    return Math.max(1, Math.ceil(blocking + windowMs - now));
  }
}
