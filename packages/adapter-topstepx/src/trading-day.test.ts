import { describe, expect, it } from 'vitest';
import { tradingDay } from './trading-day.ts';

describe('tradingDay', () => {
  it.each([
    ['in summer', '2026-07-14T22:00:00Z'],
    ['in winter', '2026-01-14T23:00:00Z'],
    ['on the Sunday the clocks go forward', '2026-03-08T22:00:00Z'],
    ['on the Sunday the clocks go back', '2026-11-01T23:00:00Z'],
  ])('changes at 17:00 in Chicago %s', (_name, opening) => {
    const at = Date.parse(opening);
    expect(tradingDay(at)).toBe(tradingDay(at - 1) + 1);
    expect(tradingDay(at + 23 * 3_600_000 - 1)).toBe(tradingDay(at));
  });
});
