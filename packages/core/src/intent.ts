import type { Brand, ClientOrderId, OrderId } from './brand.ts';
import type { Contract } from './contract.ts';
import type { OrderChange, OrderRequest } from './order-request.ts';

interface PlaceIntentFields {
  readonly operation: 'place';
  readonly clientOrderId: ClientOrderId;
  readonly contract: Contract;
  /** Prices stand exactly on ticks. */
  readonly request: OrderRequest;
}
/** A place that passed every check. Only core's validation makes one, and only this can be encoded. */
export type ValidatedOrder = Brand<PlaceIntentFields, 'ValidatedOrder'>;

export interface ModifyIntent {
  readonly operation: 'modify';
  readonly orderId: OrderId;
  readonly change: OrderChange;
}
export interface CancelIntent {
  readonly operation: 'cancel';
  readonly orderId: OrderId;
}
export interface CloseIntent {
  readonly operation: 'close';
  readonly contract: Contract;
}
export interface ReduceIntent {
  readonly operation: 'reduce';
  readonly contract: Contract;
  readonly quantity: number;
}
/** What the bot wants, checked and ready to encode. */
export type Intent = ValidatedOrder | ModifyIntent | CancelIntent | CloseIntent | ReduceIntent;
