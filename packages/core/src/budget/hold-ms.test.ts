import { expect, it } from 'vitest';
import { holdMs } from './hold-ms.ts';

it('holds back for as long as is named, an hour at the most, and for the window where no number is named', () => {
  expect(
    [0, 1_500, 31_536_000_000, Number.POSITIVE_INFINITY].map((named) => holdMs(named, 60_000)),
  ).toEqual([0, 1_500, 3_600_000, 3_600_000]);
  expect([undefined, Number.NaN, '5', null, {}].map((named) => holdMs(named, 60_000))).toEqual([
    60_000, 60_000, 60_000, 60_000, 60_000,
  ]);
  expect([-5, Number.NEGATIVE_INFINITY].map((named) => holdMs(named, 60_000))).toEqual([0, 0]);
});
