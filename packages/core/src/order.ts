import type { ClientOrderId, ContractId, OrderId } from './brand.ts';
import type { FillSummary } from './fill-summary.ts';
import type { OrderType, Side } from './order-request.ts';

/** `unknown` stands for a status number this version does not know; it is never read as final. */
export type OrderStatus =
  | 'pending'
  | 'working'
  | 'suspended'
  | 'cancelling'
  | 'filled'
  | 'cancelled'
  | 'expired'
  | 'rejected'
  | 'unknown';

/** An order as the venue last described it. */
export interface Order {
  readonly orderId: OrderId;
  /** Undefined when the order was placed without one, by a person for instance. */
  readonly clientOrderId: ClientOrderId | undefined;
  readonly contractId: ContractId;
  readonly side: Side;
  readonly type: OrderType | 'unknown';
  readonly status: OrderStatus;
  readonly quantity: number;
  readonly filledQuantity: number;
  /** Average fill price in price units; undefined before the first fill. */
  readonly averagePrice: number | undefined;
  readonly limitPrice: number | undefined;
  readonly stopPrice: number | undefined;
  /** Milliseconds since the epoch, by the venue's clock. */
  readonly createdAt: number;
  /** When the venue says that it changed last. Not when it filled: the gateway leaves it as it was when the order began to work. */
  readonly updatedAt: number;
  /** When the venue said so: wall milliseconds of the read that showed it. */
  readonly asOf: number;
  /** The entry this order protects, for a bracket's legs. */
  readonly parentOrderId: OrderId | undefined;
  /** True when neither this bot's journal nor its ids name it: a person's, or another program's. Undefined in a row that was only just decoded. */
  readonly foreign?: boolean | undefined;
  /** When its last known fill was, milliseconds since the epoch by the venue's clock; undefined as long as none was seen, and in a row that was only just decoded. */
  readonly filledAt?: number | undefined;
  /** What its fills come to, fees and profit included; undefined as long as none was seen, and in a row that was only just decoded. */
  readonly fills?: FillSummary | undefined;
}

const finalStatuses: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  'filled',
  'cancelled',
  'expired',
  'rejected',
]);

/** True when the venue will not change this order any more. */
export function isFinal(status: OrderStatus): boolean {
  return finalStatuses.has(status);
}
