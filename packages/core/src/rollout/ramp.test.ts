import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing/seeded-random.ts';
import type { RampSample } from './arm-tally.ts';
import type { RampMove } from './ramp.ts';
import { Ramp } from './ramp.ts';
import type { RampConfig } from './ramp-config.ts';
import { rampPlan } from './ramp-plan.ts';

const minute = 60_000;
const config: RampConfig = {
  executor: 'fast',
  steps: [5, 25, 50, 100],
  minDwell: '30m',
  minSamples: 59,
};

/** Feeds a ramp with deliveries of both arms in turn, one pair each simulated `everyMs`, until it moves. */
class Trial {
  readonly ramp: Ramp;
  now = 0;
  deliveries = 0;
  ceiling = 100;
  everyMs = minute;
  readonly #random = seededRandom(7);

  constructor(overrides: Partial<RampConfig> = {}) {
    this.ramp = new Ramp(rampPlan({ ...config, ...overrides }), 0);
  }

  answered(factor = 1): RampSample {
    return {
      end: 'answered',
      overheadUs: 80 + 40 * this.#random(),
      totalUs: factor * (20_000 + 10_000 * this.#random()),
    };
  }

  untilMove(
    own: (trial: Trial) => RampSample = (trial) => trial.answered(),
    most = 2_000,
  ): RampMove | undefined {
    for (let index = 0; index < most; index += 1) {
      this.now += this.everyMs;
      const other = this.ramp.take('control', this.answered(), this.now, this.ceiling).move;
      if (other) return other;
      this.deliveries += 1;
      const { move } = this.ramp.take('ramp', own(this), this.now, this.ceiling);
      if (move) return move;
    }
    return undefined;
  }
}

const lost: RampSample = { end: 'unknown', overheadUs: 80, totalUs: undefined };
const unwritten: RampSample = { end: 'failed', overheadUs: undefined, totalUs: undefined };

describe('Ramp', () => {
  it('advances when time, samples and guards allow, to the top and no further', () => {
    const trial = new Trial();
    expect(
      [trial.untilMove(), trial.untilMove(), trial.untilMove()].map((move) => [
        move?.cause,
        move?.fromPercent,
        move?.toPercent,
      ]),
    ).toEqual([
      ['advanced', 5, 25],
      ['advanced', 25, 50],
      ['advanced', 50, 100],
    ]);
    expect(trial.untilMove()).toBeUndefined();
    expect(trial.ramp.state).toMatchObject({ is: 'running', percent: 100 });
  });

  it('stays at least its dwell, however many deliveries there are', () => {
    const trial = new Trial();
    trial.everyMs = 1_000;
    trial.untilMove();
    expect([trial.now, trial.deliveries]).toEqual([30 * minute, 1_799]);
  });

  it('needs its samples, however long it takes', () => {
    const trial = new Trial();
    trial.everyMs = 24 * 60 * minute;
    trial.untilMove();
    expect(trial.deliveries).toBe(60);
  });

  it('holds without deliveries of the other executor to compare with: inconclusive is not good', () => {
    const trial = new Trial();
    for (let index = 0; index < 1_000; index += 1)
      expect(
        trial.ramp.take('ramp', trial.answered(), (trial.now += minute), 100).move,
      ).toBeUndefined();
    expect(trial.ramp.state).toMatchObject({
      percent: 5,
      verdicts: expect.arrayContaining([
        expect.objectContaining({ guard: 'total-p95', verdict: 'inconclusive' }),
      ]),
    });
  });

  it("holds at the step that reaches the table's weight", () => {
    const trial = new Trial();
    trial.ceiling = 20;
    expect(trial.untilMove()).toMatchObject({ toPercent: 25 });
    expect(trial.untilMove()).toBeUndefined();
  });

  it.each([
    [
      'a doubled total',
      'total-p95',
      (trial: Trial) => trial.answered(2),
      /^The p95 of total is \d+ µs over 60 deliveries, against \d+ µs over 60 of the other executor\.$/,
    ],
    [
      'lost answers',
      'unknown',
      (trial: Trial) => (trial.deliveries % 5 === 0 ? lost : trial.answered()),
      /were written and got no readable answer/,
    ],
    [
      'failures before the first byte',
      'failure',
      (trial: Trial) => (trial.deliveries % 5 === 0 ? unwritten : trial.answered()),
      /failed before their first byte/,
    ],
    [
      'client overhead',
      'overhead-p95',
      (trial: Trial) => ({ ...trial.answered(), overheadUs: 2_000 }),
      /^The p95 of client overhead is/,
    ],
  ] as const)('steps back on %s, with its evidence', (_name, guard, own, because) => {
    const trial = new Trial();
    trial.untilMove();
    const move = trial.untilMove(own);
    expect(move).toMatchObject({
      cause: 'guard',
      fromPercent: 25,
      toPercent: 5,
      because: expect.stringMatching(because),
      verdict: { guard, verdict: 'bad' },
    });
    expect(trial.ramp.state).toMatchObject({ percent: 5, setbacks: 1, samples: 0 });
  });

  it('goes to zero from the first step, and begins again when its time there is over', () => {
    const trial = new Trial({ reenterAfter: '4h' });
    expect(trial.untilMove(() => lost)).toMatchObject({
      cause: 'guard',
      fromPercent: 5,
      toPercent: 0,
    });
    const since = trial.now;
    expect([trial.ramp.percent, trial.ramp.state]).toEqual([
      0,
      expect.objectContaining({ is: 'zero', reenterAt: since + 240 * minute }),
    ]);
    expect(
      trial.ramp.take('control', trial.answered(), since + 240 * minute - 1, 100).move,
    ).toBeUndefined();
    expect(
      trial.ramp.take('control', trial.answered(), since + 240 * minute, 100).move,
    ).toMatchObject({ cause: 'reentered', toPercent: 5 });
  });

  it('goes to zero from anywhere when told so, and waits for a person when told so', () => {
    const trial = new Trial({ onBad: 'zero', reenterAfter: 'never' });
    trial.untilMove();
    expect(trial.untilMove(() => lost)).toMatchObject({ fromPercent: 25, toPercent: 0 });
    expect(
      trial.ramp.take('control', trial.answered(), Number.MAX_SAFE_INTEGER, 100).move,
    ).toBeUndefined();
    expect(trial.ramp.release(trial.now)).toMatchObject({ cause: 'released', toPercent: 5 });
  });

  it('one bad window of three is not enough, and holds', () => {
    const trial = new Trial();
    trial.everyMs = 0;
    const slowOnce = (each: Trial): RampSample =>
      each.answered(each.deliveries > 20 && each.deliveries <= 26 ? 1.6 : 1);
    expect(trial.untilMove(slowOnce, 60)).toBeUndefined();
    expect(trial.ramp.state).toMatchObject({ percent: 5 });
  });

  it('never holds differences against an executor that are smaller than the least that matters', () => {
    const trial = new Trial({ guards: { minExcess: '500ms' } });
    expect(trial.untilMove((each) => each.answered(2))).toMatchObject({ cause: 'advanced' });
  });

  it('judges p99 once there are enough for it, and not before', () => {
    const trial = new Trial({ guards: { p95Ratio: 0 } });
    trial.everyMs = 0;
    const tail = (each: Trial): RampSample => each.answered(each.deliveries % 16 === 0 ? 3 : 1);
    expect(trial.untilMove(tail, 290)).toBeUndefined();
    expect(trial.untilMove(tail, 200)).toMatchObject({
      cause: 'guard',
      verdict: { guard: 'total-p99' },
    });
  });

  it('has a ceiling that holds at 100 %, where there is nobody to compare with', () => {
    const trial = new Trial({ steps: [100], guards: { totalCeiling: '50ms' } });
    const alone = (factor: number): (RampMove | undefined)[] =>
      Array.from(
        { length: 200 },
        () => trial.ramp.take('ramp', trial.answered(factor), (trial.now += minute), 100).move,
      );
    expect(alone(1).every((move) => move === undefined)).toBe(true);
    expect(alone(3).find((move) => move !== undefined)).toMatchObject({
      fromPercent: 100,
      toPercent: 0,
      verdict: { guard: 'total-ceiling' },
    });
  });

  it('sees lost answers at 100 % as well', () => {
    const trial = new Trial({ steps: [50, 100] });
    trial.untilMove();
    const moves = Array.from(
      { length: 20 },
      (_, index) =>
        trial.ramp.take(
          'ramp',
          index % 3 === 0 ? lost : trial.answered(),
          (trial.now += minute),
          100,
        ).move,
    );
    expect(moves.find((move) => move !== undefined)).toMatchObject({
      fromPercent: 100,
      toPercent: 50,
      verdict: { guard: 'unknown' },
    });
  });

  it('a trip of its breaker is a bad verdict', () => {
    const trial = new Trial();
    trial.untilMove();
    expect(trial.ramp.tripped('5 deliveries in a row failed.', trial.now)).toMatchObject({
      cause: 'tripped',
      fromPercent: 25,
      toPercent: 5,
    });
  });

  it('stays longer on a step after each setback, until it is beyond where it fell from', () => {
    const trial = new Trial();
    trial.everyMs = 1_000;
    trial.untilMove();
    trial.untilMove((each) => each.answered(2));
    const fell = trial.now;
    expect(trial.untilMove(undefined, 4_000)).toMatchObject({ toPercent: 25 });
    expect(trial.now - fell).toBe(60 * minute);
    expect(trial.untilMove(undefined, 4_000)).toMatchObject({ toPercent: 50 });
    expect(trial.ramp.state).toMatchObject({ setbacks: 0 });
  });

  it('goes on where an earlier process left it, deliveries of the step included', () => {
    const trial = new Trial();
    trial.untilMove();
    expect(trial.untilMove(undefined, 45)).toBeUndefined();
    const { memory } = trial.ramp;
    const again = new Ramp(rampPlan(config), trial.now + minute, {
      ...memory,
      samples: 40,
      windows: Array.from({ length: 2 }, () => trial.ramp.newestWindow()).filter(
        (window) => window !== undefined,
      ),
    });
    expect(again.state).toMatchObject({ percent: 25, samples: 40, since: memory.since });
    const unknownStep = new Ramp(rampPlan({ ...config, steps: [1, 10, 30] }), 0, {
      ...memory,
      samples: 0,
      windows: [],
    });
    expect(unknownStep.percent).toBe(10);
  });
});
