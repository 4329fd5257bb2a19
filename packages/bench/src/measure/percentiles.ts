import { build } from 'hdr-histogram-js';

export interface Percentiles {
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly samples: number;
}

/** Through an HDR histogram of nanoseconds with three digits. */
export function percentilesOf(samplesUs: readonly number[]): Percentiles {
  const [p50Us = Number.NaN, p95Us = Number.NaN, p99Us = Number.NaN, p999Us = Number.NaN] =
    valuesAt(samplesUs, [50, 95, 99, 99.9]);
  return { p50Us, p95Us, p99Us, p999Us, samples: samplesUs.length };
}

/** Microseconds at which so many percent of all samples lie at or below. */
export function valuesAt(samplesUs: readonly number[], percents: readonly number[]): number[] {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2,
    autoResize: true,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  for (const sample of samplesUs) histogram.recordValue(Math.max(1, Math.round(sample * 1_000)));
  return percents.map((percent) => round(histogram.getValueAtPercentile(percent) / 1_000));
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
