import type { JournalRecord } from '../journal/journal.ts';
import type { RampMemory } from './ramp-memory.ts';
import type { SparseWindow } from './ramp-windows.ts';
import { windowsKept } from './ramp-windows.ts';

/** Hard evidence, or a ramp that waits for a person: the executor's share is zero until `id` stands in the table's `released`. */
export interface RolloutLatch<Key extends string = string> {
  readonly id: string;
  readonly executor: Key;
  /** Wall milliseconds. */
  readonly at: number;
  readonly because: string;
  /** Hard evidence: the executor is passed by for everything, not only left without a share. */
  readonly hard: boolean;
}

interface Kept {
  readonly memory: Omit<RampMemory, 'windows' | 'samples'>;
  readonly windows: SparseWindow[];
  samples: number;
}

/** What the journal tells of rollouts: where every ramp was, and which latches were set. Fed with its records, oldest first. */
export class RolloutHistory {
  readonly #ramps = new Map<string, Kept>();
  readonly #latches = new Map<string, RolloutLatch>();

  take(record: JournalRecord): void {
    if (record.kind === 'rollout') {
      const { ramp, latch, executor, at, because, cause } = record;
      if (ramp) this.#ramps.set(executor, { memory: ramp, windows: [], samples: 0 });
      if (latch !== undefined && cause === 'released') this.#latches.delete(latch);
      else if (latch !== undefined)
        this.#latches.set(latch, { id: latch, executor, at, because, hard: cause === 'evidence' });
    } else if (record.kind === 'rollout-window') {
      const kept = this.#ramps.get(record.executor);
      if (!kept || kept.memory.percent !== record.percent) return;
      kept.windows.push({ ramp: record.ramp, control: record.control });
      kept.samples += record.ramp.deliveries;
      if (kept.windows.length > windowsKept) kept.windows.shift();
    }
  }

  rampOf(executor: string): RampMemory | undefined {
    const kept = this.#ramps.get(executor);
    return kept && { ...kept.memory, windows: kept.windows, samples: kept.samples };
  }

  latches(): Iterable<RolloutLatch> {
    return this.#latches.values();
  }
}
