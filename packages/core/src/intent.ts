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

/** An order to be changed, named by the venue's id, with prices exactly on ticks. */
export interface ModifyIntent {
  readonly operation: 'modify';
  readonly orderId: OrderId;
  readonly change: OrderChange;
}
/** An order to be cancelled, named by the venue's id. */
export interface CancelIntent {
  readonly operation: 'cancel';
  readonly orderId: OrderId;
}
/** A position to be closed. */
export interface CloseIntent {
  readonly operation: 'close';
  readonly contract: Contract;
}
/** Contracts to be taken off a position. */
export interface ReduceIntent {
  readonly operation: 'reduce';
  readonly contract: Contract;
  readonly quantity: number;
}
/** What the bot wants, checked and ready to encode. */
export type Intent = ValidatedOrder | ModifyIntent | CancelIntent | CloseIntent | ReduceIntent;
