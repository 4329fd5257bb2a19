import { JournalError } from '../errors/journal-error.ts';
import type { Journal, JournalRecord } from './journal.ts';
import { checkRecord } from './record-problem.ts';

/** Reads a journal, whoever has made it: what it yields are records, and what it rejects with is a `JournalError`. Records of a newer version's kinds are left out. */
export async function* recordsOf(journal: Pick<Journal, 'read'>): AsyncGenerator<JournalRecord> {
  let number = 0;
  try {
    for await (const value of journal.read()) {
      number += 1;
      const checked = checkRecord(value);
      // safeguard: what a journal yields is a record
      if (checked.of === 'nothing')
        throw new JournalError(
          'JOURNAL_DAMAGED',
          `Record ${number} of the journal is none: ${checked.problem}.`,
        );
      // end of safeguard
      if (checked.of === 'known') yield checked.record;
    }
  } catch (error) {
    throw JournalError.is(error)
      ? error
      : new JournalError(
          'JOURNAL_FAILED',
          `The journal could not be read (${error instanceof Error ? error.message : String(error)}).`,
          { cause: error },
        );
  }
}
