/** Whatever another party says, nothing is held back for longer than an hour: a proxy's mistake must not keep a bot out for years. */
const longestMs = 3_600_000;

/** Milliseconds for which requests are held back by a number that another party gave; `otherwiseMs` when it gave none that can be used. */
export function holdMs(named: unknown, otherwiseMs: number): number {
  const wanted = typeof named === 'number' && !Number.isNaN(named) ? named : otherwiseMs;
  // safeguard: nothing is held back for more than an hour
  return Math.min(Math.max(0, wanted), longestMs);
}
