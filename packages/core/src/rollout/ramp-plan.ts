import { durationMs } from './duration.ts';
import type { ExcessGuard, RampConfig } from './ramp-config.ts';

/** A ramp's settings, normalised: every default filled in, times in milliseconds. */
export interface RampPlan<Key extends string = string> {
  readonly executor: Key;
  readonly steps: readonly number[];
  readonly minDwellMs: number;
  readonly minSamples: number;
  readonly onBad: 'step-back' | 'zero';
  /** Undefined: a person must let it begin again. */
  readonly reenterAfterMs: number | undefined;
  readonly guards: GuardPlan;
}

export interface GuardPlan {
  /** 0: not looked at. */
  readonly p95Ratio: number;
  /** 0: not looked at. */
  readonly p99Ratio: number;
  readonly latencyConfidence: number;
  readonly minExcessUs: number;
  readonly totalCeilingUs: number | undefined;
  readonly unknownExcess: ExcessGuard;
  readonly failureExcess: ExcessGuard;
  readonly windows: WindowCount;
}

/** `bad` of the last `of` windows. */
export interface WindowCount {
  readonly bad: number;
  readonly of: number;
}

const excess: ExcessGuard = { min: 3, confidence: 0.999 };

/** Takes a ramp that its schema has checked. */
export function rampPlan<Key extends string>(config: RampConfig<Key>): RampPlan<Key> {
  const { guards = {}, reenterAfter = '4h', minDwell = '30m' } = config;
  const { minExcess = '250us', totalCeiling, windows = '2 of 3' } = guards;
  const ceilingMs = totalCeiling === undefined ? undefined : durationMs(totalCeiling);
  return {
    executor: config.executor,
    steps: config.steps,
    minDwellMs: durationMs(minDwell) ?? 0,
    minSamples: config.minSamples ?? 59,
    onBad: config.onBad ?? 'step-back',
    reenterAfterMs: durationMs(reenterAfter),
    guards: {
      p95Ratio: guards.p95Ratio ?? 1.3,
      p99Ratio: guards.p99Ratio ?? 1.5,
      latencyConfidence: guards.latencyConfidence ?? 0.999,
      minExcessUs: (durationMs(minExcess) ?? 0) * 1000,
      totalCeilingUs: ceilingMs === undefined ? undefined : ceilingMs * 1000,
      unknownExcess: guards.unknownExcess ?? excess,
      failureExcess: guards.failureExcess ?? excess,
      windows: windowCount(windows) ?? { bad: 2, of: 3 },
    },
  };
}

/** Reads `2 of 3`; undefined for what is none. */
export function windowCount(text: string): WindowCount | undefined {
  const { bad = '0', of = '0' } = /^(?<bad>[1-9]\d?) of (?<of>[1-9]\d?)$/u.exec(text)?.groups ?? {};
  return Number(bad) > 0 && Number(bad) <= Number(of)
    ? { bad: Number(bad), of: Number(of) }
    : undefined;
}

/** What a ramp's shape can't state, as `path: sentence`. `order`: the keys of `default`; undefined when they are not known. */
export function* rampProblems(
  { executor, steps }: RampConfig,
  order: readonly string[] | undefined,
): Generator<string> {
  if (order && !order.includes(executor))
    yield `ramp.executor: "${executor}" is not named in default`;
  else if (order && order.at(-1) === executor)
    yield `ramp.executor: "${executor}" is the last of default, which takes what a ramp leaves; put another last`;
  for (const [index, step] of steps.entries()) {
    if (Math.abs(Math.round(step * 1000) - step * 1000) > 1e-6)
      yield `ramp.steps.${index}: ${step} has more than three decimals`;
    const previous = steps[index - 1];
    if (previous !== undefined && step <= previous)
      yield `ramp.steps.${index}: ${step} does not rise above ${previous}`;
  }
}
