/** One figure of both sides of a comparison, measured one right after the other. */
export interface Pair {
  readonly ours: number;
  readonly base: number;
}

export interface PairedRatio {
  /** Ours ÷ base: the geometric mean over the pairs. */
  readonly ratio: number;
  /** Where it lies with 95 % confidence: Student's interval of the mean logarithm. */
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
}

/** Whatever slows the machine for a while slows both of a pair, and leaves their ratio. At least two pairs. */
export function pairedRatio(pairs: readonly Pair[]): PairedRatio {
  const logs = pairs.map(({ ours, base }) => Math.log(ours / base));
  const count = logs.length;
  const mean = logs.reduce((sum, log) => sum + log, 0) / count;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (count - 1);
  const half = quantileOfT(count - 1) * Math.sqrt(variance / count);
  return {
    ratio: Math.exp(mean),
    from: Math.exp(mean - half),
    to: Math.exp(mean + half),
    pairs: count,
  };
}

/** The 97.5 % quantile of Student's t, by the expansion of Cornish and Fisher: within 0.001 from 10 degrees on. */
function quantileOfT(degrees: number): number {
  const z = 1.959964;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}
