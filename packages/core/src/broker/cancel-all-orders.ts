import type { CancelOutcome } from '../outcome.ts';
import type { Order } from '../order.ts';
import type { ExitReport } from '../outcomes/report.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { ChangeOrders } from './change-orders.ts';

/** Cancels every working order and looks again. An order of which the venue shows nothing, such as one whose place is unknown, makes the report incomplete. */
export async function cancelAllOrders<Key extends string>(
  parts: BrokerParts<Key>,
  changing: ChangeOrders<Key>,
  foreign: boolean,
): Promise<ExitReport<Key>> {
  const mine = (order: Order): boolean => foreign || parts.state.labelled(order).foreign !== true;
  const before = await openOrders(parts);
  const orders = before.orders.filter(mine);
  const shown = new Set(orders.map(({ orderId }) => orderId));
  // What the bot was told is unknown may be live without being shown yet.
  const unsettled = parts.book
    .unsettled()
    .filter(({ orderId }) => orderId === undefined || !shown.has(orderId));
  const outcomes: CancelOutcome<Key>[] = await Promise.all([
    ...orders.map(({ orderId }) => changing.cancel({ orderId })),
    ...unsettled.map(({ clientOrderId }) => changing.cancel({ clientOrderId })),
  ]);
  const after = before.unread === undefined ? await openOrders(parts) : before;
  const left = after.orders.filter(mine);
  const complete =
    after.unread === undefined &&
    left.length === 0 &&
    outcomes.every(({ kind }) => kind === 'accepted');
  return {
    complete,
    orders: outcomes,
    positions: [],
    left: {
      orders: left,
      positions: [],
      unread: after.unread,
      unsettled: parts.book.unsettled().map(({ clientOrderId }) => clientOrderId),
    },
  };
}

async function openOrders<Key extends string>({
  adapter,
}: BrokerParts<Key>): Promise<{
  readonly orders: readonly Order[];
  readonly unread: string | undefined;
}> {
  try {
    return { orders: await adapter.reads.openOrders('cancel'), unread: undefined };
  } catch (error) {
    return { orders: [], unread: error instanceof Error ? error.message : String(error) };
  }
}
