import { JournalError } from '../errors/journal-error.ts';
import { beginningIn } from './claim-file.ts';
import type { FileSystem } from './file-system.ts';
import { systemWords } from './file-system.ts';
import { Damage } from './journal-damage.ts';
import { JournalFile } from './journal-file.ts';
import type { Header } from './journal-header.ts';
import type { DamagedLines } from './journal-lines.ts';
import { journalLines } from './journal-lines.ts';
import { realJournalPath } from './journal-path.ts';
import type { JournalRecord } from './journal.ts';

/** Reads the records of an open file, what somebody else has written behind them included; those of a newer version's kinds are left out. Throws `JournalError`. `given` is for messages; `onDamage` hears at the end what was passed over. */
export async function* recordsIn(
  given: string,
  file: JournalFile,
  header: Header,
  damaged: DamagedLines,
  onDamage: (damage: Damage) => void,
): AsyncGenerator<JournalRecord> {
  const damage = new Damage(given);
  try {
    for await (const lines of journalLines(
      file,
      header,
      Math.max(file.size, file.sizeNow()),
      damaged,
      damage,
    )) {
      for (const { record } of lines) if (record) yield record;
    }
    onDamage(damage);
  } catch (error) {
    throw error instanceof JournalError
      ? error
      : new JournalError(
          'JOURNAL_FAILED',
          `The journal ${given} can't be read (${systemWords(error)}).`,
          { cause: error },
        );
  }
}

/** The same of a file that nobody here has open, as a tool does that looks into a journal: it is neither locked nor changed. Half of a last line is left out. */
export async function* recordsAt(
  given: string,
  files: FileSystem,
  damaged: DamagedLines,
): AsyncGenerator<JournalRecord> {
  const path = realJournalPath(given, files);
  let file: JournalFile;
  try {
    file = JournalFile.openToRead(files, path);
  } catch (cause) {
    throw new JournalError(
      'JOURNAL_FAILED',
      `The journal ${given} can't be read (${systemWords(cause)}).`,
      { cause },
    );
  }
  try {
    const beginning = file.size === 0 ? { is: 'torn' as const } : beginningIn(file, file.size);
    if (beginning.is === 'other')
      throw new JournalError(
        'JOURNAL_DAMAGED',
        `${given} is no journal, or not a whole one: ${beginning.because}.`,
      );
    if (beginning.is === 'header')
      yield* recordsIn(given, file, beginning.header, damaged, () => undefined);
  } finally {
    file.close();
  }
}
