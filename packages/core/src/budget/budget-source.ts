/** Requests set aside for one process, to be spent in the tick of a call. They add to what it has left of earlier ones. What is not a number of at least 0 here makes the lease void; what is more than was wanted is not taken. */
export interface BudgetLease {
  /** For requests of every kind. */
  readonly general: number;
  /** Only for getting out and finding out. */
  readonly reserve: number;
  /** Milliseconds, counted from the question, in which they and those left of earlier ones may be spent. Taken as 10,000 at the most. */
  readonly validMs: number;
  /** Whose account it is. When it is another than before, what is left of earlier leases is void. */
  readonly keeper: string;
  /** Milliseconds for which the venue holds back all but getting out, by a 429 somebody met; 0 for none. Taken as an hour at the most. */
  readonly heldForMs: number;
  /** Requests of the present window that all processes together have spent: what reads, lookups and cancels leave to others is reckoned by it. Absent: by what this process has spent. */
  readonly used?: number | undefined;
  /** Processes that share the limit: by it the share is divided that each keeps for its exits. Absent: one. */
  readonly processes?: number | undefined;
  /** Who keeps the account, in words, for logs and `metrics()`. */
  readonly keptBy?: string | undefined;
}

/** What became of requests that were lent: spent, or given back. */
export interface BudgetSettlement {
  readonly general: number;
  readonly reserve: number;
  /** How long ago each request was that has been spent, in milliseconds. Those of the share that a process keeps for its exits are among them, and were never lent: there may be more of them than `general` and `reserve` say. */
  readonly spentAgesMs: readonly number[];
  /** What is left, after this settlement, of what `keeper` lent before and may still be spent; `keeper` is undefined before the first lease. What a process holds is this and what it is lent now, whatever was lost on the way. */
  readonly inHand: {
    readonly keeper: string | undefined;
    readonly general: number;
    readonly reserve: number;
  };
}

/** A source that may be the one that keeps the account, and then needs to ask nobody. Not for authors: theirs is the interface below. */
export interface InstantSource extends BudgetSource {
  /** The same as `exchange`, in the tick of the call; undefined where somebody else has to be asked. */
  exchangeNow(
    settled: BudgetSettlement,
    wanted: { readonly general: number; readonly reserve: number },
  ): BudgetLease | undefined;
  /** Whether it would lend at once now. */
  readonly lendsAtOnce: boolean;
}

/**
 * Where processes that share a login's rate limit get their slices: a process of the same machine by default, or anything an author writes over this, such as a shared database.
 * It must never lend more than the limit allows, and count what was lent as spent until it is settled, or its holder is gone and a window has passed. A third of the limit's reserve is not its to lend:
 * processes keep that for their exits, and spend it when nobody lends.
 * A source that rejects, throws, lies or does not answer within 2 s lends nothing: meanwhile entries are refused, and exits go on from that share.
 */
export interface BudgetSource {
  /** Settles, and lends as much of what is wanted as there is. Rejects when nobody can be asked. A settlement whose answer was late or failed comes again. */
  exchange(
    settled: BudgetSettlement,
    wanted: { readonly general: number; readonly reserve: number },
  ): Promise<BudgetLease>;
  /** Somebody met a 429. */
  throttled(retryAfterMs: number | undefined): void;
  close(): Promise<void>;
}
