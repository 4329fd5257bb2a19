import type { Lane } from '../adapter.ts';
import type { RateLimit } from '../capabilities.ts';

/** What is spent and left of a rate limit. */
export interface BudgetReport extends RateLimit {
  /** Requests of the present window that are spent; where several processes share the limit, those lent to others included. */
  readonly used: number;
  /** Milliseconds for which the venue, by a 429, holds back all but getting out; 0 for none. */
  readonly heldForMs: number;
}

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterMs: number };

/** The requests a login may still send. Nothing ever waits in it: a request goes now, or it is told when there will be room. */
export interface RequestBudget {
  /** What is spent and left of the present window. */
  report(): BudgetReport;
  /** Spends one request, if this lane has room. In the tick of the call. */
  admit(lane: Lane): Admission;
  /** The venue said 429: nothing but getting out leaves until `retryAfterMs`, or a whole window when it named no time. */
  throttled(retryAfterMs: number | undefined): void;
  /** Calls back once each time less than a fifth is left of what is not reserved, never in the tick of the request. Returns how to stop. */
  onLow(listener: (report: BudgetReport) => void): () => void;
}

/** Lanes that may use the whole window: getting out, and finding out. */
const reservedLanes: ReadonlySet<Lane> = new Set<Lane>(['cancel', 'close', 'resolve']);

export function mayUseReserve(lane: Lane): boolean {
  return reservedLanes.has(lane);
}
