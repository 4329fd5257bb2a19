import { expect, it } from 'vitest';
import { TagLedger } from './tag-ledger.ts';

it.each([
  [true, true],
  [false, false],
])('with case ignored %s, takes "A-1" for "a-1": %s', (ignoresCase, same) => {
  const ledger = new TagLedger(ignoresCase);
  ledger.take('a-1', 1);
  expect([ledger.has('a-1'), ledger.has('A-1'), ledger.has('a-2')]).toEqual([true, same, false]);
});

it('knows every tag that it has shrunk, and no other', () => {
  const ledger = new TagLedger(true);
  const tags = Array.from({ length: 100_000 }, (_, index) => `bot-${index.toString(36)}`);
  tags.forEach((tag, index) => ledger.take(tag, index));
  for (const tag of tags) ledger.shrink(tag);
  expect(tags.every((tag) => ledger.has(tag.toUpperCase()))).toBe(true);
  expect(
    Array.from({ length: 100_000 }, (_, index) => `other-${index}`).filter((tag) =>
      ledger.has(tag),
    ),
  ).toEqual([]);
});
