import type { Header } from './journal-header.ts';
import type { JournalFile } from './journal-file.ts';
import type { JournalRecord } from './journal.ts';
import type { Damage } from './journal-damage.ts';
import { fromNumberedLine } from './line-checksum.ts';
import { checkRecord } from './record-problem.ts';

/** One line of a journal's file, and what it says. */
export interface JournalLine {
  /** Without number and checksum. */
  readonly json: string;
  /** Undefined for a kind that only a newer version knows. */
  readonly record: JournalRecord | undefined;
}

/** Whether a line that can't be read ends the reading, or is passed over. */
export type DamagedLines = 'refuse' | 'skip';

const chunkLength = 256 * 1024;
/** Bytes that a line may have. */
const longestLine = 16 * 1024 * 1024;

/**
 * Reads the lines behind the first, some at a time, up to a byte of the file. What can't be read is noted in `damage`: with `refuse` the rest is only looked through for more of it, and then thrown.
 * With `skip`, where lines are missing there stands a halt: one of them may have been one, and a bot that was told to stay out of the market must not enter it because its disk forgot.
 */
export async function* journalLines(
  file: JournalFile,
  header: Header,
  until: number,
  damaged: DamagedLines,
  damage: Damage,
): AsyncGenerator<readonly JournalLine[]> {
  const reader = new LineReader(header, damage);
  /** Wall milliseconds of the line that was read last. */
  let at = 0;
  let noted = 0;
  const lost = (): JournalLine[] => {
    if (damage.count === noted || damaged === 'refuse') return [];
    noted = damage.count;
    // safeguard: a line that is lost may have been a halt
    return [lostHalt(at)];
  };
  for await (const texts of textsOf(file, until)) {
    const lines: JournalLine[] = [];
    for (const text of texts) {
      if (reader.number === 0) {
        reader.number = 1;
        continue;
      }
      const line = reader.read(text);
      if (damage.count !== noted) lines.push(...lost());
      if (!line || (damaged === 'refuse' && damage.count > 0)) continue;
      lines.push(line);
      at = line.record?.at ?? at;
    }
    yield lines;
  }
  reader.end();
  yield lost();
  if (damaged === 'refuse') damage.refuse();
}

function lostHalt(at: number): JournalLine {
  const record: JournalRecord = { kind: 'halt', at };
  return { json: JSON.stringify(record), record };
}

/** The texts of whole lines, a chunk's at a time. */
async function* textsOf(file: JournalFile, until: number): AsyncGenerator<readonly string[]> {
  const letGo = file.hold();
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (let position = 0; position < until;) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkLength, until - position));
      const read = await file.readLater(chunk, position);
      if (read === 0) break;
      position += read;
      const bytes =
        rest.length === 0
          ? chunk.subarray(0, read)
          : Buffer.concat([rest, chunk.subarray(0, read)]);
      // Searched from where the last chunk ended: what lies before is known to have no end of a line.
      const last = bytes.lastIndexOf(0x0a);
      if (last >= rest.length) yield bytes.toString('utf8', 0, last).split('\n');
      rest = bytes.subarray(last + 1);
      if (rest.length <= longestLine) continue;
      // What is no line by now becomes none: it is told as one that can't be read.
      yield [rest.toString('latin1', 0, 100)];
      rest = Buffer.alloc(0);
    }
  } finally {
    letGo();
  }
}

/** Takes lines one after the other and knows which should come next. */
class LineReader {
  /** Of the line that was read last, in the file; 1 is the first. */
  number = 0;
  readonly #header: Header;
  readonly #damage: Damage;
  /** By its own number. */
  #last = 1;
  /** Lines since then that said nothing of their number. */
  #unread = 0;

  constructor(header: Header, damage: Damage) {
    this.#header = header;
    this.#damage = damage;
  }

  read(text: string): JournalLine | undefined {
    this.number += 1;
    const json =
      this.#header.version === 1 ? (fromNumberedLine(text)?.json ?? text) : this.#inPlace(text);
    if (json === undefined) return undefined;
    const checked = checkRecord(jsonOf(json));
    if (checked.of === 'nothing') return this.#lost(checked.problem);
    if (checked.of === 'unknown') this.#damage.noteUnknown(checked.kind);
    return { json, record: checked.of === 'known' ? checked.record : undefined };
  }

  #lost(because: string): undefined {
    this.#damage.note(this.number, because);
    return undefined;
  }

  end(): void {
    const missing = this.#header.lines + 1 - this.#last - this.#unread;
    if (missing > 0)
      this.#damage.note(
        this.number + 1,
        `${missing} of the ${this.#header.lines} lines that the file was begun with are missing at its end`,
        missing,
      );
  }

  /** The line without its end, if it is the one that was written there. */
  #inPlace(text: string): string | undefined {
    const numbered = fromNumberedLine(text);
    if (!numbered) {
      this.#unread += 1;
      return this.#lost(
        text.includes('\0')
          ? 'it holds zeros where something was written'
          : 'its checksum does not fit',
      );
    }
    const { json, number } = numbered;
    // safeguard: each line in its place
    if (number <= this.#last)
      return this.#lost(`it is line ${number} once more, or out of its place`);
    // end of safeguard
    const missing = number - this.#last - 1 - this.#unread;
    this.#last = number;
    this.#unread = 0;
    if (missing > 0)
      this.#damage.note(
        this.number,
        missing === 1 ? 'the line before it is missing' : `${missing} lines before it are missing`,
        missing,
      );
    return json;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
