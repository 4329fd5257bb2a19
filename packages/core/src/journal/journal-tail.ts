import { JournalError } from '../errors/journal-error.ts';
import type { Logger } from '../logger.ts';
import type { JournalFile } from './journal-file.ts';
import type { Header } from './journal-header.ts';
import { fromNumberedLine } from './line-checksum.ts';
import { checkRecord } from './record-problem.ts';

/** Bytes of a last line without its end. */
const longestTail = 1024 * 1024;
/** Damaged lines at the end behind which nothing is written any more, whatever the author says of damaged lines. */
const mostUnread = 1_000;
const chunkLength = 64 * 1024;

/**
 * Makes a file ready for lines that has been opened: cuts what a killed process or a power cut has left behind the last whole line, and finds the number that the next one gets.
 * The process that left half of a line died before its order could leave: the line comes first, the bytes after it. One that is whole but for its end gets that.
 */
export function settleTail(
  file: JournalFile,
  path: string,
  header: Header,
  headerBytes: number,
  size: number,
  log: Logger,
): void {
  const end = newlineBefore(file, size) + 1;
  file.isNumbered = header.version === 2;
  file.size = end;
  if (file.isNumbered) file.lines = lastNumber(file, path, headerBytes, end);
  if (size === end) return;
  const { text, hasZeros } = tailOf(file, path, end, size);
  // safeguard: torn last line
  file.cutTo(end);
  const whole = wholeLine(text, header, file.lines + 1);
  if (whole !== undefined) {
    file.append(whole);
    return;
  }
  const told = { journal: path, bytes: size - end, text: text.slice(0, 200) };
  if (hasZeros)
    log.error(
      told,
      `${size - end} bytes at the end of the journal were zeros or half of a line, as a power cut leaves them, and were cut: with fsync "never" the last lines before it may be lost, and orders that only they told of are unknown to this start`,
    );
  else
    log.warn(
      told,
      'the last line of the journal was half of one and was cut: the process that wrote it ended before its order left',
    );
}

function tailOf(
  file: JournalFile,
  path: string,
  from: number,
  size: number,
): { readonly text: string; readonly hasZeros: boolean } {
  const bytes = Buffer.alloc(Math.min(size - from, longestTail + 1));
  const read = file.read(bytes, from);
  const zeros = bytes.subarray(0, read).indexOf(0);
  if (zeros < 0 && read > longestTail)
    throw new JournalError(
      'JOURNAL_DAMAGED',
      `${path} ends in ${size - from} bytes that are no line; restore it from a copy.`,
    );
  return { text: bytes.toString('utf8', 0, zeros < 0 ? read : zeros), hasZeros: zeros >= 0 };
}

/** The record of a line that only lacks its end, or has another byte there. */
function wholeLine(text: string, { version }: Header, number: number): object | undefined {
  const numbered =
    fromNumberedLine(text) ?? fromNumberedLine(text.slice(0, text.lastIndexOf('}') + 1));
  if (version === 2 && numbered?.number !== number) return undefined;
  try {
    const value: unknown = JSON.parse(numbered?.json ?? text);
    return typeof value === 'object' && value !== null && checkRecord(value).of !== 'nothing'
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

/** Of the last line. Behind the last that says its number, the others count. */
function lastNumber(file: JournalFile, path: string, headerBytes: number, size: number): number {
  let unread = 0;
  for (let end = size; end > headerBytes;) {
    const start = newlineBefore(file, end - 1) + 1;
    const line = Buffer.alloc(Math.min(end - 1 - start, longestTail));
    file.read(line, start);
    const numbered = fromNumberedLine(line.toString('utf8'));
    if (numbered) return numbered.number + unread;
    unread += 1;
    if (unread === mostUnread)
      throw new JournalError(
        'JOURNAL_DAMAGED',
        `The last ${mostUnread} lines of ${path} are not what was written; restore it from a copy.`,
      );
    end = start;
  }
  return 1 + unread;
}

/** Where the last end of a line before a byte stands; -1: there is none. */
function newlineBefore(file: JournalFile, end: number): number {
  const chunk = Buffer.alloc(chunkLength);
  for (let until = end; until > 0;) {
    const from = Math.max(0, until - chunkLength);
    const part = chunk.subarray(0, until - from);
    const read = file.read(part, from);
    const found = part.subarray(0, read).lastIndexOf(0x0a);
    if (found >= 0) return from + found;
    until = from;
  }
  return -1;
}
