import type { OrderChange } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { Modified } from '../outcome.ts';
import type { BrokerParts } from './broker-parts.ts';

/** A modify whose bot is told that it is done. */
export interface DoneModify {
  readonly change: OrderChange;
  /** The order as it was known ahead of it. */
  readonly before: Order | undefined;
  /** The change before it, where nobody knows whether that may still come. */
  readonly unsettled: OrderChange | undefined;
}

/** Looks later whether the order has the new values. `again`: asks for them once more. */
export function watchModify<Key extends string>(
  { changeWatch, events, state }: BrokerParts<Key>,
  told: Modified<Key>,
  { change, before, unsettled }: DoneModify,
  again: () => void,
): void {
  const { orderId } = told;
  const denied = (order: Order): void => {
    events.emit('order.contradicted', { told, order: state.labelled(order) });
    // The change before this one came after it: the values that were asked for last are asked for again.
    if (unsettled) again();
  };
  // What nobody knows the end of may still come, and would take the order back to its own values.
  changeWatch.watch(
    unsettled
      ? {
          orderId,
          change: onlyFieldsOf(unsettled, change),
          before: unsettled,
          denied,
          eagerly: true,
        }
      : { orderId, change, before, denied },
  );
}

/** What of a change is about fields that another change set as well. */
function onlyFieldsOf(other: OrderChange, change: OrderChange): OrderChange {
  const { quantity, limitPrice, stopPrice } = other;
  return {
    quantity: quantity === undefined ? undefined : change.quantity,
    limitPrice: limitPrice === undefined ? undefined : change.limitPrice,
    stopPrice: stopPrice === undefined ? undefined : change.stopPrice,
  };
}
