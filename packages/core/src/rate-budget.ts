import type { Lane } from './adapter.ts';
import type { RateLimit } from './capabilities.ts';
import type { Clock } from './clock.ts';

/** What is spent and left of a rate limit. */
export interface BudgetReport extends RateLimit {
  /** Requests of the present window that are spent. */
  readonly used: number;
  /** Milliseconds for which the venue, by a 429, holds back all but getting out; 0 for none. */
  readonly heldForMs: number;
}

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterMs: number };

const admitted: Admission = { admitted: true };
/** Lanes that may use the whole window: getting out, and finding out. */
const reservedLanes: ReadonlySet<Lane> = new Set<Lane>(['cancel', 'close', 'resolve']);

/**
 * The requests a login may still send: a sliding window over the instants of the last ones, of which a reserve is kept for getting out.
 * Nothing ever waits in it: a request goes now, or it is told when there will be room.
 */
export class RateBudget {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  /** Instants of the requests in the window, oldest first, in a ring. */
  readonly #instants: Float64Array;
  #oldest = 0;
  #used = 0;
  #heldUntil = 0;
  #isLow = false;
  readonly #listeners = new Set<(report: BudgetReport) => void>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
    this.#instants = new Float64Array(limit.requests);
  }

  /** What is spent and left of the present window. */
  report(): BudgetReport {
    const now = this.#clock.monotonic();
    this.#forgetOlderThan(now - this.#limit.windowMs);
    const { requests, windowMs, reserve } = this.#limit;
    return { requests, windowMs, reserve, used: this.#used, heldForMs: Math.max(0, this.#heldUntil - now) };
  }

  /** True when nothing it let through can still count at the venue. */
  get isUnused(): boolean {
    return this.report().used === 0;
  }

  /** Spends one request, if this lane has room. */
  admit(lane: Lane): Admission {
    const now = this.#clock.monotonic();
    this.#forgetOlderThan(now - this.#limit.windowMs);
    const reserved = reservedLanes.has(lane);
    if (!reserved && now < this.#heldUntil) return { admitted: false, retryAfterMs: Math.ceil(this.#heldUntil - now) };
    const room = reserved ? this.#limit.requests : this.#limit.requests - this.#limit.reserve;
    if (this.#used >= room) return { admitted: false, retryAfterMs: this.#untilRoom(now, room) };
    this.#instants[(this.#oldest + this.#used) % this.#limit.requests] = now;
    this.#used += 1;
    this.#watchLow();
    return admitted;
  }

  /** The venue said 429: nothing but getting out leaves until `retryAfterMs`, or a whole window when it named no time. */
  throttled(retryAfterMs: number | undefined): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#clock.monotonic() + (retryAfterMs ?? this.#limit.windowMs));
  }

  /** Calls back once each time less than a fifth is left of what is not reserved, never in the tick of the request. Returns how to stop. */
  onLow(listener: (report: BudgetReport) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #watchLow(): void {
    const room = this.#limit.requests - this.#limit.reserve;
    const isLow = room - this.#used < room / 5;
    if (isLow && !this.#isLow && this.#listeners.size > 0) {
      queueMicrotask(() => {
        const report = this.report();
        for (const listener of this.#listeners) listener(report);
      });
    }
    this.#isLow = isLow;
  }

  #forgetOlderThan(instant: number): void {
    while (this.#used > 0 && (this.#instants[this.#oldest] ?? 0) <= instant) {
      this.#oldest = (this.#oldest + 1) % this.#limit.requests;
      this.#used -= 1;
    }
  }

  #untilRoom(now: number, room: number): number {
    const blocking = this.#instants[(this.#oldest + this.#used - room) % this.#limit.requests] ?? now;
    return Math.max(1, Math.ceil(blocking + this.#limit.windowMs - now));
  }
}
