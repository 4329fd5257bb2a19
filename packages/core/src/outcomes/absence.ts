import type { Clock } from '../clock.ts';

/** After an outage a venue may take as long again to show what it took, but no longer than this. */
const longestSettleMs = 120_000;
/** Lookups follow each other within some ten seconds. Two that are this far apart had a process between them that was stopped or a machine that slept, and what that had written leaves its kernel only when it wakes. On Linux the monotonic clock leaves a sleep out by itself. */
const longestStepMs = 60_000;

/**
 * How long an order has been looked for in vain. Only time between two lookups that both had an answer counts; while lookups fail nothing is learnt, and the longer they failed the longer the venue is given.
 * All instants monotonic.
 */
export class Absence {
  readonly #settleMs: number;
  readonly #clock: Clock;
  /** When the last connection that may have carried the order ended, or will have, or the last lookup began. */
  #since: number;
  #countedMs = 0;
  #negatives = 0;
  #outageBegan: number | undefined;
  #longestOutageMs = 0;

  /** `connectedForMs`: how long the last connection lasts on. */
  constructor(settleMs: number, clock: Clock, connectedForMs = 0) {
    this.#settleMs = settleMs;
    this.#clock = clock;
    this.#since = clock.monotonic() + connectedForMs;
  }

  /** A lookup that began at `begunAt` had an answer, and the order was not in it. */
  notFound(begunAt: number): void {
    this.#negatives += 1;
    // safeguard: time in which a machine slept proves nothing
    const stepMs = begunAt - this.#since > longestStepMs ? 0 : Math.max(0, begunAt - this.#since);
    if (this.#outageBegan === undefined) this.#countedMs += stepMs;
    else this.#longestOutageMs = Math.max(this.#longestOutageMs, begunAt - this.#outageBegan);
    this.#outageBegan = undefined;
    this.#since = Math.max(this.#since, begunAt);
  }

  /** A lookup failed, was refused, or could not be paid. */
  failed(): void {
    this.#outageBegan ??= Math.min(this.#since, this.#clock.monotonic());
    this.#longestOutageMs = Math.max(
      this.#longestOutageMs,
      this.#clock.monotonic() - this.#outageBegan,
    );
  }

  /** Whether it has been long enough. `gapless`: the order stream would have told of the order, had it come. */
  isOver(gapless: boolean): boolean {
    return this.hasLasted(this.neededMs(gapless));
  }

  /** Whether two lookups have had an answer, and that for so many milliseconds that count. */
  hasLasted(milliseconds: number): boolean {
    return this.#negatives >= 2 && this.#countedMs >= milliseconds;
  }

  neededMs(gapless: boolean): number {
    return Math.max(
      gapless ? this.#settleMs : this.#settleMs * 2,
      Math.min(this.#longestOutageMs, longestSettleMs),
    );
  }

  /** Milliseconds that count so far. */
  get countedMs(): number {
    return this.#countedMs;
  }
}
