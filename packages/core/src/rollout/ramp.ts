import type { RampSample } from './arm-tally.ts';
import type { GuardName, GuardVerdict } from './guards.ts';
import { judge, samplesForP99 } from './guards.ts';
import type { RampMemory } from './ramp-memory.ts';
import type { RampPlan } from './ramp-plan.ts';
import type { SparseWindow } from './ramp-windows.ts';
import { RampWindows } from './ramp-windows.ts';

/** Why a share moved. */
export type RolloutCause =
  | 'begun'
  | 'advanced'
  | 'guard'
  | 'tripped'
  | 'evidence'
  | 'reentered'
  | 'table'
  | 'released';

/** Where a ramp is. Times are wall milliseconds. */
export type RampState =
  | {
      readonly is: 'running';
      readonly percent: number;
      readonly since: number;
      /** Deliveries of its executor since then. */
      readonly samples: number;
      /** Bad verdicts since it was last beyond where the first of them came; each doubles the least time on a step. */
      readonly setbacks: number;
      /** What the guards said when the last window closed. */
      readonly verdicts: readonly GuardVerdict[];
    }
  /** `reenterAt` undefined: a person must let it begin again. */
  | {
      readonly is: 'zero';
      readonly since: number;
      readonly because: string;
      readonly reenterAt: number | undefined;
    };

/** A ramp moved, and why. */
export interface RampMove {
  readonly cause: RolloutCause;
  readonly fromPercent: number;
  readonly toPercent: number;
  readonly because: string;
  readonly verdict?: GuardVerdict | undefined;
}

/** More bad verdicts than this no longer lengthen the time on a step. */
const setbacksCounted = 6;

/** One executor's ramp. It knows no clock, no timer and no broker: it is told what was delivered and when, and says when its share moves. */
export class Ramp {
  #plan: RampPlan;
  #percent: number;
  #since: number;
  #setbacks: number;
  #fellFrom: number;
  #zero: { readonly because: string; readonly reenterAt: number | undefined } | undefined;
  #windows = new RampWindows();
  #judgements: GuardVerdict[][] = [];

  /** `memory`: what an earlier process left, of the same executor. */
  constructor(plan: RampPlan, now: number, memory?: RampMemory) {
    this.#plan = plan;
    this.#percent = memory ? stepAtMost(plan, memory.percent) : (plan.steps[0] ?? 0);
    this.#since = memory?.since ?? now;
    this.#setbacks = memory?.setbacks ?? 0;
    this.#fellFrom = memory?.fellFrom ?? 0;
    this.#zero = memory?.zero;
    if (memory && memory.percent === this.#percent)
      this.#windows.restore(memory.windows, memory.samples);
  }

  get percent(): number {
    return this.#zero ? 0 : this.#percent;
  }

  get state(): RampState {
    if (this.#zero) return { is: 'zero', since: this.#since, ...this.#zero };
    return {
      is: 'running',
      percent: this.#percent,
      since: this.#since,
      samples: this.#windows.samples,
      setbacks: this.#setbacks,
      verdicts: this.#judgements.at(-1) ?? [],
    };
  }

  /** What a later process must know of it. */
  get memory(): Omit<RampMemory, 'windows' | 'samples'> {
    return {
      percent: this.#percent,
      since: this.#since,
      setbacks: this.#setbacks,
      fellFrom: this.#fellFrom,
      zero: this.#zero,
    };
  }

  /** The window that closed last. */
  newestWindow(): SparseWindow | undefined {
    return this.#windows.newest();
  }

  /** The plan in the table changed: the share goes on where it was, or at the next lower step. */
  replan(plan: RampPlan, now: number): RampMove | undefined {
    const before = this.percent;
    this.#plan = plan;
    const percent = stepAtMost(plan, this.#percent);
    if (percent === this.#percent) return undefined;
    this.#moveTo(percent, now);
    return {
      cause: 'table',
      fromPercent: before,
      toPercent: this.percent,
      because: `The ramp's steps changed; the highest that is no higher is ${percent} %.`,
    };
  }

  /**
   * Takes a delivery in. `ceiling`: the most percent the table allows the executor anywhere. `closed` tells that a window has closed, for the journal.
   */
  take(
    arm: 'ramp' | 'control',
    sample: RampSample,
    now: number,
    ceiling: number,
  ): { readonly closed: boolean; readonly move: RampMove | undefined } {
    if (this.#zero) return { closed: false, move: this.#reenterWhenDue(now) };
    const closed = this.#windows.record(arm, sample);
    const move = (closed ? this.#judge(now) : undefined) ?? this.#advanceWhenGood(now, ceiling);
    return { closed, move };
  }

  /** The executor's breaker tripped. */
  tripped(message: string, now: number): RampMove | undefined {
    return this.#zero ? undefined : this.#back('tripped', `Its breaker tripped: ${message}`, now);
  }

  /** Hard evidence. It stays at zero until a person lets it begin again. */
  latch(because: string, now: number): RampMove {
    const fromPercent = this.percent;
    this.#toZero(because, undefined, now);
    return { cause: 'evidence', fromPercent, toPercent: 0, because };
  }

  /** A person let it begin again. */
  release(now: number): RampMove | undefined {
    return this.#zero ? this.#reenter('released', 'A person let it begin again.', now) : undefined;
  }

  #judge(now: number): RampMove | undefined {
    const spans = this.#windows.spans();
    if (!spans) return undefined;
    const { guards } = this.#plan;
    const verdicts = judge(guards, spans.newest, spans.step);
    this.#judgements = [...this.#judgements, verdicts].slice(-guards.windows.of);
    const bad = verdicts.find(
      ({ guard, verdict, enough }) =>
        verdict === 'bad' && enough && this.#badWindows(guard) >= guards.windows.bad,
    );
    return bad && this.#back('guard', sentence(bad), now, bad);
  }

  #badWindows(guard: GuardName): number {
    return this.#judgements.filter((verdicts) =>
      verdicts.some((one) => one.guard === guard && one.verdict === 'bad'),
    ).length;
  }

  #advanceWhenGood(now: number, ceiling: number): RampMove | undefined {
    const { steps, minDwellMs, minSamples } = this.#plan;
    const next = steps.find((step) => step > this.#percent);
    if (next === undefined || this.#percent >= ceiling) return undefined;
    if (
      this.#windows.samples < minSamples ||
      now - this.#since < minDwellMs * 2 ** Math.min(setbacksCounted, this.#setbacks)
    )
      return undefined;
    if (!this.#isGood()) return undefined;
    const fromPercent = this.#percent;
    const samples = this.#windows.samples;
    this.#moveTo(next, now);
    if (next > this.#fellFrom) this.#setbacks = 0;
    return {
      cause: 'advanced',
      fromPercent,
      toPercent: next,
      because: `Every guard is good after ${samples} deliveries on ${fromPercent} %.`,
    };
  }

  /** No window in sight is bad, and every guard that its step has the deliveries for has said good. What can't be said holds. */
  #isGood(): boolean {
    const newest = this.#judgements.at(-1);
    if (
      !newest ||
      this.#judgements.some((verdicts) => verdicts.some(({ verdict }) => verdict === 'bad'))
    )
      return false;
    const needsP99 = this.#plan.minSamples >= samplesForP99;
    return newest.every(
      ({ guard, verdict }) => verdict === 'good' || (!needsP99 && guard.endsWith('-p99')),
    );
  }

  #back(cause: RolloutCause, because: string, now: number, verdict?: GuardVerdict): RampMove {
    const { steps, onBad, reenterAfterMs } = this.#plan;
    const fromPercent = this.percent;
    const lower = onBad === 'zero' ? undefined : steps.findLast((step) => step < this.#percent);
    this.#setbacks += 1;
    this.#fellFrom = Math.max(this.#fellFrom, this.#percent);
    if (lower === undefined)
      this.#toZero(because, reenterAfterMs === undefined ? undefined : now + reenterAfterMs, now);
    else this.#moveTo(lower, now);
    return { cause, fromPercent, toPercent: this.percent, because, ...(verdict && { verdict }) };
  }

  #reenterWhenDue(now: number): RampMove | undefined {
    const reenterAt = this.#zero?.reenterAt;
    return reenterAt !== undefined && now >= reenterAt
      ? this.#reenter('reentered', 'Its time at zero is over.', now)
      : undefined;
  }

  #reenter(cause: RolloutCause, because: string, now: number): RampMove {
    this.#zero = undefined;
    this.#moveTo(this.#plan.steps[0] ?? 0, now);
    return { cause, fromPercent: 0, toPercent: this.#percent, because };
  }

  #toZero(because: string, reenterAt: number | undefined, now: number): void {
    this.#zero = { because, reenterAt };
    this.#moveTo(this.#plan.steps[0] ?? 0, now);
  }

  /** Evidence belongs to the step it was gathered on: shares mix differently before and after, and so would their times of day. */
  #moveTo(percent: number, now: number): void {
    this.#percent = percent;
    this.#since = now;
    this.#windows = new RampWindows();
    this.#judgements = [];
  }
}

function stepAtMost({ steps }: RampPlan, percent: number): number {
  return steps.findLast((step) => step <= percent) ?? steps[0] ?? 0;
}

function sentence({ guard, evidence }: GuardVerdict): string {
  const of = (name: string): string => String(evidence[name] ?? 'none');
  if (guard === 'unknown' || guard === 'failure') {
    const what =
      guard === 'unknown'
        ? 'were written and got no readable answer'
        : 'failed before their first byte';
    return `${of('count')} of ${of('deliveries')} deliveries ${what}, against ${of('otherCount')} of ${of('otherDeliveries')} of the other executor.`;
  }
  if (guard === 'total-ceiling')
    return `The p95 of total is ${of('ownUs')} µs over ${of('samples')} deliveries, beyond the ceiling of ${of('ceilingUs')} µs.`;
  const [what, percentile] = guard.split('-');
  return `The ${percentile ?? ''} of ${what === 'total' ? 'total' : 'client overhead'} is ${of('ownUs')} µs over ${of('samples')} deliveries, against ${of('otherUs')} µs over ${of('otherSamples')} of the other executor.`;
}
