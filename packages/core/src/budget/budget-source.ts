/** Requests set aside for one process, to be spent in the tick of a call. They add to what it has left of earlier ones. */
export interface BudgetLease {
  /** For requests of every kind. */
  readonly general: number;
  /** Only for getting out and finding out. */
  readonly reserve: number;
  /** Milliseconds, counted from the answer, in which they and those left of earlier ones may be spent. */
  readonly validMs: number;
  /** Who keeps the account. When it is another than before, what is left of earlier leases is void. */
  readonly keeper: string;
  /** Milliseconds for which the venue holds back all but getting out, by a 429 somebody met; 0 for none. */
  readonly heldForMs: number;
}

/** What became of requests that were lent: spent, or given back. */
export interface BudgetSettlement {
  readonly general: number;
  readonly reserve: number;
  /** How long ago each of those spent was, in milliseconds. */
  readonly spentAgesMs: readonly number[];
}

/**
 * Where processes that share a login's rate limit get their slices: a process of the same machine by default, or anything an author writes over this, such as a shared database.
 * It must never lend more than the limit allows, and count what was lent as spent until it is settled, or its holder is gone and a window has passed.
 */
export interface BudgetSource {
  /** Settles, and lends as much of what is wanted as there is. Rejects when nobody can be asked. */
  exchange(settled: BudgetSettlement, wanted: { readonly general: number; readonly reserve: number }): Promise<BudgetLease>;
  /** Somebody met a 429. */
  throttled(retryAfterMs: number | undefined): void;
  close(): Promise<void>;
}
