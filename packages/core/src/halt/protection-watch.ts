import type { OrderId } from '../brand.ts';
import type { BrokerParts } from '../broker/broker-parts.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';

/** The venue activates legs 20 to 30 ms after the fill (recorded live); this leaves it time and the stream too. */
const legsWithinMs = 2_000;

/** Tells when a position that was to have a stop has none: its leg never came, or ended without filling. Returns how to stop. */
export function watchProtection<Key extends string>(parts: BrokerParts<Key>): () => void {
  const { state, book, clock } = parts;
  const pending = new Set<OrderId>();
  const check = (entryId: OrderId): void => {
    pending.delete(entryId);
    const record = book.findByOrderId(entryId);
    const position = record?.contract && state.positions.find(record.contract.id);
    // What cannot be seen is not denied: the gap has its own alarm.
    if (!record?.contract || !position || !state.isLive) return;
    const legs = state.orders.open().filter(({ parentOrderId, type }) => parentOrderId === entryId && (type === 'stop' || type === 'trailing-stop'));
    const exitSide = record.request.side === 'buy' ? 'sell' : 'buy';
    if (legs.length > 0 || position.side === exitSide) return;
    parts.events.emit('position.unprotected', { contractId: record.contract.id, position, message: `Order ${entryId} asked for a stop loss, and no stop works for it.` });
  };
  const later = (entryId: OrderId): void => {
    if (pending.has(entryId)) return;
    pending.add(entryId);
    clock.setTimer(legsWithinMs, () => check(entryId));
  };
  return state.orders.onChange((order: Order) => {
    const entryId = order.parentOrderId ?? order.orderId;
    const entry = book.findByOrderId(entryId);
    // Those that the broker protects by itself have an alarm of their own.
    if (entry?.request.bracket?.stopLossTicks === undefined || parts.oco?.hasArmed(entry.clientOrderId) === true) return;
    const entryFilled = order.parentOrderId === undefined && order.filledQuantity > 0;
    const legEnded = order.parentOrderId !== undefined && isFinal(order.status) && order.status !== 'filled';
    if (entryFilled || legEnded) later(entryId);
  });
}
