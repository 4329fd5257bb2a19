import type { SeededRandom } from '../seeded-random.ts';

/**
 * How long something takes, in milliseconds: always the same, or drawn by seed from percentiles that were measured.
 * Percentiles are pairs of percent and milliseconds, both growing; between two of them it is drawn evenly, below the first and above the last it is theirs: `[[0, 6], [50, 7], [100, 22]]`.
 */
export type Latency = number | readonly (readonly [percent: number, milliseconds: number])[];

/** Why percentiles make no sense, or undefined. */
export function percentilesProblem(latency: Latency): string | undefined {
  if (typeof latency === 'number') return undefined;
  let [percentBefore, before] = [-1, 0];
  for (const [percent, milliseconds] of latency) {
    if (percent <= percentBefore)
      return `has the percent ${percent}, must be above the one before it, ${percentBefore}`;
    if (milliseconds < before)
      return `has ${milliseconds} ms at ${percent} %, must be at least the ${before} ms before it`;
    [percentBefore, before] = [percent, milliseconds];
  }
  return undefined;
}

/** Draws from a latency; undefined is none. */
export function latencyOf(latency: Latency | undefined, random: SeededRandom): () => number {
  if (latency === undefined) return () => 0;
  if (typeof latency === 'number') return () => latency;
  return () => {
    const percent = random() * 100;
    let [lower] = latency;
    for (const upper of latency) {
      if (upper[0] >= percent)
        return lower === undefined || lower === upper ? upper[1] : between(lower, upper, percent);
      lower = upper;
    }
    return lower?.[1] ?? 0;
  };
}

function between(
  [lowPercent, low]: readonly [number, number],
  [highPercent, high]: readonly [number, number],
  percent: number,
): number {
  return low + ((high - low) * (percent - lowPercent)) / (highPercent - lowPercent);
}
