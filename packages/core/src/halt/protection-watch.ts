import type { ContractId, OrderId } from '../brand.ts';
import type { BrokerParts } from '../broker/broker-parts.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import { setPatientTimer } from '../set-patient-timer.ts';

/** The venue activates legs 20 to 30 ms after the fill (recorded live); this leaves it time and the stream too. */
const legsWithinMs = 2_000;
/** A fill and the position it makes come one after the other: a flat position within this of a fill may be the one from before. */
const positionSettlesMs = 500;

interface Watched {
  readonly contractId: ContractId;
  /** Monotonic, of its last fill. */
  filledAt: number;
  readonly legs: Set<OrderId>;
  isPending: boolean;
}

/** Tells when a position that was to have a stop has none: its leg never came, or ended without filling. Entries that are out again are not missed. Returns how to stop. */
export function watchProtection<Key extends string>(parts: BrokerParts<Key>): () => void {
  const { state, book, clock } = parts;
  const watched = new Map<OrderId, Watched>();
  const isOut = (entryId: OrderId, { legs }: Watched): boolean => {
    const out = [...legs].reduce(
      (sum, orderId) => sum + (state.orders.find(orderId)?.filledQuantity ?? 0),
      0,
    );
    return out >= (state.orders.find(entryId)?.filledQuantity ?? Infinity);
  };
  const check = (entryId: OrderId): void => {
    const entry = watched.get(entryId);
    if (!entry) return;
    entry.isPending = false;
    if (isOut(entryId, entry)) return void watched.delete(entryId);
    const record = book.findByOrderId(entryId);
    const position = record?.contract && state.positions.find(record.contract.id);
    // What cannot be seen is not denied: the gap has its own alarm.
    if (!record?.contract || !position || !state.isLive) return;
    const legs = state.orders
      .open()
      .filter(
        ({ parentOrderId, type }) =>
          parentOrderId === entryId && (type === 'stop' || type === 'trailing-stop'),
      );
    if (legs.length > 0 || position.side !== record.request.side) return;
    parts.events.emit('position.unprotected', {
      contractId: record.contract.id,
      position,
      message: `Order ${entryId} asked for a stop loss, and no stop works for it.`,
    });
  };
  const stopOrders = state.orders.onChange((order: Order) => {
    const entryId = order.parentOrderId ?? order.orderId;
    const record = book.findByOrderId(entryId);
    if (record?.request.bracket?.stopLossTicks === undefined) return;
    const isLeg = order.parentOrderId !== undefined;
    // What the broker protects by itself has an alarm of its own; then only legs show that an entry is not of those.
    if (parts.oco && !isLeg && !watched.has(entryId)) return;
    const isFill = !isLeg && order.filledQuantity > 0;
    const entry = watched.get(entryId) ?? {
      contractId: order.contractId,
      filledAt: clock.monotonic(),
      legs: new Set<OrderId>(),
      isPending: false,
    };
    if (isLeg || isFill) watched.set(entryId, entry);
    if (isLeg) entry.legs.add(order.orderId);
    if (isFill) entry.filledAt = clock.monotonic();
    const isLegEnd = isLeg && isFinal(order.status) && order.status !== 'filled';
    if (entry.isPending || !(isFill || isLegEnd)) return;
    entry.isPending = true;
    setPatientTimer(clock, legsWithinMs, () => check(entryId));
  });
  const stopPositions = state.onPosition((contractId, position) => {
    if (position) return;
    const now = clock.monotonic();
    for (const [entryId, entry] of watched)
      if (entry.contractId === contractId && now - entry.filledAt > positionSettlesMs)
        watched.delete(entryId);
  });
  return () => {
    stopOrders();
    stopPositions();
  };
}
