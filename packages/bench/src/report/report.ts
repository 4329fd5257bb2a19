import type { MemoryPoint } from '../cases/memory.ts';
import type { LoopReport } from '../measure/loop-watch.ts';
import type { CaseLabel } from '../measure/measured-case.ts';
import type { Percentiles } from '../measure/percentiles.ts';
import type { Machine } from './machine.ts';
import type { Ratios } from './targets.ts';

export type Row = CaseLabel & Percentiles;

/** Everything that one run found, without its samples. */
export interface Report {
  readonly machine: Machine;
  readonly rows: readonly Row[];
  readonly ratios: Ratios;
  /** Counts and other numbers, by name. */
  readonly figures: Readonly<Record<string, number>>;
  readonly memory: readonly MemoryPoint[];
  readonly loops: readonly (LoopReport & { readonly part: string })[];
}

/** What the curves are drawn from: for each row its latency in µs at every one of `curvePercents`. */
export interface Curve {
  readonly label: CaseLabel;
  readonly valuesUs: readonly number[];
  readonly samples: number;
  /** At most a few thousand samples in µs, evenly taken. */
  readonly someUs: readonly number[];
}

export const curvePercents: readonly number[] = [
  0.1, 1, 5, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 96, 97, 98, 98.5, 99, 99.3, 99.5,
  99.7, 99.8, 99.9, 99.95, 99.99,
];
