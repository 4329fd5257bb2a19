import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing/seeded-random.ts';
import type { SimulatedArm, SimulatedRamp } from './simulate-ramp.ts';
import { simulateRamp } from './simulate-ramp.ts';

const arm = (factor: number, unknown = 0.005): SimulatedArm => ({
  overheadUs: (random) => 60 + 40 * random(),
  totalUs: (random) => factor * (20_000 + 5_000 / (0.05 + random())),
  unknown,
});

function run(fast: SimulatedArm, steps: readonly number[], seed: number): SimulatedRamp {
  return simulateRamp({
    ramp: { executor: 'fast', steps },
    fast,
    fallback: arm(1),
    ordersPerDay: 2_000,
    random: seededRandom(seed),
    salt: `run ${seed}`,
    mostOrders: 40_000,
    until: steps.length > 1 ? 'top' : 'move',
  });
}

const seeds = Array.from({ length: 20 }, (_, index) => index);

describe('simulateRamp', () => {
  it('ramps without a difference reach their last step', () => {
    expect(
      seeds
        .map((seed) => run(arm(1), [5, 25, 50, 100], seed))
        .map(({ fall, reached }) => [fall, reached]),
    ).toEqual(seeds.map(() => [undefined, 100]));
  });

  it.each([
    ['twice the total', arm(2), 400, 'total-p95'],
    ['half as much again', arm(1.5), 1_200, 'total-p95'],
    ['a fifth of the answers lost', arm(1, 0.2), 500, 'unknown'],
    ['every answer lost', arm(1, 1), 60, undefined],
  ] as const)('%s is rolled back in time', (_name, fast, within, guard) => {
    const runs = seeds.map((seed) => run(fast, [25], seed));
    expect(runs.filter(({ fall, orders }) => fall === undefined || orders > within)).toEqual([]);
    expect(runs.filter(({ fall }) => fall?.guard === guard).length).toBeGreaterThanOrEqual(18);
  });

  it('is the same for the same seed, and hard evidence needs one order', () => {
    expect(run(arm(2), [25], 3)).toEqual(run(arm(2), [25], 3));
    expect(run({ ...arm(1), contradicted: 1 }, [25], 3)).toMatchObject({
      fall: { cause: 'evidence' },
      exposed: 1,
    });
  });
});
