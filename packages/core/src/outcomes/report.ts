import type { ClientOrderId } from '../brand.ts';
import type { CancelOutcome, CloseOutcome } from '../outcome.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';

/** What getting out came to. */
export interface ExitReport<Key extends string = string> {
  /** True when nothing is left, as the venue showed it after everything was done. */
  readonly complete: boolean;
  /** What of the call was not understood: then only what is certain was done. Absent: all of it was. */
  readonly problem?: string | undefined;
  /** What became of each order. */
  readonly orders: readonly CancelOutcome<Key>[];
  /** What became of each position. */
  readonly positions: readonly CloseOutcome<Key>[];
  /** What the venue still showed at the end, and what could not be read. */
  readonly left: {
    readonly orders: readonly Order[];
    readonly positions: readonly Position[];
    /** Why the last look is not to be had; undefined when it was. */
    readonly unread: string | undefined;
    /** Places whose end was not known yet: each may still turn into an order. */
    readonly unsettled: readonly ClientOrderId[];
  };
}
