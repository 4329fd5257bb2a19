import { expect, it } from 'vitest';
import { percentilesOf } from './percentiles.ts';

it('finds the percentiles of all samples, to three digits', () => {
  const samples = Array.from({ length: 10_000 }, (_, index) => index + 1);
  const { p50Us, p95Us, p99Us, p999Us } = percentilesOf(samples);
  for (const [found, exact] of [
    [p50Us, 5_000],
    [p95Us, 9_500],
    [p99Us, 9_900],
    [p999Us, 9_990],
  ] as const)
    expect(Math.abs(found / exact - 1)).toBeLessThan(0.001);
  expect(percentilesOf([250_000_000]).p50Us).toBeGreaterThan(249_000_000);
});
