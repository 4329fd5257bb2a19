import type { BrokerParts } from '../broker/broker-parts.ts';
import type { ChangeOrders } from '../broker/change-orders.ts';
import type { OrderId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { Outcome } from '../outcome.ts';

const watchedMs = 24 * 60 * 60 * 1000;

interface Watched<Key extends string> {
  readonly told: Outcome<Key>;
  /** Monotonic. */
  readonly until: number;
}

/**
 * Orders that were called absent, by this process or the one before it. One that turns up is announced; it is cancelled if it works, for the bot has gone on without it; one that reduces what is held stays, unless the bot has sent another since.
 * Returns how to stop.
 */
export function watchAbsent<Key extends string>(
  parts: BrokerParts<Key>,
  changing: ChangeOrders<Key>,
): () => void {
  const { events, state, book, clock } = parts;
  const watched = new Map<string, Watched<Key>>();
  const watch = (told: Outcome<Key>): void => {
    if (
      told.operation !== 'place' ||
      told.kind !== 'unknown' ||
      !told.final ||
      told.code === 'CLOSED' ||
      told.clientOrderId === undefined
    )
      return;
    const now = clock.monotonic();
    for (const [key, { until }] of watched) if (until <= now) watched.delete(key);
    // safeguard: watch over absent orders
    if (book.find(told.clientOrderId))
      watched.set(clientOrderIdKey(told.clientOrderId), { told, until: now + watchedMs });
    // end of safeguard
  };
  /** Orders that turned up with nothing filled yet. */
  const unfilled = new Set<OrderId>();
  const filled = ({ orderId, contractId, filledQuantity }: Order): void =>
    events.emit('position.unexpected', {
      contractId,
      position: state.positions.find(contractId),
      message: `Order ${orderId}, which was called absent, filled ${filledQuantity}.`,
    });
  const stop = state.orders.onChange((order) => {
    if (unfilled.has(order.orderId)) {
      if (order.filledQuantity > 0) filled(order);
      if (order.filledQuantity > 0 || isFinal(order.status)) unfilled.delete(order.orderId);
      return;
    }
    if (
      watched.size === 0 ||
      order.clientOrderId === undefined ||
      order.parentOrderId !== undefined
    )
      return;
    const found = watched.get(clientOrderIdKey(order.clientOrderId));
    const record = book.find(order.clientOrderId);
    // Tried again under the same id, it is that attempt's order; unless that one came to nothing.
    if (!found || record?.outcome?.kind !== 'unknown' || !record.outcome.final) return;
    watched.delete(clientOrderIdKey(order.clientOrderId));
    book.bind(record, order.orderId);
    events.emit('order.contradicted', { told: found.told, order: state.labelled(order) });
    if (order.filledQuantity > 0) filled(order);
    else if (!isFinal(order.status)) unfilled.add(order.orderId);
    // The venue has said that it holds an order of an id in use: the bot was told so, and its order is not in anybody's way.
    const isUnwanted =
      record.withdrawn ||
      (found.told.kind === 'unknown' &&
        found.told.code === 'ABSENT' &&
        (!reduces(parts, order) || hasLaterExit(parts, order, record)));
    if (!isFinal(order.status) && isUnwanted) void changing.cancel({ orderId: order.orderId });
  });
  events.on('order.resolved', watch);
  events.on('order.unknown', watch);
  for (const { outcome } of book.records()) if (outcome) watch(outcome);
  return () => {
    events.off('order.resolved', watch);
    events.off('order.unknown', watch);
    stop();
  };
}

/** Whether the order takes off what is held, and no more. */
function reduces<Key extends string>(
  { state }: BrokerParts<Key>,
  { contractId, side, quantity }: Order,
): boolean {
  const position = state.positions.find(contractId);
  return position !== undefined && position.side !== side && quantity <= position.quantity;
}

/** Whether the bot sent an exit after it: with both of them working, the position would be turned round. */
function hasLaterExit<Key extends string>(
  { state, book }: BrokerParts<Key>,
  { orderId, contractId, side }: Order,
  { calledAt }: { readonly calledAt: number },
): boolean {
  return state.orders
    .open()
    .some(
      (other) =>
        other.orderId !== orderId &&
        other.contractId === contractId &&
        other.side === side &&
        (book.findByOrderId(other.orderId)?.calledAt ?? -Infinity) > calledAt,
    );
}
