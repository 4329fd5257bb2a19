import type { RampConfig, SimulatedArm } from '@hotpath/core';
import { normal } from './measure/seeded-chance.ts';

/** One question put to the default guards. */
export interface RolloutScenario {
  readonly name: string;
  /** `same`: both executors are alike, and every fall is a false one. */
  readonly kind: 'same' | 'worse';
  readonly ramp: RampConfig<'fast'>;
  readonly fast: SimulatedArm;
  readonly fallback: SimulatedArm;
  readonly ordersPerDay: number;
  readonly mostOrders: number;
  /** The orders in which 95 of 100 must have been rolled back; undefined where nothing is claimed. */
  readonly within?: number | undefined;
}

type Shape = (chance: () => number, at: number) => number;
const hourMs = 3_600_000;

/** A round trip of 20 ms and a jitter whose median is 5 ms: p50 25, p95 42, p99 61 ms. */
const network: Shape = (chance) => 20_000 + 5_000 * Math.exp(0.9 * normal(chance));
/** No floor and a heavy tail: p50 25, p95 130, p99 256 ms. */
const heavy: Shape = (chance) => 25_000 * Math.exp(normal(chance));
const overhead: Shape = (chance) => 80 * Math.exp(0.5 * normal(chance));
const times =
  (factor: number, shape: Shape): Shape =>
  (chance, at) =>
    factor * shape(chance, at);
/** The venue itself takes three times as long for one hour in six. */
const rushHours =
  (shape: Shape): Shape =>
  (chance, at) =>
    (Math.floor(at / hourMs) % 6 === 0 ? 3 : 1) * shape(chance, at);
/** A tenth of the orders waits 60 ms more: p95 twice as long, p50 as before. */
const slowTenth: Shape = (chance, at) => network(chance, at) + (chance() < 0.1 ? 60_000 : 0);

const arm = (totalUs: Shape = network, more: Partial<SimulatedArm> = {}): SimulatedArm => ({
  overheadUs: overhead,
  totalUs,
  unknown: 0.005,
  ...more,
});
/** Every default but the steps. */
const whole: RampConfig<'fast'> = { executor: 'fast', steps: [1, 5, 10, 25, 50, 100] };
const atQuarter: RampConfig<'fast'> = { executor: 'fast', steps: [25] };

function same(name: string, shape: Shape, ordersPerDay: number): RolloutScenario {
  return {
    name,
    kind: 'same',
    ramp: whole,
    fast: arm(shape),
    fallback: arm(shape),
    ordersPerDay,
    mostOrders: 100_000,
  };
}

function worse(
  name: string,
  fast: SimulatedArm,
  within?: number,
  fallback: SimulatedArm = arm(),
): RolloutScenario {
  return {
    name,
    kind: 'worse',
    ramp: atQuarter,
    fast,
    fallback,
    ordersPerDay: 500,
    mostOrders: 10_000,
    within,
  };
}

export const rolloutScenarios: readonly RolloutScenario[] = [
  same('no difference, 500 orders a day', network, 500),
  same('no difference, 20,000 orders a day', network, 20_000),
  same('no difference, heavy tail, 20,000 a day', heavy, 20_000),
  same('no difference, rush hours, 2,000 a day', rushHours(network), 2_000),
  worse('total × 1.1', arm(times(1.1, network))),
  worse('total × 1.25', arm(times(1.25, network))),
  worse('total × 1.5', arm(times(1.5, network)), 1_200),
  worse('total × 2', arm(times(2, network)), 300),
  worse('total × 3', arm(times(3, network)), 300),
  worse('a tenth of orders + 60 ms (p95 × 2)', arm(slowTenth)),
  worse('total × 1.5, heavy tail', arm(times(1.5, heavy)), undefined, arm(heavy)),
  worse('total × 2, heavy tail', arm(times(2, heavy)), undefined, arm(heavy)),
  worse(
    'client overhead + 1 ms',
    arm(network, { overheadUs: (chance, at) => 1_000 + overhead(chance, at) }),
    300,
  ),
  worse('loses 1 % more answers', arm(network, { unknown: 0.015 })),
  worse('loses 2 % more answers', arm(network, { unknown: 0.025 })),
  worse('loses 5 % of answers', arm(network, { unknown: 0.05 })),
  worse('loses 20 % of answers', arm(network, { unknown: 0.2 }), 400),
  worse('loses every answer', arm(network, { unknown: 1 }), 60),
  worse('hard evidence with its first order', arm(network, { contradicted: 1 }), 20),
];
