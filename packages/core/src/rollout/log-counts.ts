const binsPerOctave = 24;
/** Up to 2^27 µs, two minutes. */
const binCount = 27 * binsPerOctave;

/** Bins and their counts, in turn: only those that are not empty. */
export type SparseCounts = readonly number[];

/**
 * Times counted in bins three percent wide. hdr-histogram-js serves the statistics; the guards need what it keeps to itself:
 * how many values lie above another histogram's percentile, and a form small enough for a journal line.
 */
export class LogCounts {
  readonly #bins = new Uint32Array(binCount);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  record(microseconds: number): void {
    const bin = Math.min(
      binCount - 1,
      Math.max(0, Math.floor(Math.log2(Math.max(1, microseconds)) * binsPerOctave)),
    );
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#count += 1;
  }

  add(other: LogCounts): void {
    for (let bin = 0; bin < binCount; bin += 1) {
      const more = other.#bins[bin] ?? 0;
      if (more > 0) this.#bins[bin] = (this.#bins[bin] ?? 0) + more;
    }
    this.#count += other.#count;
  }

  /** The bin that holds a quantile, how many values lie in it or below, and its middle. Undefined without a value. */
  quantile(
    part: number,
  ): { readonly bin: number; readonly upTo: number; readonly microseconds: number } | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(part * this.#count));
    let upTo = 0;
    for (let bin = 0; bin < binCount; bin += 1) {
      upTo += this.#bins[bin] ?? 0;
      if (upTo >= rank) return { bin, upTo, microseconds: 2 ** ((bin + 0.5) / binsPerOctave) };
    }
    return undefined;
  }

  /** Values in bins above this one. */
  above(bin: number): number {
    let count = 0;
    for (let index = bin + 1; index < binCount; index += 1) count += this.#bins[index] ?? 0;
    return count;
  }

  toSparse(): SparseCounts {
    const sparse: number[] = [];
    for (const [bin, count] of this.#bins.entries()) if (count > 0) sparse.push(bin, count);
    return sparse;
  }

  static fromSparse(sparse: SparseCounts): LogCounts {
    const counts = new LogCounts();
    for (let index = 0; index + 1 < sparse.length; index += 2) {
      const [bin = -1, count = 0] = [sparse[index], sparse[index + 1]];
      if (!(bin >= 0 && bin < binCount && count > 0)) continue;
      counts.#bins[bin] = count;
      counts.#count += count;
    }
    return counts;
  }
}
