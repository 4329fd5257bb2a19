import type { BrokerParts } from '../broker/broker-parts.ts';
import { lookUp } from '../broker/look-up.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import { ReadError } from '../errors/read-error.ts';
import type { OcoBook } from './oco-book.ts';
import type { ProtectedEntry } from './protected-entry.ts';
import { rowOf } from './leg-state.ts';

/** An order that the venue did not show is asked for again only after so long. */
const askAgainAfterMs = 600_000;
/** One of this age that neither works nor is to be found has ended: what is younger may only not be shown yet. */
const goneAfterMs = 600_000;

/** Asks the venue for every order of these entries that may still change: one read for those that work, one for each that has ended meanwhile. Resolves with all that work in the account. Rejects when it can't be asked. */
export async function readEntries<Key extends string>(
  broker: BrokerParts<Key>,
  book: OcoBook,
  entries: readonly ProtectedEntry[],
): Promise<readonly Order[]> {
  const { adapter, state, clock, lookupTimeoutMs } = broker;
  const readSince = state.orders.count;
  const open = await adapter.reads.openOrders('resolve');
  for (const order of open) state.seen(order, readSince);
  const listed = new Set(open.map(({ orderId }) => orderId));
  for (const entry of entries) {
    for (const facts of [entry, ...entry.legs]) {
      const { clientOrderId, orderId: told, unshownAt } = facts;
      const row = rowOf(broker, book, clientOrderId, told);
      const orderId = row?.orderId ?? told ?? broker.book.find(clientOrderId)?.orderId;
      // What has no order id is unknown, and has a search of its own.
      if (orderId !== undefined && listed.has(orderId)) facts.isGone = false;
      if (orderId === undefined || listed.has(orderId) || (row && isFinal(row.status))) continue;
      // Old orders may not be shown any more: asking for them each time would spend what others need.
      if (unshownAt !== undefined && clock.monotonic() - unshownAt < askAgainAfterMs) continue;
      const finding = await lookUp(
        broker,
        { by: 'order-id', orderId },
        { lane: 'resolve', timeoutMs: lookupTimeoutMs },
      );
      facts.unshownAt = finding.is === 'not-found' ? clock.monotonic() : undefined;
      facts.isGone = finding.is === 'not-found' && clock.now() - facts.at > goneAfterMs;
      if (finding.is === 'unreachable') throw new ReadError('UNREACHABLE', finding.message);
    }
  }
  return open;
}
