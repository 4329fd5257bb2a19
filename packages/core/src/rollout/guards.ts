import type { ArmTally } from './arm-tally.ts';
import { binomialTail, excessTail, exceedanceTail } from './exact-tests.ts';
import type { LogCounts } from './log-counts.ts';
import type { ExcessGuard } from './ramp-config.ts';
import type { GuardPlan } from './ramp-plan.ts';

/** What a ramp is judged by. */
export type GuardName =
  | 'unknown'
  | 'failure'
  | 'overhead-p95'
  | 'overhead-p99'
  | 'total-p95'
  | 'total-p99'
  | 'total-ceiling';

/** Deliveries of both executors over one stretch of time. */
export interface Span {
  readonly ramp: ArmTally;
  readonly control: ArmTally;
}

/** One guard's word on the evidence so far. */
export interface GuardVerdict {
  readonly guard: GuardName;
  readonly verdict: 'good' | 'bad' | 'inconclusive';
  /** Whether there are enough deliveries to act on it. */
  readonly enough: boolean;
  /** The numbers it rests on; times in microseconds. */
  readonly evidence: Readonly<Record<string, number>>;
}

/** A quantile can't be judged on fewer: with so many, one of them lies beyond it with 95 % certainty. */
export const samplesForP95 = 59;
export const samplesForP99 = 299;
/** Without enough of the other executor's deliveries, more unknowns than this share are held against the ramp's. */
const toleratedWithoutControl = 0.01;
/** One window alone must be more than this sure; it takes several such windows. */
const windowConfidence = 0.995;

/** Judges the newest window, alone and together with those before it on the same step. */
export function judge(guards: GuardPlan, newest: Span, step: Span): GuardVerdict[] {
  const verdicts: GuardVerdict[] = [
    excess('unknown', guards.unknownExcess, step, (arm) => arm.unknown),
    excess('failure', guards.failureExcess, step, (arm) => arm.failed),
  ];
  for (const [of, counts] of [
    ['overhead', (arm: ArmTally) => arm.overhead],
    ['total', (arm: ArmTally) => arm.total],
  ] as const) {
    if (guards.p95Ratio > 0)
      verdicts.push(
        latency(`${of}-p95`, 0.95, samplesForP95, guards.p95Ratio, guards, newest, step, counts),
      );
    if (guards.p99Ratio > 0)
      verdicts.push(
        latency(`${of}-p99`, 0.99, samplesForP99, guards.p99Ratio, guards, newest, step, counts),
      );
  }
  if (guards.totalCeilingUs !== undefined)
    verdicts.push(ceiling(guards.totalCeilingUs, step.ramp.total));
  return verdicts;
}

function excess(
  guard: GuardName,
  { min, confidence }: ExcessGuard,
  { ramp, control }: Span,
  countOf: (arm: ArmTally) => number,
): GuardVerdict {
  const [count, otherCount] = [countOf(ramp), countOf(control)];
  const compared = control.deliveries >= samplesForP95;
  const chance = compared
    ? excessTail(count, ramp.deliveries, otherCount, control.deliveries)
    : binomialTail(count, ramp.deliveries, toleratedWithoutControl);
  const evidence = {
    count,
    deliveries: ramp.deliveries,
    otherCount,
    otherDeliveries: control.deliveries,
    chance,
  };
  // So many of them are evidence however few the deliveries.
  if (count >= min && chance < 1 - confidence)
    return { guard, verdict: 'bad', enough: true, evidence };
  const enough = compared && ramp.deliveries >= samplesForP95;
  return { guard, verdict: enough ? 'good' : 'inconclusive', enough, evidence };
}

function latency(
  guard: GuardName,
  part: number,
  gate: number,
  ratio: number,
  { latencyConfidence, minExcessUs }: GuardPlan,
  newest: Span,
  step: Span,
  counts: (arm: ArmTally) => LogCounts,
): GuardVerdict {
  const [ramp, control] = [counts(step.ramp), counts(step.control)];
  const [own, other] = [ramp.quantile(part), control.quantile(part)];
  const enough = ramp.count >= gate && control.count >= gate;
  const sizes = { samples: ramp.count, otherSamples: control.count };
  if (!own || !other) return { guard, verdict: 'inconclusive', enough, evidence: sizes };
  const chance = chanceOf(part, ramp, control);
  const chanceOfWindow = chanceOf(part, counts(newest.ramp), counts(newest.control));
  const evidence = {
    ...sizes,
    ownUs: Math.round(own.microseconds),
    otherUs: Math.round(other.microseconds),
    chance,
    chanceOfWindow,
  };
  const matters =
    own.microseconds >= ratio * other.microseconds &&
    own.microseconds - other.microseconds >= minExcessUs;
  // A window alone is too small for a p99, but not for a p95: several such windows in a row are as good as one large one, and sooner there.
  const sure =
    (enough && chance < 1 - latencyConfidence) ||
    (gate === samplesForP95 && chanceOfWindow < 1 - windowConfidence);
  return {
    guard,
    verdict: matters && sure ? 'bad' : enough ? 'good' : 'inconclusive',
    enough,
    evidence,
  };
}

/**
 * How likely so many of the ramp's values lie beyond the other's quantile, its upper quartile or its 98th percentile when both are alike: what slows
 * everything down shows best where deliveries are many, what slows down a few of them best far out. Tripled, since any of the three may speak.
 */
function chanceOf(part: number, ramp: LogCounts, control: LogCounts): number {
  const beyond = (quantile: number): number => {
    const other = control.quantile(quantile);
    return other ? exceedanceTail(ramp.above(other.bin), ramp.count, other.upTo, control.count) : 1;
  };
  return Math.min(1, 3 * Math.min(beyond(part), beyond(0.75), beyond(0.98)));
}

function ceiling(ceilingUs: number, total: LogCounts): GuardVerdict {
  const p95 = total.quantile(0.95);
  const evidence = {
    samples: total.count,
    ceilingUs,
    ...(p95 && { ownUs: Math.round(p95.microseconds) }),
  };
  if (!p95 || total.count < samplesForP95)
    return { guard: 'total-ceiling', verdict: 'inconclusive', enough: false, evidence };
  return {
    guard: 'total-ceiling',
    verdict: p95.microseconds > ceilingUs ? 'bad' : 'good',
    enough: true,
    evidence,
  };
}
