import type { Clock } from '../clock.ts';
import type { BudgetLease, BudgetSettlement } from './budget-source.ts';
import type { RateBudget } from './rate-budget.ts';

/** Milliseconds in which a lease may be spent: short, so that what one process does not use soon is another's. */
const validMs = 2_000;

/** Who owns what of a login's limit, for the one process that keeps the account. */
export class BudgetLedger {
  readonly #budget: RateBudget;
  readonly #clock: Clock;
  /** What each holder has been lent and has not settled. */
  readonly #lent = new Map<object, { general: number; reserve: number }>();
  readonly #id: string;
  readonly #keeper: object;
  #heldUntil = 0;

  /** `keeper`: the holder that is the keeper itself. */
  constructor(id: string, keeper: object, budget: RateBudget, clock: Clock) {
    this.#id = id;
    this.#keeper = keeper;
    this.#budget = budget;
    this.#clock = clock;
  }

  exchange(holder: object, settled: BudgetSettlement, wanted: { readonly general: number; readonly reserve: number }): BudgetLease {
    const lent = this.#lent.get(holder) ?? { general: 0, reserve: 0 };
    // A holder may settle what an earlier keeper lent it.
    const [back, backReserve] = [Math.min(settled.general, lent.general), Math.min(settled.reserve, lent.reserve)];
    this.#budget.settle(back, backReserve, settled.spentAgesMs);
    const general = this.#budget.lend(wanted.general, false);
    const reserve = this.#budget.lend(wanted.reserve, true);
    this.#lent.set(holder, { general: lent.general - back + general, reserve: lent.reserve - backReserve + reserve });
    return { general, reserve, validMs, keeper: this.#id, heldForMs: Math.max(0, this.#heldUntil - this.#clock.monotonic()) };
  }

  /** A holder that is gone may have spent all it had, until just now. */
  gone(holder: object): void {
    const { general, reserve } = this.#lent.get(holder) ?? { general: 0, reserve: 0 };
    this.#lent.delete(holder);
    this.#budget.settle(general, reserve, Array.from({ length: general + reserve }, () => 0));
  }

  throttled(retryAfterMs: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#clock.monotonic() + retryAfterMs);
  }

  /** What is spent, for whoever keeps the account next. What the keeper has in hand counts as spent just now: should it die, nobody could say what it did with it. */
  agesMs(): number[] {
    const { general, reserve } = this.#lent.get(this.#keeper) ?? { general: 0, reserve: 0 };
    return [...this.#budget.agesMs(), ...Array.from({ length: general + reserve }, () => 0)];
  }
}
