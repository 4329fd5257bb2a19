/** How long a start has taken, and with how many tries, in words. */
export function triedFor({
  elapsedMs,
  attempts,
}: {
  readonly elapsedMs: number;
  readonly attempts: number;
}): string {
  const seconds =
    elapsedMs < 10_000 ? (elapsedMs / 1_000).toFixed(1) : Math.round(elapsedMs / 1_000);
  return `${seconds} s and ${attempts === 1 ? '1 try' : `${attempts} tries`}`;
}
