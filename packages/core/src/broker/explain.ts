import { clientOrderIdKey } from '../client-order-id.ts';
import type { JournalRecord } from '../journal/journal.ts';
import { isOrderRecord } from '../journal/journal.ts';
import { recordsOf } from '../journal/records-of.ts';
import { recordedLines } from '../story/recorded-lines.ts';
import type { StoryLine } from '../story/story-line.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { IntentStory, StoryRecord } from './intent-view.ts';
import { viewOf } from './intent-view.ts';
import { readText } from './read-requests.ts';

/** Gathers an order's story. Rejects with `JournalError` when the journal can't be read. */
export async function explain<Key extends string>(
  { book, journal, story }: Pick<BrokerParts<Key>, 'book' | 'journal' | 'story'>,
  given: string,
): Promise<IntentStory<Key>> {
  const clientOrderId = readText('explain', 'clientOrderId', given, { longest: 100 });
  const key = clientOrderIdKey(clientOrderId);
  const record = book.find(clientOrderId);
  let orderId: string | undefined = record?.orderId;
  const records: StoryRecord[] = [];
  for await (const line of recordsOf(journal)) {
    if (!tellsOf(line, key, orderId)) continue;
    records.push(line);
    // An order that this process does not know is named by the line that told of it.
    if (line.kind === 'outcome' && line.operation === 'place') orderId ??= line.orderId;
  }
  const told = story.of(clientOrderId, orderId);
  let recorded: readonly StoryLine[] = [];
  // safeguard: explain knows orders of before a restart
  recorded = recordedLines(records.filter(isOrderRecord), told);
  return {
    clientOrderId,
    intent: record && viewOf(record),
    records,
    lines: inOrder(recorded, told),
  };
}

/** What the journal alone tells is older than what this process saw, or under way. */
function inOrder(recorded: readonly StoryLine[], told: readonly StoryLine[]): readonly StoryLine[] {
  return recorded.length === 0
    ? told
    : [...recorded, ...told].toSorted((one, other) => one.at - other.at);
}

function tellsOf(
  line: JournalRecord,
  key: string,
  orderId: string | undefined,
): line is StoryRecord {
  const isKey = (id: string | undefined): boolean =>
    id !== undefined && clientOrderIdKey(id) === key;
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
