/** How many requests a window takes. */
export interface RateWindow {
  readonly requests: number;
  readonly windowMs: number;
  /** `sliding` (the default) looks back from each request; `fixed` counts anew in each window since the epoch. Which the live gateway does is not known. */
  readonly kind?: 'sliding' | 'fixed' | undefined;
  /** Whether a request that was answered with 429 takes a place in the window: `free` (the default, so that a client which asks too often comes through again), or `counted`: it must be silent until then. Which the live gateway does is not known. */
  readonly refused?: 'free' | 'counted' | undefined;
}

/** One window for each user. */
export class RateLimiter {
  readonly #window: RateWindow;
  readonly #instants = new Map<string, number[]>();

  constructor(window: RateWindow) {
    this.#window = window;
  }

  /** 0 when the request may pass; else the milliseconds until one may. */
  waitMs(user: string, now: number): number {
    const { requests, windowMs, kind = 'sliding', refused = 'free' } = this.#window;
    let instants = this.#instants.get(user);
    if (!instants) {
      instants = [];
      this.#instants.set(user, instants);
    }
    const begin = kind === 'sliding' ? now - windowMs : Math.floor(now / windowMs) * windowMs - 1;
    let stale = 0;
    while ((instants[stale] ?? Infinity) <= begin) stale += 1;
    if (stale > 0) instants.splice(0, stale);
    if (instants.length < requests) {
      instants.push(now);
      return 0;
    }
    if (refused === 'counted') {
      instants.push(now);
      // More than the window takes need not be remembered.
      instants.shift();
    }
    const [oldest = now] = instants;
    return kind === 'sliding' ? oldest + windowMs - now : begin + 1 + windowMs - now;
  }
}
