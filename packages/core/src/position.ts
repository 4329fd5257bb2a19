import type { ContractId } from './brand.ts';
import type { Side } from './order-request.ts';

/** One net position. A contract without a position has no row. */
export interface Position {
  readonly contractId: ContractId;
  /** `buy` is long, `sell` is short. */
  readonly side: Side;
  /** Contracts, at least 1, without sign. */
  readonly quantity: number;
  /** Price units; need not stand on a tick. */
  readonly averagePrice: number;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** When the venue said so: wall milliseconds of the read that showed it. */
  readonly asOf: number;
}
