import type { CaseLabel, Measured } from '../measure/measured-case.ts';
import { median, percentilesOf } from '../measure/percentiles.ts';

type Transport = 'http' | 'https';
type Percentile = 'p50Us' | 'p99Us';

export const fast = 'whole, fast executor';
export const fallback = 'whole, fallback executor';
const idle = 'open loop 400/s, hubs idle';
const oneAtATime = { load: 'one at a time', rttMs: 0, operation: 'place' } as const;
const afterRest = { load: 'one at a time, after 1.5 ms of rest' } as const;
const throughProxy = 'one at a time, through the delay proxy';

/** Finds cases among what was measured, and holds them against each other. A case that there is not makes `NaN`. */
export class CaseRatios {
  readonly #measured: readonly Measured[];

  constructor(measured: readonly Measured[]) {
    this.#measured = measured;
  }

  #find(wanted: Partial<CaseLabel>): Measured | undefined {
    return this.#measured.find(({ label }) =>
      Object.entries(wanted).every(([key, value]) => label[key as keyof CaseLabel] === value),
    );
  }

  one(transport: Transport, name: string, more: Partial<CaseLabel> = {}): Measured | undefined {
    return this.#find({ ...oneAtATime, transport, name, ...more });
  }

  whole(transport: Transport, journal: CaseLabel['journal'] = 'memory'): Measured | undefined {
    return this.one(transport, fast, { journal });
  }

  stalled(load: string): Measured | undefined {
    return this.#find({ name: fast, load });
  }

  byRounds(above: Measured | undefined, below: Measured | undefined): number {
    return compareRounds(above, below, (a, b) => a / b);
  }

  pooled(above: Measured | undefined, below: Measured | undefined, at: Percentile): number {
    return above && below
      ? percentilesOf(above.rounds.flat())[at] / percentilesOf(below.rounds.flat())[at]
      : Number.NaN;
  }

  arrival(transport: Transport): number {
    const load = 'caller computes for 20 ms: to its arrival';
    return median((this.#find({ name: fast, transport, load })?.rounds ?? []).flat()) / 1_000;
  }

  rested(transport: Transport): number {
    const added = (name: string, journal: CaseLabel['journal']): number =>
      compareRounds(
        this.one(transport, name, { ...afterRest, journal }),
        this.one(transport, name, { journal }),
        (a, b) => a - b,
      );
    return added(fast, 'memory') - added('raw socket', 'none');
  }

  far(transport: Transport, at: Percentile, load: string = throughProxy): number {
    return this.pooled(
      this.#find({ name: fast, transport, rttMs: 20, load }),
      this.#find({ name: 'raw socket', transport, rttMs: 20, load: throughProxy }),
      at,
    );
  }

  /** By rounds, since one stop of the process for a quarter of a second is the p99 of all rounds together. */
  busy(name: string, rate: number): number {
    return compareRounds(
      this.#find({ name, load: `open loop 400/s, ${rate} hub events/s` }),
      this.#find({ name, load: idle }),
      (a, b) => a / b,
      (taken) => percentilesOf(taken).p99Us,
    );
  }
}

/** Median over the rounds of what `compare` makes of what two cases had in a round: of their medians, unless `of` says otherwise. */
function compareRounds(
  above: Measured | undefined,
  below: Measured | undefined,
  compare: (above: number, below: number) => number,
  of: (taken: readonly number[]) => number = median,
): number {
  const compared = (above?.rounds ?? []).flatMap((taken, index) => {
    const under = below?.rounds[index];
    return under ? [compare(of(taken), of(under))] : [];
  });
  return median(compared);
}
