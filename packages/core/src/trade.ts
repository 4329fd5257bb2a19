import type { ContractId, OrderId } from './brand.ts';
import type { Side } from './order-request.ts';

/** One fill. */
export interface Trade {
  readonly tradeId: string;
  readonly orderId: OrderId;
  readonly contractId: ContractId;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
  /** Gross money realised; undefined for a fill that opened or added to a position. */
  readonly profitAndLoss: number | undefined;
  /** Fees and commissions of this fill, in money. */
  readonly fees: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** True when the venue took the fill back. */
  readonly voided: boolean;
}
