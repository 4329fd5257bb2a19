import { build } from 'hdr-histogram-js';
import type { Histogram } from 'hdr-histogram-js';

/** Microseconds at which p of all values lie at or below. */
export interface Percentiles {
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
}

/** How finely times are kept. `answer`: whole microseconds up to a minute, three digits. `write`: the same, two digits. `compute`: nanoseconds up to a second, two digits. */
export type LatencyScale = 'answer' | 'write' | 'compute';

const scales = {
  answer: { unitsPerMs: 1000, unitsPerUs: 1, largest: 60_000_000, digits: 3 },
  write: { unitsPerMs: 1000, unitsPerUs: 1, largest: 60_000_000, digits: 2 },
  compute: { unitsPerMs: 1_000_000, unitsPerUs: 1000, largest: 1_000_000_000, digits: 2 },
} as const;

/** Times of one kind. Histograms of one scale can be merged without loss. */
export class LatencyHistogram {
  readonly #scale: (typeof scales)[LatencyScale];
  readonly #histogram: Histogram;

  constructor(scale: LatencyScale) {
    this.#scale = scales[scale];
    const { largest, digits } = this.#scale;
    this.#histogram = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: largest,
      numberOfSignificantValueDigits: digits,
      useWebAssembly: false,
    });
  }

  record(milliseconds: number): void {
    const { unitsPerMs, largest } = this.#scale;
    this.#histogram.recordValue(
      Math.min(largest, Math.max(1, Math.round(milliseconds * unitsPerMs))),
    );
  }

  add(other: LatencyHistogram): void {
    this.#histogram.add(other.#histogram);
  }

  reset(): void {
    this.#histogram.reset();
  }

  get percentiles(): Percentiles | undefined {
    if (this.#histogram.totalCount === 0) return undefined;
    const at = (percentile: number): number =>
      this.#histogram.getValueAtPercentile(percentile) / this.#scale.unitsPerUs;
    return { p50Us: at(50), p95Us: at(95), p99Us: at(99), p999Us: at(99.9) };
  }
}
