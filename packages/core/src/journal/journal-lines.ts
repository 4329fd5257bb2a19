import type { FileHandle } from 'node:fs/promises';
import { JournalError } from '../errors/journal-error.ts';
import type { JournalRecord } from './journal.ts';

/** One line of a journal's file, and what it says. */
export interface JournalLine {
  readonly text: string;
  readonly record: JournalRecord;
}

/** Whether a line that can't be read ends the reading, or is passed over. */
export type DamagedLines = 'refuse' | 'skip';

/** Reads the lines behind the header, from a file whose first `bytes` count. Throws `JournalError` at a line that can't be read. */
export async function* journalLines(file: FileHandle, path: string, bytes: number, damaged: DamagedLines): AsyncGenerator<JournalLine> {
  let number = 0;
  if (bytes === 0) return;
  const stream = file.createReadStream({ start: 0, end: bytes - 1, autoClose: false, encoding: 'utf8' });
  let rest = '';
  for await (const chunk of stream) {
    const texts = (rest + String(chunk)).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      number += 1;
      if (number === 1) continue;
      const record = parse(text);
      if (record) yield { text, record };
      else if (damaged === 'refuse') throw new JournalError('JOURNAL_DAMAGED', `Line ${number} of ${path} can't be read. Restore it, or let damaged lines be skipped by the journal's option damagedLines.`);
    }
  }
}

function parse(text: string): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'kind' in value && 'at' in value ? (value as JournalRecord) : undefined;
  } catch {
    return undefined;
  }
}
