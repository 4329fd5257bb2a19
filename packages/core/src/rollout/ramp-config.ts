/** How long, as `500ms`, `90s`, `30m`, `4h` or `2d`. */
export type DurationText = string;

/** More of something than chance explains. */
export interface ExcessGuard {
  /** Fewer than this many are never held against an executor. */
  readonly min: number;
  /** How sure the comparison must be, between 0.5 and 1, such as 0.99. */
  readonly confidence: number;
}

/** What takes a ramp back. Each compares the ramp's executor with the last one in order, over the same stretch of time. */
export interface RampGuards {
  /** Bad when the p95 of client overhead or of total is this many times the other's, beyond chance. Default 1.3; 0 = not looked at. */
  readonly p95Ratio?: number | undefined;
  /** The same for p99, judged once both have 299 deliveries in the window. Default 1.5; 0 = not looked at. */
  readonly p99Ratio?: number | undefined;
  /** How sure a comparison of latencies must be, between 0.5 and 1. Default 0.999. */
  readonly latencyConfidence?: number | undefined;
  /** Differences smaller than this are never held against an executor. Default `250us`. */
  readonly minExcess?: DurationText | undefined;
  /** Bad when the p95 of total is beyond this, whatever the other does: the only latency guard where the other has no orders. Default: none. */
  readonly totalCeiling?: DurationText | undefined;
  /** Deliveries that were written and got no readable answer. Default min 3, confidence 0.999. */
  readonly unknownExcess?: ExcessGuard | undefined;
  /** Deliveries that failed before their first byte. Default min 3, confidence 0.999. */
  readonly failureExcess?: ExcessGuard | undefined;
  /** How many windows must be bad, as `2 of 3`, which is the default. */
  readonly windows?: string | undefined;
}

/** A plan by which one executor's share rises and falls by itself. The weights in the table are its ceiling. */
export interface RampConfig<Key extends string = string> {
  /** Whose share it is. Not the last of `default`, which takes what the ramp leaves. */
  readonly executor: Key;
  /** Percents, rising. */
  readonly steps: readonly number[];
  /** Least time on a step. Default `30m`. */
  readonly minDwell?: DurationText | undefined;
  /** Fewest deliveries of the ramp's executor on a step. Default 59, the fewest with which a p95 can be judged. */
  readonly minSamples?: number | undefined;
  /** Where a bad verdict leads: one step back, or to zero. Default `step-back`. */
  readonly onBad?: 'step-back' | 'zero' | undefined;
  /** After a bad verdict led to zero: when the first step begins again, or `never`, which waits for a person. Default `4h`. */
  readonly reenterAfter?: DurationText | undefined;
  readonly guards?: RampGuards | undefined;
}
