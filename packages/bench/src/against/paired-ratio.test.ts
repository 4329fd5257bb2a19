import { expect, it } from 'vitest';
import { pairedRatio } from './paired-ratio.ts';

it('is the ratio itself, without doubt, when every pair has it, however the machine was slowed', () => {
  const pairs = Array.from({ length: 30 }, (_, index) => ({
    ours: 1.04 * (50 + index),
    base: 50 + index,
  }));
  const { ratio, from, to } = pairedRatio(pairs);
  for (const value of [ratio, from, to]) expect(value).toBeCloseTo(1.04, 10);
});

it('has the interval of Student for the mean logarithm', () => {
  // Logarithms 0.1 and -0.1 by turns: mean 0, standard deviation 0.1 × √(30 ÷ 29), t of 29 degrees 2.0452.
  const pairs = Array.from({ length: 30 }, (_, index) => ({
    ours: Math.exp(index % 2 === 0 ? 0.1 : -0.1),
    base: 1,
  }));
  const { ratio, from, to } = pairedRatio(pairs);
  const half = (2.0452 * 0.1) / Math.sqrt(29);
  expect(ratio).toBeCloseTo(1, 10);
  expect(Math.log(to)).toBeCloseTo(half, 4);
  expect(Math.log(from)).toBeCloseTo(-half, 4);
});

it('is wider with fewer pairs', () => {
  const spread = (count: number): number => {
    const { from, to } = pairedRatio(
      Array.from({ length: count }, (_, index) => ({ ours: index % 2 === 0 ? 1.1 : 1, base: 1 })),
    );
    return to / from;
  };
  expect(spread(10)).toBeGreaterThan(spread(40));
});
