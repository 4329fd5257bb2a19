import type { Bar } from '@hotpath/core';

const dayMs = 86_400_000;

/** Which bars are wanted. Times are wall milliseconds, `spanMs` is the length of one bar. */
export interface WantedBars {
  readonly spanMs: number;
  /** The first `limit` from here on; without it the last `limit`. */
  readonly since: number | undefined;
  /** Without it, all since `since`. */
  readonly limit: number | undefined;
  readonly until: number;
}

/** Looks this much further at a time, so that a night costs a read more and no look takes much that nobody asked for. */
const growth = 8;

/**
 * As many bars as are wanted, oldest first: a market that was closed has none, so the time they lie in is longer than their number says. Ends where a weekend and a holiday more show nothing.
 * Fewer only where there are no more.
 */
export async function barsInSpan(
  read: (from: number, to: number) => Promise<readonly Bar[]>,
  { spanMs, since, limit, until }: WantedBars,
): Promise<readonly Bar[]> {
  if (since !== undefined && since > until) return [];
  if (limit === undefined) return since === undefined ? [] : read(since, until);
  const ahead = since !== undefined;
  // A week has 168 hours and a futures market trades in 115 of them.
  const furthest = spanMs * limit * 1.5 + 5 * dayMs;
  const bars = new Map<number, Bar>();
  let [from, to] = ahead
    ? [since, Math.min(until, since + spanMs * limit)]
    : [until - spanMs * limit, until];
  for (let length = spanMs * limit; ; length *= growth) {
    for (const bar of await read(from, to))
      if (bar.at >= from && bar.at <= until) bars.set(bar.at, bar);
    if (bars.size >= limit) break;
    if (ahead) {
      if (to >= until) break;
      // What is missing may begin at any later time: a bot pages on from its last bar, over a closed market too.
      [from, to] = [to, Math.min(until, to + length * growth)];
    } else {
      if (until - from >= furthest) break;
      [from, to] = [Math.max(until - furthest, from - length * growth), from];
    }
  }
  const sorted = [...bars.values()].toSorted((one, other) => one.at - other.at);
  return ahead ? sorted.slice(0, limit) : sorted.slice(-limit);
}
