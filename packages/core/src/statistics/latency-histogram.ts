import { build } from 'hdr-histogram-js';
import type { Histogram } from 'hdr-histogram-js';

/** Microseconds at which p of all values lie at or below. */
export interface Percentiles {
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
}

const largestUs = 60_000_000;

/** Latencies in whole microseconds up to a minute, to three digits. */
export class LatencyHistogram {
  readonly #histogram: Histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: largestUs, numberOfSignificantValueDigits: 3, useWebAssembly: false });

  record(milliseconds: number): void {
    this.#histogram.recordValue(Math.min(largestUs, Math.max(1, Math.round(milliseconds * 1000))));
  }

  get percentiles(): Percentiles | undefined {
    if (this.#histogram.totalCount === 0) return undefined;
    return {
      p50Us: this.#histogram.getValueAtPercentile(50),
      p95Us: this.#histogram.getValueAtPercentile(95),
      p99Us: this.#histogram.getValueAtPercentile(99),
    };
  }
}
