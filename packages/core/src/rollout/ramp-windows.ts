import type { RampSample, SparseTally } from './arm-tally.ts';
import { ArmTally } from './arm-tally.ts';
import type { Span } from './guards.ts';

/** Answered places of the ramp's executor that make a window: three windows are enough for a p95. */
const windowSize = 20;
/** A window with so many bad ends of the ramp's executor is not waited for. */
const badEndsThatClose = 3;
/** Windows looked back on: enough deliveries for a p99. */
export const windowsKept = 16;

/** A closed window as a journal line keeps it. */
export interface SparseWindow {
  readonly ramp: SparseTally;
  readonly control: SparseTally;
}

/** What both executors delivered on one step, by windows that close after so many deliveries of the ramp's executor: both are always seen over the same time. */
export class RampWindows {
  #open: Span = { ramp: new ArmTally(), control: new ArmTally() };
  #closed: Span[] = [];
  /** Deliveries of the ramp's executor in windows that have closed. */
  #samples = 0;

  /** Deliveries of the ramp's executor since the step began. */
  get samples(): number {
    return this.#samples + this.#open.ramp.deliveries;
  }

  /** Takes a delivery in. True when it closed a window. */
  record(arm: 'ramp' | 'control', sample: RampSample): boolean {
    const { ramp, control } = this.#open;
    (arm === 'ramp' ? ramp : control).record(sample);
    if (
      arm === 'control' ||
      (ramp.total.count < windowSize && ramp.unknown + ramp.failed < badEndsThatClose)
    )
      return false;
    this.#close(this.#open);
    this.#open = { ramp: new ArmTally(), control: new ArmTally() };
    return true;
  }

  /** The window that closed last, and the step's windows together. Only once one has closed. */
  spans(): { readonly newest: Span; readonly step: Span } | undefined {
    const newest = this.#closed.at(-1);
    if (!newest) return undefined;
    const step: Span = { ramp: new ArmTally(), control: new ArmTally() };
    for (const { ramp, control } of this.#closed) {
      step.ramp.add(ramp);
      step.control.add(control);
    }
    return { newest, step };
  }

  newest(): SparseWindow | undefined {
    const newest = this.#closed.at(-1);
    return newest && { ramp: newest.ramp.toSparse(), control: newest.control.toSparse() };
  }

  /** Takes in the windows that an earlier process closed, and how many deliveries all its windows held. */
  restore(windows: readonly SparseWindow[], samples: number): void {
    for (const { ramp, control } of windows)
      this.#close({ ramp: ArmTally.fromSparse(ramp), control: ArmTally.fromSparse(control) });
    this.#samples = Math.max(this.#samples, samples);
  }

  #close(span: Span): void {
    this.#samples += span.ramp.deliveries;
    this.#closed.push(span);
    if (this.#closed.length > windowsKept) this.#closed.shift();
  }
}
