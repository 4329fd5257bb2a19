import { describe, expect, it } from 'vitest';
import type { ClientOrderId } from '../brand.ts';
import type { JournalRecord } from '../journal/journal.ts';
import { EarlierChanges } from './earlier-changes.ts';

type Operation = 'modify' | 'cancel';
interface Ids {
  readonly orderId?: string;
  readonly clientOrderId?: string;
}
const ids = ({
  orderId,
  clientOrderId,
}: Ids): {
  readonly orderId: string | undefined;
  readonly clientOrderId: ClientOrderId | undefined;
} => ({ orderId, clientOrderId: clientOrderId as ClientOrderId | undefined });
const sent = (operation: Operation, of: Ids, content: object = {}): JournalRecord => ({
  kind: 'intent',
  at: 1_000,
  operation,
  executor: 'fast',
  content,
  ...ids(of),
});
const ended = (
  operation: Operation,
  of: Ids,
  outcome: 'accepted' | 'rejected' | 'not-sent' | 'unknown',
  code?: string,
): JournalRecord => ({ kind: 'outcome', at: 2_000, operation, outcome, code, ...ids(of) });

function left(records: readonly JournalRecord[], now = 3_000): string[] {
  const changes = new EarlierChanges();
  for (const record of records) changes.take(record);
  return changes
    .open(now)
    .map(({ operation, orderId, attempts }) => `${operation} ${orderId} ×${attempts}`);
}

describe('what a journal leaves open of modifies and cancels', () => {
  const own = { orderId: '7', clientOrderId: 'a' };
  const foreign = { orderId: '8' };

  it.each<[string, readonly JournalRecord[], readonly string[]]>([
    ['is one without an end', [sent('cancel', own)], ['cancel 7 ×1']],
    [
      'is each by itself',
      [
        sent('cancel', own),
        sent('modify', own),
        sent('cancel', foreign),
        ended('cancel', own, 'accepted'),
      ],
      ['modify 7 ×1', 'cancel 8 ×1'],
    ],
    [
      'counts its attempts',
      [
        sent('cancel', own),
        {
          kind: 'attempt',
          at: 1_001,
          operation: 'cancel',
          executor: 'fallback',
          because: 'takeover',
          ...ids(own),
        },
      ],
      ['cancel 7 ×2'],
    ],
    [
      'is one that was told as unknown',
      [sent('cancel', own), ended('cancel', { clientOrderId: 'a' }, 'unknown', 'NO_ANSWER')],
      ['cancel 7 ×1'],
    ],
    [
      'is none that was given up',
      [sent('cancel', own), ended('cancel', { clientOrderId: 'A' }, 'unknown', 'ABSENT')],
      [],
    ],
    [
      'is none that was refused, by the id of the bot',
      [
        sent('modify', own),
        sent('modify', { orderId: '9', clientOrderId: 'b' }),
        ended('modify', { clientOrderId: 'a' }, 'rejected', 'ORDER_REJECTED'),
      ],
      ['modify 9 ×1'],
    ],
    [
      'is nothing that may have been refused, where an end has no id at all',
      [sent('cancel', foreign), ended('cancel', {}, 'rejected', 'ACCOUNT_REJECTED')],
      [],
    ],
  ])('%s', (_name, records, expected) => {
    expect(left(records)).toEqual(expected);
  });

  it('is nothing of more than a day ago', () => {
    expect(left([sent('cancel', own)], 1_000 + 24 * 3_600_000)).toEqual(['cancel 7 ×1']);
    expect(left([sent('cancel', own)], 1_001 + 24 * 3_600_000)).toEqual([]);
  });
});
