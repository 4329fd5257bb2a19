import { expect, it } from 'vitest';
import { fillCandles } from './fill-candles.ts';

const minute = 60_000;
const bar = (at: number, close: number) => ({
  at,
  open: close - 1,
  high: close + 2,
  low: close - 2,
  close,
  volume: 5,
});

it('gives as many candles as are asked for; one without a trade stands at the close before it, with no volume', () => {
  const candles = fillCandles(
    [bar(0, 10), bar(minute, 20), bar(3 * minute, 30)],
    minute,
    minute,
    4,
  );
  expect(
    candles?.map(({ timestamp, open, close, volume }) => [timestamp / minute, open, close, volume]),
  ).toEqual([
    [1, 19, 20, 5],
    [2, 20, 20, 0],
    [3, 29, 30, 5],
    [4, 30, 30, 0],
  ]);
});

it('puts several bars of one span together', () => {
  expect(fillCandles([bar(0, 10), bar(minute, 20)], 0, 2 * minute, 1)).toEqual([
    { timestamp: 0, open: 9, high: 22, low: 8, close: 20, volume: 10 },
  ]);
});

it('invents no price where none stands before', () => {
  expect(fillCandles([bar(2 * minute, 10)], minute, minute, 2)).toBe(undefined);
  expect(fillCandles([], 0, minute, 1)).toBe(undefined);
});
