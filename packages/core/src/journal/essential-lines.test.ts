import { expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import { EssentialLines } from './essential-lines.ts';
import type { JournalRecord, OrderRecord } from './journal.ts';

const hour = 3_600_000;
const now = 1_000 * hour;
const intent = (id: string, at: number): OrderRecord => ({
  kind: 'intent',
  at,
  operation: 'place',
  clientOrderId: toClientOrderId(id),
  orderId: undefined,
  executor: 'fast',
  content: {},
});
const accepted = (id: string, at: number): OrderRecord => ({
  kind: 'outcome',
  at,
  operation: 'place',
  clientOrderId: toClientOrderId(id),
  orderId: '1',
  outcome: 'accepted',
  code: undefined,
});

/** Which of the records are kept, when so many places are. */
function kept(records: readonly JournalRecord[], places: number): readonly JournalRecord[] {
  const lines = new EssentialLines(places);
  for (const record of records) lines.take(record);
  const marks = lines.marks();
  return records.filter((_, index) => marks[index] === 1);
}

it('lets the oldest places go that are over, and no more of them than there are too many', () => {
  const old = now - 48 * hour;
  const [open, one, two, three] = [
    [intent('open', old)],
    [intent('one', old + 1), accepted('one', old + 1)],
    [intent('two', old + 2), accepted('two', old + 2)],
    [intent('three', old + 3), accepted('three', old + 3)],
  ];
  const young = [intent('young', now), accepted('young', now)];
  const all = [open, one, two, three, young].flat();
  expect(kept(all, 5)).toEqual(all);
  expect(kept(all, 3)).toEqual([open, three, young].flat());
  expect(kept(all, 0)).toEqual([open, young].flat());
});
