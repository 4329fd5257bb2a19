/** Every time of a run, in milliseconds, scaled from the defaults that a bot would have. */
export interface Times {
  readonly scale: number;
  readonly settleMs: number;
  readonly answerTimeoutMs: number;
  readonly lookupTimeoutMs: number;
  readonly lookupAfterMs: number;
  readonly repeatAfterMs: number;
  readonly outcomeWithinMs: number;
  /** Longest a late request is held back in legs that keep below `settleMs`. */
  readonly shortDelayMs: number;
  /** The same in the leg beyond it. */
  readonly longDelayMs: number;
  readonly rateWindowMs: number;
  readonly probeAfterMs: number;
  /** Between two of the supervisor's own blows: refused connections, cut hubs, ended tokens, moved clocks. */
  readonly blowEveryMs: number;
  /** How long a bot waits for what is unknown before it goes on with other orders. */
  readonly patienceMs: number;
  /** The same for a position, whose orders come one after the other. */
  readonly hurryMs: number;
  /** How long everything may take to settle once nothing goes wrong any more. */
  readonly calmMs: number;
}

export function scaledTimes(scale: number): Times {
  const scaled = (milliseconds: number): number => Math.max(1, Math.round(milliseconds * scale));
  const settleMs = scaled(15_000);
  return {
    scale,
    settleMs,
    answerTimeoutMs: scaled(10_000),
    // Not below what a busy machine takes to answer.
    lookupTimeoutMs: Math.max(1_000, scaled(2_000)),
    lookupAfterMs: scaled(1_000),
    repeatAfterMs: scaled(3_000),
    outcomeWithinMs: scaled(12_000),
    shortDelayMs: Math.round(settleMs * 0.6),
    longDelayMs: settleMs * 4,
    rateWindowMs: scaled(60_000),
    probeAfterMs: scaled(5_000),
    blowEveryMs: Math.max(400, scaled(10_000)),
    patienceMs: settleMs * 5 + 4_000,
    hurryMs: settleMs + 500,
    // The most, not the time it takes: a busy machine needs long, and only what is over ends it.
    calmMs: settleMs * 10 + 120_000,
  };
}
