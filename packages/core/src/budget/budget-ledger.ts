import type { RateLimit } from '../capabilities.ts';
import type { Clock } from '../clock.ts';
import type { BudgetAccount, BudgetQuestion } from './budget-account.ts';
import type { BudgetLease } from './budget-source.ts';
import { holdMs } from './hold-ms.ts';
import { laneCeilings, ownSharesOf } from './lanes.ts';
import { RequestWindow } from './request-window.ts';

/** Milliseconds in which a lease may be spent: short, so that what one process does not use soon is another's. */
export const leaseMs = 2_000;
/** A process that has not been heard of for so long can't spend what it was lent any more; what of it it had spent, nobody knows. */
const silentMs = leaseMs + 1_000;
const mostHolders = 1_000;

interface Holder {
  general: number;
  reserve: number;
  /** Monotonic. */
  seenAt: number;
  /** Lent and not accounted for when it fell silent: counts as spent then, until it says what it really was. */
  presumed: number;
  presumedAt: number;
}

/** Who owns what of a login's limit, for the one process that keeps the account. */
export class BudgetLedger {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  readonly #window: RequestWindow;
  readonly #holders = new Map<string, Holder>();
  readonly #mayLend: { readonly general: number; readonly all: number };
  readonly #joined = new Set<string>();
  #account: string;
  #heldUntil = 0;
  #waitsUntil = 0;
  #hasLent = false;

  /** `account`: the name under which a new account is begun. */
  constructor(account: string, limit: RateLimit, clock: Clock) {
    this.#account = account;
    this.#limit = limit;
    this.#clock = clock;
    this.#window = new RequestWindow(limit, clock);
    // safeguard: the shares of their own are taken out from the start
    const ceilings = laneCeilings(limit, ownSharesOf(limit));
    this.#mayLend = { general: ceilings.place, all: ceilings.close };
  }

  /** Lends nothing yet: others may know what an earlier keeper did. */
  waitFor(milliseconds: number): void {
    this.#waitsUntil = this.#clock.monotonic() + milliseconds;
  }

  /**
   * Goes on with the account of an earlier keeper, told so long ago. While nothing has been lent here that account is this one; later, what another keeper did is added to it.
   * The same account is taken in once.
   */
  takeIn(told: BudgetAccount, agoMs: number): void {
    if (told.account === this.#account || this.#joined.has(told.account)) return;
    const now = this.#clock.monotonic();
    this.#joined.add(told.account);
    if (!this.#hasLent) {
      this.#joined.add(this.#account);
      this.#account = told.account;
    }
    this.#window.addAges(told.agesMs.map((age) => age + agoMs));
    this.throttled(told.heldForMs - agoMs);
    for (const [name, shown] of Object.entries(told.holders)) {
      const known = this.#holders.get(name);
      this.#holders.set(name, {
        general: (known?.general ?? 0) + shown.general,
        reserve: (known?.reserve ?? 0) + shown.reserve,
        // Each gets its time to come here.
        seenAt: now,
        presumed: (known?.presumed ?? 0) + shown.presumed,
        presumedAt: Math.max(known?.presumedAt ?? 0, now - shown.presumedAgoMs - agoMs),
      });
    }
  }

  /** Settles what a process has spent, and lends it as much of what it wants as there is. */
  exchange(
    { holder: name, inHand, spentAgesMs, wanted }: BudgetQuestion,
    keptBy: string,
  ): BudgetLease {
    const now = this.#clock.monotonic();
    this.#window.addAges(spentAgesMs);
    const isOurs = inHand.account === this.#account;
    const holder: Holder = {
      general: isOurs ? inHand.general : 0,
      reserve: isOurs ? inHand.reserve : 0,
      seenAt: now,
      presumed: 0,
      presumedAt: 0,
    };
    if (this.#holders.size < mostHolders || this.#holders.has(name))
      this.#holders.set(name, holder);
    this.#fallSilent(now);
    const waits = now < this.#waitsUntil;
    // safeguard: whoever takes over without knowing the account first listens to those who do
    const general = waits
      ? 0
      : Math.floor(Math.max(0, Math.min(wanted.general, this.#room(now, true))));
    // end of safeguard
    holder.general += general;
    const reserve = waits
      ? 0
      : Math.floor(Math.max(0, Math.min(wanted.reserve, this.#room(now, false))));
    holder.reserve += reserve;
    this.#hasLent ||= general + reserve > 0;
    return {
      general,
      reserve,
      validMs: leaseMs,
      keeper: this.#account,
      heldForMs: Math.max(0, this.#heldUntil - now),
      used: this.#used(now),
      processes: this.#processes(now),
      keptBy,
    };
  }

  throttled(retryAfterMs: number): void {
    this.#heldUntil = Math.max(
      this.#heldUntil,
      this.#clock.monotonic() + holdMs(retryAfterMs, this.#limit.windowMs),
    );
  }

  /** For whoever keeps the account next. */
  shown(): BudgetAccount {
    const now = this.#clock.monotonic();
    this.#fallSilent(now);
    const holders = [...this.#holders].map(
      ([name, { general, reserve, presumed, presumedAt }]) =>
        [
          name,
          { general, reserve, presumed, presumedAgoMs: presumed === 0 ? 0 : now - presumedAt },
        ] as const,
    );
    // Whole milliseconds are shorter to write, and no request counts as older than it is.
    return {
      account: this.#account,
      agesMs: this.#window.agesMs().map(Math.floor),
      heldForMs: Math.max(0, this.#heldUntil - now),
      holders: Object.fromEntries(holders),
    };
  }

  #room(now: number, isGeneral: boolean): number {
    let [general, reserve] = [0, 0];
    for (const holder of this.#holders.values()) {
      general += holder.general;
      reserve += holder.reserve;
    }
    const used = this.#used(now);
    const all = this.#mayLend.all - used - general - reserve;
    return isGeneral ? Math.min(all, this.#mayLend.general - used - general) : all;
  }

  #used(now: number): number {
    let presumed = 0;
    for (const holder of this.#holders.values()) presumed += holder.presumed;
    return this.#window.count(now) + presumed;
  }

  #processes(now: number): number {
    let processes = 0;
    for (const { seenAt } of this.#holders.values()) if (now - seenAt < silentMs) processes += 1;
    return Math.max(1, processes);
  }

  /** Whoever is not heard of may have spent all it had until then; and what has been spent so long ago counts no more. */
  #fallSilent(now: number): void {
    for (const [name, holder] of this.#holders) {
      if (now - holder.seenAt < silentMs) continue;
      const left = holder.general + holder.reserve;
      if (left > 0) {
        // safeguard: what a silent process was lent counts as spent
        holder.presumed += left;
        holder.presumedAt = now;
        [holder.general, holder.reserve] = [0, 0];
      }
      if (holder.presumed === 0 || now - holder.presumedAt >= this.#limit.windowMs)
        this.#holders.delete(name);
    }
  }
}
