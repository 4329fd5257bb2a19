import type { IntentBook } from '../broker/intent-book.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { Journal } from '../journal/journal.ts';
import type { Order } from '../order.ts';

/** Whether this bot placed an order: an intent of this process names it, or its id begins as every id minted under this journal. A bracket's leg goes with its entry, whose tag its own begins with. */
export function isOurs<Key extends string>(
  { orderId, clientOrderId, parentOrderId }: Order,
  book: IntentBook<Key>,
  journal: Journal,
): boolean {
  if (
    book.findByOrderId(orderId) ||
    (parentOrderId !== undefined && book.findByOrderId(parentOrderId))
  )
    return true;
  return (
    clientOrderId !== undefined &&
    (isMintedUnder(journal, clientOrderId) || book.find(clientOrderId) !== undefined)
  );
}

/** Whether an id begins as those minted under this journal do, by whichever process. */
export function isMintedUnder({ prefix }: Pick<Journal, 'prefix'>, clientOrderId: string): boolean {
  const key = clientOrderIdKey(clientOrderId);
  // In the tick of an order: no text is made for it.
  return key.startsWith(prefix) && key.charAt(prefix.length) === '-';
}
