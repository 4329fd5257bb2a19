import type { Lane } from '../adapter.ts';
import type { RateLimit } from '../capabilities.ts';
import type { LaneCeilings } from './lanes.ts';

/** How many requests of each kind the window still has room for; where several processes share the limit, for all of them together, as far as is known here. While nobody lends: what this process may send of its own share. */
export interface BudgetLeft {
  /** Orders and changes of orders. */
  readonly entries: number;
  /** What a bot asks for: orders, positions, trades, contracts. */
  readonly reads: number;
  /** What settles an unknown, and what flatten and halt look at. */
  readonly lookups: number;
  readonly cancels: number;
  /** Closes and reduces, and the read of a position that goes before one. */
  readonly closes: number;
}

/** With whom a limit is shared, and how that goes. */
export interface BudgetSharing {
  /** `machine`: the processes of this machine and user; `source`: a source of the author's. */
  readonly with: 'machine' | 'source';
  /** Who keeps the account, in words: `this process`, `process 4711`; undefined while that is not known, as in a process that was stopped and has not asked again. */
  readonly keeper: string | undefined;
  /** Processes that share it, as last told; undefined while nobody has said. */
  readonly processes: number | undefined;
  /** Wall milliseconds since when nobody lends; undefined while somebody does. Meanwhile entries and reads are refused, and exits spend `ownShare`. */
  readonly nobodyLendsSince: number | undefined;
  /** Why nobody lends; undefined while somebody does. */
  readonly because: string | undefined;
  /** Requests that this process may send without asking anybody; more are lent as they are spent. `exits` may only be used for getting out and finding out. */
  readonly inHand: { readonly entries: number; readonly exits: number };
  /** Requests of a window that this process keeps for exits of its own, whatever the keeper does, and how many of them are spent. */
  readonly ownShare: { readonly requests: number; readonly used: number };
}

/** What is spent and left of a rate limit. */
export interface BudgetReport extends RateLimit {
  /** Requests of the present window that are spent; where several processes share the limit, by all of them as far as is known here. */
  readonly used: number;
  /** Milliseconds for which the venue, by a 429, holds back all but getting out; 0 for none. */
  readonly heldForMs: number;
  readonly left: BudgetLeft;
  /** Undefined: this process has the limit to itself. */
  readonly shared: BudgetSharing | undefined;
}

export type Admission =
  | { readonly admitted: true }
  | {
      readonly admitted: false;
      /** Milliseconds until there may be room. */
      readonly retryAfterMs: number;
      /** Set when it is not the limit that is spent: whoever keeps the shared limit does not answer. */
      readonly nobodyLends?: true | undefined;
    };

/** What to say of a request that was not admitted, as the end of a sentence. */
export function whyNotAdmitted({
  retryAfterMs,
  nobodyLends,
}: Extract<Admission, { readonly admitted: false }>): string {
  return `for ${retryAfterMs} ms${nobodyLends ? ': the keeper of the shared rate budget does not answer' : ''}.`;
}

/** The requests a login may still send. Nothing ever waits in it: a request goes now, or it is told when there will be room. */
export interface RequestBudget {
  /** What is spent and left of the present window. */
  report(): BudgetReport;
  /** Spends one request, if this lane has room. In the tick of the call. */
  admit(lane: Lane): Admission;
  /** The venue said 429: nothing but getting out leaves until `retryAfterMs`, or a whole window when it named no time; never for longer than an hour. */
  throttled(retryAfterMs: number | undefined): void;
  /** How many requests the exits of this process may take if nobody lends: open positions and two. Without meaning where the limit is not shared. */
  keepForExits(requests: number): void;
  /** Calls back once each time less than a fifth is left of what is not reserved, never in the tick of the request. Returns how to stop. */
  onLow(listener: (report: BudgetReport) => void): () => void;
}

/** What is left of each lane; nothing of those that a 429 holds back. */
export function leftBelow(ceilings: LaneCeilings, used: number, isHeld: boolean): BudgetLeft {
  const left = (lane: Lane): number => Math.max(0, ceilings[lane] - used);
  return {
    entries: isHeld ? 0 : left('place'),
    reads: isHeld ? 0 : left('read'),
    lookups: left('resolve'),
    cancels: left('cancel'),
    closes: left('close'),
  };
}
