import { clientOrderIdKey } from '../client-order-id.ts';
import type { JournalRecord } from '../journal/journal.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { IntentStory, StoryRecord } from './intent-view.ts';
import { viewOf } from './intent-view.ts';

/** Gathers an order's story. Rejects with `JournalError` when the journal can't be read. */
export async function explain<Key extends string>({ book, journal, story }: BrokerParts<Key>, clientOrderId: string): Promise<IntentStory<Key>> {
  const key = clientOrderIdKey(clientOrderId);
  const record = book.find(clientOrderId);
  const orderId = record?.orderId;
  const records: StoryRecord[] = [];
  for await (const line of journal.read()) if (tellsOf(line, key, orderId)) records.push(line);
  return { clientOrderId, intent: record && viewOf(record), records, lines: story.of(clientOrderId, orderId) };
}

function tellsOf(line: JournalRecord, key: string, orderId: string | undefined): line is StoryRecord {
  const isKey = (id: string | undefined): boolean => id !== undefined && clientOrderIdKey(id) === key;
  switch (line.kind) {
    case 'intent':
    case 'attempt':
    case 'outcome':
      // Lines of a modify or cancel by order id alone.
      return isKey(line.clientOrderId) || (orderId !== undefined && line.orderId === orderId);
    case 'withdrawal':
    case 'arrival':
      return isKey(line.clientOrderId);
    case 'oco':
      return isKey(line.entry) || ('clientOrderId' in line && isKey(line.clientOrderId));
    case 'halt':
    case 'resume':
    case 'rollout':
    case 'rollout-window':
      return false;
  }
}
