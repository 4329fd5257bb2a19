import type { AdapterReads } from '../adapter.ts';
import type { Clock } from '../clock.ts';
import type { Order } from '../order.ts';
import { setPatientTimer } from '../set-patient-timer.ts';
import { mergeOrder } from './merge-order.ts';
import type { OrderState } from './order-state.ts';

/** Between two looks at the orders that work. Each is one request, and there is none while no order works. */
const lookEveryMs = 30_000;
/** How far events may be behind an answer: what no event has told by then was lost. */
const eventsBehindMs = 2_000;

export interface StreamCheckParts {
  readonly reads: Pick<AdapterReads, 'openOrders'>;
  readonly clock: Clock;
  readonly orders: OrderState;
  /** Whether the stream is held to be without a gap. */
  readonly isLive: () => boolean;
  /** An event was lost since this wall time, though the stream goes on. */
  readonly lost: (since: number, because: string) => void;
}

/** Holds the order stream against the venue's own list: a stream that goes on and leaves out an event looks healthy from within. Returns how to stop. */
export function checkStream({ reads, clock, orders, isLive, lost }: StreamCheckParts): () => void {
  /** What was told as lost and has not changed by what was read then: the venue itself does not show it, and saying it again would change nothing. */
  const blamed = new WeakSet<Order>();
  /** Nothing that still matters was lost before this wall time. */
  let good = clock.now();
  let isStopped = false;

  const ended = (rows: readonly Order[], count: number): Order[] => {
    const listed = new Set(rows.map(({ orderId }) => orderId));
    return orders
      .openUnseenSince(count)
      .filter((order) => !listed.has(order.orderId) && !blamed.has(order));
  };
  const look = async (): Promise<void> => {
    const [count, begunAt] = [orders.count, clock.now()];
    if (!isLive() || orders.open().length === 0) {
      // Nothing works, or all is read over when the stream is back.
      good = begunAt;
      return;
    }
    const untold = (rows: readonly Order[]): Order[] => [
      ...ended(rows, count),
      ...rows.filter((row) => isAhead(row, orders.find(row.orderId))),
    ];
    let missed = untold(await reads.openOrders());
    if (missed.length > 0) {
      await new Promise<void>(
        (resolve) => (timer = setPatientTimer(clock, eventsBehindMs, resolve)),
      );
      // Two lists must show it: the first may have been behind, and the second holds what no event can have told yet.
      const seen = new Set(missed.map(({ orderId }) => orderId));
      missed = untold(await reads.openOrders()).filter(({ orderId }) => seen.has(orderId));
    }
    // What broke off meanwhile is read over anyway.
    if (isStopped || !isLive()) return;
    const [first] = missed;
    if (!first) {
      good = begunAt;
      return;
    }
    for (const order of missed) blamed.add(order);
    // safeguard: stream held against the list
    lost(good, `the venue shows order ${first.orderId} otherwise than its events told`);
  };
  const again = (): void => {
    if (isStopped) return;
    // A look that fails says nothing about the stream; the next one may not.
    timer = clock.setTimer(
      lookEveryMs,
      () =>
        void look()
          .catch(() => undefined)
          .finally(again),
    );
  };
  let timer = clock.setTimer(
    lookEveryMs,
    () =>
      void look()
        .catch(() => undefined)
        .finally(again),
  );
  return () => {
    isStopped = true;
    timer.cancel();
  };
}

/** Whether a row tells more of an order than is known. Prices are left out: a trailing stop's moves without an event. */
function isAhead(row: Order, held: Order | undefined): boolean {
  if (!held) return true;
  const merged = mergeOrder(held, row);
  return (
    merged.status !== held.status ||
    merged.filledQuantity !== held.filledQuantity ||
    merged.quantity !== held.quantity
  );
}
