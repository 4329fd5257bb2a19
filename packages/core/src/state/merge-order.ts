import type { Order, OrderStatus } from '../order.ts';
import { isFinal } from '../order.ts';

/** How far an order has come. It never goes back. */
const progress: Readonly<Record<OrderStatus, number>> = {
  unknown: -1,
  pending: 0,
  suspended: 1,
  working: 2,
  cancelling: 3,
  filled: 4,
  cancelled: 4,
  expired: 4,
  rejected: 4,
};

/**
 * What is known of an order after one more row of it, which may be older, a duplicate, or have come out of turn. The same object when it adds nothing.
 * Status only moves forward, a final one stays, the filled quantity never falls; for the rest the row that the venue updated later counts.
 * The gateway does not move that time with every change, so of two rows with the same time the one seen later counts, unless it is known to be from before the other: `isOlder`.
 */
export function mergeOrder(held: Order, seen: Order, isOlder = false): Order {
  const status = laterStatus(held, seen);
  const filledQuantity = Math.max(held.filledQuantity, seen.filledQuantity);
  const fills =
    seen.filledQuantity >= held.filledQuantity && seen.averagePrice !== undefined ? seen : held;
  const newer = isNewer(held, seen, isOlder) ? seen : held;
  const merged: Order = {
    ...newer,
    status,
    filledQuantity,
    averagePrice: fills.averagePrice,
    clientOrderId: held.clientOrderId ?? seen.clientOrderId,
    parentOrderId: held.parentOrderId ?? seen.parentOrderId,
    type: newer.type === 'unknown' ? held.type : newer.type,
    createdAt: Math.min(held.createdAt, seen.createdAt),
    updatedAt: Math.max(held.updatedAt, seen.updatedAt),
    asOf: Math.max(held.asOf, seen.asOf),
  };
  return saysTheSame(held, merged) ? held : merged;
}

function isNewer(held: Order, seen: Order, isOlder: boolean): boolean {
  // A final row may carry an older time than the one before it: the gateway stamps a filled bracket leg with its activation.
  if (isFinal(seen.status) && !isFinal(held.status)) return true;
  if (seen.updatedAt !== held.updatedAt) return seen.updatedAt > held.updatedAt;
  const further = progress[seen.status] - progress[held.status];
  return further > 0 || (further === 0 && !isOlder);
}

function laterStatus(held: Order, seen: Order): OrderStatus {
  if (isFinal(held.status))
    return seen.status === 'filled' && seen.filledQuantity > held.filledQuantity
      ? seen.status
      : held.status;
  return progress[seen.status] >= progress[held.status] ? seen.status : held.status;
}

/** But for the time at which it was said. */
function saysTheSame(held: Order, merged: Order): boolean {
  return (
    held.status === merged.status &&
    held.quantity === merged.quantity &&
    held.filledQuantity === merged.filledQuantity &&
    held.averagePrice === merged.averagePrice &&
    held.limitPrice === merged.limitPrice &&
    held.stopPrice === merged.stopPrice &&
    held.clientOrderId === merged.clientOrderId &&
    held.parentOrderId === merged.parentOrderId &&
    held.type === merged.type &&
    held.updatedAt === merged.updatedAt
  );
}
