import { expect, it } from 'vitest';
import { restTimestamp } from './timestamps.ts';

it.each([
  ['2026-09-21T14:00:00.123Z', '2026-09-21T14:00:00.123+00:00'],
  ['2026-09-21T14:00:00.120Z', '2026-09-21T14:00:00.12+00:00'],
  ['2026-09-21T14:00:00.000Z', '2026-09-21T14:00:00+00:00'],
  ['2026-09-20T10:00:10.500Z', '2026-09-20T10:00:10.5+00:00'],
])('writes %s as %s', (instant, expected) => {
  expect(restTimestamp(Date.parse(instant))).toBe(expected);
});
