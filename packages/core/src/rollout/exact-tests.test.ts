import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialTail, excessTail, exceedanceTail } from './exact-tests.ts';

describe('exact tests', () => {
  // Expected values are exact sums of binomial coefficients, computed in another language.
  it.each([
    [3, 60, 0.005, 0.0034581976271048],
    [1, 10, 0.1, 0.6513216],
    [5, 5, 0.5, 0.03125],
    [0, 10, 0.3, 1],
  ])('%i or more of %i at a chance of %f', (count, trials, chance, expected) => {
    expect(binomialTail(count, trials, chance)).toBeCloseTo(expected, 6);
  });

  it.each([
    [5, 60, 1, 180, 0.0041454882529861],
    [3, 3, 0, 3, 0.05],
    [2, 10, 2, 10, 0.7089783],
  ])('%i of %i against %i of %i (Fisher)', (count, trials, otherCount, otherTrials, expected) => {
    expect(excessTail(count, trials, otherCount, otherTrials)).toBeCloseTo(expected, 6);
  });

  it('so many beyond an order statistic: the chance is the same as counted over all arrangements', () => {
    // Three values against four: all C(7,3) = 35 arrangements are alike likely when both come from one distribution.
    for (let rank = 1; rank <= 4; rank += 1) {
      for (let count = 0; count <= 3; count += 1)
        expect(exceedanceTail(count, 3, rank, 4)).toBeCloseTo(countedTail(count, 3, rank, 4), 9);
    }
  });

  it('are chances, and fall with the count', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 900 }),
        fc.nat(),
        fc.nat(),
        (trials, others, seedCount, seedRank) => {
          const [count, rank] = [seedCount % trials, 1 + (seedRank % others)];
          for (const tail of [
            (at: number) => exceedanceTail(at, trials, rank, others),
            (at: number) => excessTail(at, trials, rank, others),
            (at: number) => binomialTail(at, trials, 0.05),
          ]) {
            expect(tail(count)).toBeGreaterThanOrEqual(0);
            expect(tail(count)).toBeLessThanOrEqual(1);
            expect(tail(count + 1)).toBeLessThanOrEqual(tail(count) + 1e-9);
          }
        },
      ),
    );
  });
});

function countedTail(count: number, trials: number, rank: number, others: number): number {
  let all = 0;
  let hits = 0;
  for (let mask = 0; mask < 2 ** (trials + others); mask += 1) {
    const own = Array.from({ length: trials + others }, (_, index) => (mask & (2 ** index)) !== 0);
    if (own.filter(Boolean).length !== trials) continue;
    all += 1;
    let seen = 0;
    const threshold = own.findIndex((isOwn) => !isOwn && (seen += 1) === rank);
    if (own.slice(threshold + 1).filter(Boolean).length >= count) hits += 1;
  }
  return hits / all;
}
