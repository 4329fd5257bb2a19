import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import type { Journal, JournalRecord } from './journal.ts';
import { checkMemoryJournal } from './journal-options.ts';
import { createPrefix } from './prefix.ts';

/** What `memoryJournal` takes. */
export interface MemoryJournalOptions {
  /** Where the prefix of minted ids is drawn from. Default: the system's. */
  readonly random?: Random | undefined;
  /** Records kept, oldest dropped first; at least 1. Default 100,000. */
  readonly limit?: number | undefined;
}

/** Forgets everything when the process ends: a crash leaves open orders that nothing will settle. For tests and measurements. Throws `InvalidOptionsError` for options that don't fit. */
export function memoryJournal(given: MemoryJournalOptions = {}): Journal {
  const options = checkMemoryJournal(given);
  const prefix = createPrefix(options.random ?? systemRandom);
  const limit = options.limit ?? 100_000;
  const records: JournalRecord[] = [];
  let next = 0;
  return {
    prefix,
    description: 'memory, which a crash forgets',
    open: () => Promise.resolve(),
    append(record) {
      // A ring: shifting an array of this size would cost more than the order it records.
      if (records.length < limit) records.push(record);
      else records[next] = record;
      next = (next + 1) % limit;
    },
    async *read() {
      if (records.length < limit) yield* records;
      else yield* [...records.slice(next), ...records.slice(0, next)];
    },
    close: () => Promise.resolve(),
  };
}
