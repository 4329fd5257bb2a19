import type { Lane } from '../adapter.ts';
import type { RateLimit } from '../capabilities.ts';
import type { Clock } from '../clock.ts';
import { holdMs } from './hold-ms.ts';
import type { LaneCeilings } from './lanes.ts';
import { laneCeilings, mayUseReserve } from './lanes.ts';
import type { Admission, BudgetReport, RequestBudget } from './request-budget.ts';
import { leftBelow } from './request-budget.ts';
import { RequestWindow } from './request-window.ts';

const admitted: Admission = { admitted: true };

/** One login's requests where one process sends all of them. */
export class RateBudget implements RequestBudget {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  readonly #ceilings: LaneCeilings;
  readonly #window: RequestWindow;
  #heldUntil = 0;
  #isLow = false;
  readonly #listeners = new Set<(report: BudgetReport) => void>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
    this.#ceilings = laneCeilings(limit);
    this.#window = new RequestWindow(limit, clock);
  }

  report(): BudgetReport {
    const now = this.#clock.monotonic();
    const used = this.#window.count(now);
    const heldForMs = Math.max(0, this.#heldUntil - now);
    return {
      ...this.#limit,
      used,
      heldForMs,
      left: leftBelow(this.#ceilings, used, heldForMs > 0),
      shared: undefined,
    };
  }

  /** True when nothing it let through can still count at the venue. */
  get isUnused(): boolean {
    return this.#window.count(this.#clock.monotonic()) === 0;
  }

  admit(lane: Lane): Admission {
    const now = this.#clock.monotonic();
    if (now < this.#heldUntil && !mayUseReserve(lane))
      return { admitted: false, retryAfterMs: Math.ceil(this.#heldUntil - now) };
    const used = this.#window.count(now);
    const ceiling = this.#ceilings[lane];
    if (used >= ceiling)
      return { admitted: false, retryAfterMs: this.#window.untilBelow(ceiling, now) };
    this.#window.add(now);
    this.#watchLow(used + 1);
    return admitted;
  }

  throttled(retryAfterMs: number | undefined): void {
    this.#heldUntil = Math.max(
      this.#heldUntil,
      this.#clock.monotonic() + holdMs(retryAfterMs, this.#limit.windowMs),
    );
  }

  keepForExits(): void {
    // Nobody else could spend what is kept for them.
  }

  onLow(listener: (report: BudgetReport) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #watchLow(used: number): void {
    const room = this.#ceilings.place;
    const isLow = room - used < room / 5;
    if (isLow && !this.#isLow && this.#listeners.size > 0) {
      queueMicrotask(() => {
        const report = this.report();
        for (const listener of this.#listeners) listener(report);
      });
    }
    this.#isLow = isLow;
  }
}
