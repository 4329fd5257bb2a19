import type { SparseTally } from './arm-tally.ts';
import type { RolloutCause } from './ramp.ts';
import type { RampMemory } from './ramp-memory.ts';

/** A share moved: the journal's line for `rollout.changed`. `at` is wall milliseconds. */
export interface RolloutRecord {
  readonly kind: 'rollout';
  readonly at: number;
  readonly executor: string;
  readonly cause: RolloutCause;
  readonly fromPercent: number;
  readonly toPercent: number;
  readonly because: string;
  /** Names the latch that this change set, or lifted. */
  readonly latch: string | undefined;
  /** The numbers or the finding it rests on. */
  readonly evidence: object | undefined;
  /** Where the executor's ramp stands now; undefined without one. */
  readonly ramp: Omit<RampMemory, 'windows' | 'samples'> | undefined;
}

/** A window of a ramp closed: what its guards will still need after a restart. */
export interface RolloutWindowRecord {
  readonly kind: 'rollout-window';
  readonly at: number;
  readonly executor: string;
  /** The ramp's step. */
  readonly percent: number;
  readonly ramp: SparseTally;
  readonly control: SparseTally;
}
