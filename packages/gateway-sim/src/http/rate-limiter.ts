/** How many requests a window takes. */
export interface RateWindow {
  readonly requests: number;
  readonly windowMs: number;
}

/** One sliding window for each token's user. */
export class RateLimiter {
  readonly #window: RateWindow;
  readonly #instants = new Map<string, number[]>();

  constructor(window: RateWindow) {
    this.#window = window;
  }

  /** True when the request may pass; only then it counts. */
  admit(user: string, now: number): boolean {
    let instants = this.#instants.get(user);
    if (!instants) {
      instants = [];
      this.#instants.set(user, instants);
    }
    const begin = now - this.#window.windowMs;
    let stale = 0;
    while ((instants[stale] ?? Infinity) <= begin) stale += 1;
    if (stale > 0) instants.splice(0, stale);
    if (instants.length >= this.#window.requests) return false;
    instants.push(now);
    return true;
  }
}
