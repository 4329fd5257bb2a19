import { clientOrderIdKey } from '../client-order-id.ts';
import type { OrderRecord } from '../journal/journal.ts';
import { isOrderRecord } from '../journal/journal.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { IntentStory } from './intent-view.ts';
import { viewOf } from './intent-view.ts';

/** Gathers an order's story. Rejects with `JournalError` when the journal can't be read. */
export async function explain<Key extends string>({ book, journal }: BrokerParts<Key>, clientOrderId: string): Promise<IntentStory<Key>> {
  const key = clientOrderIdKey(clientOrderId);
  const record = book.find(clientOrderId);
  const records: OrderRecord[] = [];
  for await (const line of journal.read()) {
    if (!isOrderRecord(line)) continue;
    const named = line.clientOrderId !== undefined && clientOrderIdKey(line.clientOrderId) === key;
    // Lines of a modify or cancel by order id alone.
    if (named || (record?.orderId !== undefined && line.orderId === record.orderId)) records.push(line);
  }
  return { clientOrderId, intent: record && viewOf(record), records };
}
