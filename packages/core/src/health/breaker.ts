import type { BreakerState } from './breaker-state.ts';
import type { HealthSettings } from './health-options.ts';

interface Trip {
  readonly since: number;
  readonly because: string;
}

/** One executor's breaker for one operation. It knows no clock and no timer: it is told what happened and when. */
export class Breaker {
  readonly #settings: HealthSettings;
  /** The latest deliveries, oldest first: when they ended, and whether they failed. */
  #recent: { readonly at: number; readonly failed: boolean }[] = [];
  #inRow = 0;
  #trip: Trip | undefined;
  #trips = 0;
  #probeAt = 0;
  #goodProbes: number | undefined;
  #goodSince = 0;

  constructor(settings: HealthSettings) {
    this.#settings = settings;
  }

  get isTripped(): boolean {
    return this.#trip !== undefined;
  }

  /** Why it is tripped, and since when in wall milliseconds. */
  get trip(): Trip | undefined {
    return this.#trip;
  }

  /** Wall milliseconds of the next probe; undefined when none is needed. */
  get probeAt(): number | undefined {
    return this.#trip && this.#probeAt;
  }

  /** Takes one delivery in. Returns why it tripped, if this one did it. `now`: wall milliseconds. */
  record(failed: boolean, code: string, now: number): string | undefined {
    const { minimumDeliveries } = this.#settings;
    this.#recent.push({ at: now, failed });
    if (this.#recent.length > minimumDeliveries) this.#recent.shift();
    this.#inRow = failed ? this.#inRow + 1 : 0;
    if (!failed) this.#goodSince += 1;
    // Back in good use: the next trip is a first one again.
    if (this.#goodSince >= minimumDeliveries) this.#trips = 0;
    if (!failed || this.#trip) return undefined;
    const because = this.#reason(code, now);
    if (because !== undefined) this.#open(because, now);
    return because;
  }

  /** A probe was answered. Returns true when that was the last one needed. */
  probeAnswered(): boolean {
    if (!this.#trip) return false;
    this.#goodProbes = (this.#goodProbes ?? 0) + 1;
    if (this.#goodProbes < this.#settings.goodProbes) return false;
    this.#trip = undefined;
    this.#goodProbes = undefined;
    this.#recent = [];
    this.#inRow = 0;
    this.#goodSince = 0;
    return true;
  }

  probeFailed(now: number): void {
    if (!this.#trip) return;
    this.#goodProbes = undefined;
    this.#trips += 1;
    this.#probeAt = now + this.#waitMs();
  }

  /** Its time has come: reads try it from now on. */
  halfOpen(): void {
    if (this.#trip) this.#goodProbes ??= 0;
  }

  state(now: number): BreakerState {
    if (!this.#trip) {
      const counted = this.#counted(now);
      return {
        is: 'closed',
        failures: counted.filter(({ failed }) => failed).length,
        samples: counted.length,
      };
    }
    const shared = { ...this.#trip, trips: this.#trips };
    if (this.#goodProbes === undefined) return { is: 'open', ...shared, probeAt: this.#probeAt };
    return {
      is: 'half-open',
      ...shared,
      goodProbes: this.#goodProbes,
      neededProbes: this.#settings.goodProbes,
    };
  }

  #reason(code: string, now: number): string | undefined {
    const { failuresInRow, failurePercent, minimumDeliveries } = this.#settings;
    if (failuresInRow > 0 && this.#inRow >= failuresInRow)
      return `${this.#inRow} deliveries in a row failed, the last with ${code}`;
    const counted = this.#counted(now);
    const failures = counted.filter(({ failed }) => failed).length;
    if (
      failurePercent === 0 ||
      counted.length < minimumDeliveries ||
      failures * 100 < failurePercent * counted.length
    )
      return undefined;
    return `${failures} of the last ${counted.length} deliveries failed, the last with ${code}`;
  }

  #open(because: string, now: number): void {
    this.#trip = { since: now, because };
    this.#trips += 1;
    this.#goodProbes = undefined;
    this.#goodSince = 0;
    this.#probeAt = now + this.#waitMs();
  }

  #counted(now: number): readonly { readonly failed: boolean }[] {
    return this.#recent.filter(({ at }) => now - at <= this.#settings.windowMs);
  }

  #waitMs(): number {
    const { probeAfterMs, probeAtMostEveryMs } = this.#settings;
    return Math.min(probeAtMostEveryMs, probeAfterMs * 2 ** Math.min(30, this.#trips - 1));
  }
}
