import type { Measured } from '../measure/measured-case.ts';
import { valuesAt } from '../measure/percentiles.ts';
import type { Curve } from './report.ts';
import { curvePercents } from './report.ts';

/** Enough to draw a shape from. */
const mostSamples = 2_000;

export function makeCurves(measured: readonly Measured[]): Curve[] {
  return measured.map(({ label, rounds }) => {
    const all = rounds.flat();
    const step = Math.max(1, Math.ceil(all.length / mostSamples));
    return {
      label,
      samples: all.length,
      valuesUs: valuesAt(all, curvePercents),
      someUs: all.filter((_, index) => index % step === 0),
    };
  });
}
