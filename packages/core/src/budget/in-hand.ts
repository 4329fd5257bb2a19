import type { RateLimit } from '../capabilities.ts';
import type { BudgetSettlement } from './budget-source.ts';
import type { CheckedLease } from './checked-lease.ts';
import { ownSharesOf } from './lanes.ts';

export interface Amounts {
  readonly general: number;
  readonly reserve: number;
}

/** Processes that a limit is divided by while nobody has said how many there are. */
const supposedProcesses = 2;
const leastInHand = 2;
/** Of the process that keeps the account, which can have more in the tick of a call: should it die, nobody can say what it did with it. */
const mostOfKeeper: Amounts = { general: 12, reserve: 6 };

/** What a process is to have in hand: of so many parts as there are processes, one for the next that comes, and one for whoever spends more than others. */
export function partInHand(
  limit: RateLimit,
  processes: number = supposedProcesses,
  isKeeper: boolean,
): Amounts {
  const { requests, reserve } = limit;
  const part = (of: number): number => Math.max(leastInHand, Math.floor(of / (processes + 2)));
  const [general, exits] = [
    part(requests - reserve),
    reserve === 0 ? 0 : part(reserve - ownSharesOf(limit)),
  ];
  return isKeeper
    ? {
        general: Math.min(general, mostOfKeeper.general),
        reserve: Math.min(exits, mostOfKeeper.reserve),
      }
    : { general, reserve: exits };
}

/** What a process has been lent and not spent, and what it has spent and not settled. Instants are monotonic. */
export class InHand {
  readonly #windowMs: number;
  #general = 0;
  #reserve = 0;
  /** Nothing is spent after it. */
  #validUntil = 0;
  #keeper: string | undefined;
  #spent = { general: 0, reserve: 0, at: [] as number[] };
  /** Lent by an answer that came too late to be used. */
  #unused = { general: 0, reserve: 0 };

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  get validUntil(): number {
    return this.#validUntil;
  }

  /** Requests that were sent and that nobody was told of. */
  get unsettled(): number {
    return this.#spent.at.length;
  }

  /** What may be spent. */
  at(now: number): Amounts {
    return now < this.#validUntil
      ? { general: this.#general, reserve: this.#reserve }
      : { general: 0, reserve: 0 };
  }

  /** Spends one, if there is one. What may only be used for getting out goes first there, so that the rest stays for orders. */
  take(mayUseReserve: boolean, now: number): boolean {
    if (now >= this.#validUntil) return false;
    if (mayUseReserve && this.#reserve > 0) {
      this.#reserve -= 1;
      this.#spent.reserve += 1;
    } else if (this.#general > 0) {
      this.#general -= 1;
      this.#spent.general += 1;
    } else return false;
    this.#spent.at.push(now);
    return true;
  }

  /** One was sent that nobody had lent. */
  spentOwn(now: number): void {
    this.#spent.at.push(now);
  }

  isBelowHalf(target: Amounts): boolean {
    return this.#general <= target.general / 2 || this.#reserve < target.reserve / 2;
  }

  wanted(target: Amounts): Amounts {
    return {
      general: Math.max(0, target.general - this.#general),
      reserve: Math.max(0, target.reserve - this.#reserve),
    };
  }

  /** What was spent, and what is in hand and may be spent no more or is more than this process's part. From here on it is no longer held here. */
  settlement(target: Amounts, now: number): BudgetSettlement {
    const isValid = now < this.#validUntil;
    const back = {
      general: isValid ? Math.max(0, this.#general - target.general) : this.#general,
      reserve: isValid ? Math.max(0, this.#reserve - target.reserve) : this.#reserve,
    };
    this.#general -= back.general;
    this.#reserve -= back.reserve;
    const [{ general, reserve, at }, unused] = [this.#spent, this.#unused];
    this.#spent = { general: 0, reserve: 0, at: [] };
    this.#unused = { general: 0, reserve: 0 };
    return {
      general: general + back.general + unused.general,
      reserve: reserve + back.reserve + unused.reserve,
      spentAgesMs: at.map((instant) => now - instant),
      inHand: { keeper: this.#keeper, general: this.#general, reserve: this.#reserve },
    };
  }

  /** It could not be settled: whoever lends next must hear of it. */
  restore({ general, reserve, spentAgesMs }: BudgetSettlement, now: number): void {
    this.#spent.general += general;
    this.#spent.reserve += reserve;
    this.#spent.at.unshift(
      ...spentAgesMs.filter((age) => age < this.#windowMs).map((age) => now - age),
    );
  }

  /** `askedAt`: validity counts from the question, since who was stopped before the answer could be read must not spend what counts as gone. */
  lent({ keeper, general, reserve, validMs }: CheckedLease, askedAt: number): void {
    if (keeper !== this.#keeper)
      [this.#general, this.#reserve, this.#unused] = [0, 0, { general: 0, reserve: 0 }];
    this.#keeper = keeper;
    this.#general += general;
    this.#reserve += reserve;
    this.#validUntil = askedAt + validMs;
  }

  /** Not spent any more, so that it may go back. */
  lentTooLate({ keeper, general, reserve }: CheckedLease): void {
    this.#keeper ??= keeper;
    if (keeper !== this.#keeper) return;
    this.#unused.general += general;
    this.#unused.reserve += reserve;
  }

  /** Spends nothing more. */
  end(): void {
    this.#validUntil = 0;
  }
}
