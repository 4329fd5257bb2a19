import type { Lane } from '../adapter.ts';
import type { RateLimit } from '../capabilities.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { BudgetLease, BudgetSettlement, BudgetSource } from './budget-source.ts';
import type { Admission, BudgetReport, RequestBudget } from './request-budget.ts';
import { mayUseReserve } from './request-budget.ts';

const admitted: Admission = { admitted: true };
/** Of the limit, what one process has in hand. */
const shareOfLimit = 0.25;
const leastInHand = 2;
const afterFailureMs = 250;

/** One process's part of a rate limit that several share: slices leased ahead in the background and spent in the tick of the call. */
export class LeasedBudget implements RequestBudget {
  readonly #limit: RateLimit;
  readonly #source: BudgetSource;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #listeners = new Set<(report: BudgetReport) => void>();
  /** In hand. */
  #general = 0;
  #reserve = 0;
  /** Monotonic; nothing in hand is spent after it. */
  #validUntil = 0;
  #keeper = '';
  /** Spent, and not settled yet. */
  #spent = { general: 0, reserve: 0, at: [] as number[] };
  #heldUntil = 0;
  #renewing: Promise<void> | undefined;
  #timer: Timer | undefined;
  #isLow = false;
  #closed = false;

  constructor(limit: RateLimit, source: BudgetSource, clock: Clock, log: Logger) {
    this.#limit = limit;
    this.#source = source;
    this.#clock = clock;
    this.#log = log;
  }

  /** Gets the first slice. Resolves in any case: a source that is away lends later. */
  async open(): Promise<void> {
    await this.#renew();
  }

  report(): BudgetReport {
    const now = this.#clock.monotonic();
    const inHand = now < this.#validUntil ? this.#general + this.#reserve : 0;
    return { ...this.#limit, used: this.#limit.requests - inHand, heldForMs: Math.max(0, this.#heldUntil - now) };
  }

  admit(lane: Lane): Admission {
    const now = this.#clock.monotonic();
    const reserved = mayUseReserve(lane);
    if (!reserved && now < this.#heldUntil) return { admitted: false, retryAfterMs: Math.ceil(this.#heldUntil - now) };
    const isValid = now < this.#validUntil;
    // What may only be used for getting out goes first there, so that the rest stays for orders.
    const kind = reserved && this.#reserve > 0 ? 'reserve' : 'general';
    if (!isValid || (kind === 'general' && this.#general === 0)) {
      this.#renewSoon();
      return { admitted: false, retryAfterMs: afterFailureMs };
    }
    if (kind === 'general') this.#general -= 1;
    else this.#reserve -= 1;
    this.#spent[kind] += 1;
    this.#spent.at.push(now);
    const { general, reserve } = this.#target;
    if (this.#general <= general / 2 || this.#reserve < reserve / 2) this.#renewSoon();
    return admitted;
  }

  throttled(retryAfterMs: number | undefined): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#clock.monotonic() + (retryAfterMs ?? this.#limit.windowMs));
    this.#source.throttled(retryAfterMs);
  }

  onLow(listener: (report: BudgetReport) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#renewing;
    this.#validUntil = 0;
    await this.#source.exchange(this.#settlement(), { general: 0, reserve: 0 }).catch(() => undefined);
    await this.#source.close();
  }

  /** Never in the tick of the request. What is in hand is spent on meanwhile. */
  #renewSoon(): void {
    if (this.#renewing || this.#closed) return;
    this.#renewing = Promise.resolve().then(() => this.#renew());
  }

  async #renew(): Promise<void> {
    const settlement = this.#settlement();
    const { general, reserve } = this.#target;
    const wanted = { general: Math.max(0, general - this.#general), reserve: Math.max(0, reserve - this.#reserve) };
    this.#timer?.cancel();
    let againMs = afterFailureMs;
    try {
      againMs = this.#take(await this.#source.exchange(settlement, wanted), wanted);
    } catch (error) {
      // Whoever takes over must hear of what was spent.
      this.#spent.general += settlement.general;
      this.#spent.reserve += settlement.reserve;
      const now = this.#clock.monotonic();
      this.#spent.at.unshift(...settlement.spentAgesMs.map((age) => now - age));
      this.#log.warn({ error }, 'no part of the shared rate budget could be had');
    }
    this.#renewing = undefined;
    if (!this.#closed) this.#timer = this.#clock.setTimer(againMs, () => this.#renewSoon());
  }

  /** Milliseconds after which to ask again. */
  #take(lease: BudgetLease, wanted: { readonly general: number; readonly reserve: number }): number {
    const now = this.#clock.monotonic();
    const isNew = lease.keeper !== this.#keeper;
    this.#keeper = lease.keeper;
    this.#general = lease.general + (isNew ? 0 : this.#general);
    this.#reserve = lease.reserve + (isNew ? 0 : this.#reserve);
    this.#validUntil = now + lease.validMs;
    if (lease.heldForMs > 0) this.#heldUntil = Math.max(this.#heldUntil, now + lease.heldForMs);
    this.#watchLow(this.#general < this.#target.general / 5);
    // What came out small is asked for again soon: others give back what they do not use.
    return lease.general < wanted.general ? Math.min(afterFailureMs, lease.validMs / 2) : lease.validMs / 2;
  }

  get #target(): { readonly general: number; readonly reserve: number } {
    const { requests, reserve } = this.#limit;
    return { general: Math.max(leastInHand, Math.floor((requests - reserve) * shareOfLimit)), reserve: Math.max(leastInHand, Math.floor(reserve * shareOfLimit)) };
  }

  /** What was spent, and what is in hand but may be spent no more. */
  #settlement(): BudgetSettlement {
    const now = this.#clock.monotonic();
    const { general, reserve, at } = this.#spent;
    this.#spent = { general: 0, reserve: 0, at: [] };
    const [backGeneral, backReserve] = now < this.#validUntil ? [0, 0] : [this.#general, this.#reserve];
    this.#general -= backGeneral;
    this.#reserve -= backReserve;
    return { general: general + backGeneral, reserve: reserve + backReserve, spentAgesMs: at.map((instant) => now - instant) };
  }

  #watchLow(isLow: boolean): void {
    if (isLow && !this.#isLow) for (const listener of this.#listeners) listener(this.report());
    this.#isLow = isLow;
  }
}
