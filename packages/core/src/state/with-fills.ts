import type { Order } from '../order.ts';
import type { FillState } from './fill-state.ts';

/** An order with what its known fills come to. A fill's trade may be told before the order's own row (the gateway does so with market and stop orders), and then the order shows it as filled already. */
export function withFills(order: Order, fills: FillState): Order {
  if (!fills.has(order.orderId)) return order;
  const known = fills.ofOrder(order.orderId);
  if (known.quantity === 0) return order;
  // safeguard: a fill shows before its order says so
  const isAhead = known.quantity > order.filledQuantity;
  const filledQuantity = isAhead ? Math.min(known.quantity, order.quantity) : order.filledQuantity;
  return {
    ...order,
    filledQuantity,
    averagePrice: isAhead ? known.averagePrice : order.averagePrice,
    filledAt: fills.lastOf(order.orderId),
    fills: known,
  };
}
