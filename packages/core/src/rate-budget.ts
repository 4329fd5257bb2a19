import type { Lane } from './adapter.ts';
import type { RateLimit } from './capabilities.ts';
import type { Clock } from './clock.ts';

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

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
    this.#instants = new Float64Array(limit.requests);
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
    return admitted;
  }

  /** The venue said 429: nothing but getting out leaves until `retryAfterMs`, or a whole window when it named no time. */
  throttled(retryAfterMs: number | undefined): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#clock.monotonic() + (retryAfterMs ?? this.#limit.windowMs));
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
