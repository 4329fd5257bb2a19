import type { IntentBook } from '../broker/intent-book.ts';
import type { Journal } from '../journal/journal.ts';
import type { Order } from '../order.ts';

/** Whether this bot placed an order: an intent of this process names it, or its id begins as every id minted under this journal. A bracket's leg goes with its entry, whose tag its own begins with. */
export function isOurs<Key extends string>({ orderId, clientOrderId, parentOrderId }: Order, book: IntentBook<Key>, journal: Journal): boolean {
  if (book.findByOrderId(orderId) || (parentOrderId !== undefined && book.findByOrderId(parentOrderId))) return true;
  return clientOrderId !== undefined && (clientOrderId.toLowerCase().startsWith(`${journal.prefix}-`) || book.find(clientOrderId) !== undefined);
}
