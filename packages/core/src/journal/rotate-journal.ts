import { dirname } from 'node:path';
import { JournalError } from '../errors/journal-error.ts';
import type { Logger } from '../logger.ts';
import { EssentialLines } from './essential-lines.ts';
import type { FileSystem } from './file-system.ts';
import { systemWords } from './file-system.ts';
import { keepPrevious, removeUnfinished, syncFolder, unfinished } from './files-beside.ts';
import { Damage } from './journal-damage.ts';
import type { JournalFile } from './journal-file.ts';
import type { Header } from './journal-header.ts';
import type { DamagedLines } from './journal-lines.ts';
import { journalLines } from './journal-lines.ts';
import { fromNumberedLine } from './line-checksum.ts';
import { RotationTarget } from './rotation-target.ts';

export interface Rotation {
  readonly files: FileSystem;
  /** The file's real path. */
  readonly path: string;
  readonly header: Header;
  readonly damaged: DamagedLines;
  /** Whether every line is forced to the disk. */
  readonly forced: boolean;
  readonly file: JournalFile;
  /** `essential`: what the next start still needs. */
  readonly keep: 'essential' | 'all';
  /** Whether the file of before stays beside it under another name. */
  readonly keepsPrevious: boolean;
  readonly log: Logger;
  /** True ends it without a change. */
  readonly isOver: () => boolean;
  /** Called in the tick of the change: from here on lines go to the new file. */
  readonly changed: (file: JournalFile, header: Header) => void;
}

/** Of a line, beside its text: number and checksum. */
const endLength = 40;
/** Bytes that are left free for what others write meanwhile. */
const spareBytes = 256 * 1024;
/** So many bytes are carried over in the tick of the change; what is more is carried over before. */
const atOnceBytes = 256 * 1024;

/**
 * Writes what is kept of a journal into a new file, forces that to the disk, reads it back, and puts it in the old one's place; what is appended meanwhile goes to the old one and is carried over at the end, in one tick.
 * At every instant `path` names a whole journal. The old file stays beside it under another name. Rejects, and has changed nothing, when any of that fails.
 */
export async function rotateJournal(rotation: Rotation): Promise<void> {
  const { files, path, header, forced, file, isOver, log } = rotation;
  const from = file.size;
  const { marks, count } = await chosen(rotation, from);
  if (isOver()) return;
  if (!removeUnfinished(files, path, header.prefix, log))
    throw new JournalError(
      'JOURNAL_FAILED',
      `${unfinished(path)} is not this journal's; move it away, so that the journal can be rotated.`,
    );
  const begun: Header = { ...header, version: 2, lines: count };
  const target = RotationTarget.create(files, unfinished(path), begun, forced, file.descriptor);
  try {
    await copy(rotation, target, from, marks);
    const until = await carryOverMost(rotation, target, from);
    await target.check();
    if (isOver()) return target.remove();
    takePlace(rotation, target, begun, until);
  } catch (error) {
    target.remove();
    throw error;
  }
  const unsynced = syncFolder(files, dirname(path));
  if (unsynced !== undefined)
    log.warn(
      { journal: path, error: unsynced },
      `the name of the rotated journal could not be forced to the disk (${systemWords(unsynced)}): a power cut within the next seconds may bring the file of before back`,
    );
}

/** Which lines are kept, by a 1 for each, and how many those are. Rejects when there is no room for them. */
async function chosen(
  { files, path, header, damaged, file, keep }: Rotation,
  until: number,
): Promise<{ readonly marks: Uint8Array; readonly count: number }> {
  const essential = new EssentialLines();
  const lengths: number[] = [];
  for await (const lines of journalLines(file, header, until, damaged, new Damage(path))) {
    for (const { json, record } of lines) {
      lengths.push(json.length + endLength);
      if (keep === 'all') continue;
      if (record) essential.take(record);
      else essential.takeUnknown();
    }
  }
  const marks = keep === 'all' ? new Uint8Array(lengths.length).fill(1) : essential.marks();
  const kept = lengths.filter((_, index) => marks[index] === 1);
  const bytes = kept.reduce((sum, length) => sum + length, 0);
  const free = freeBytes(files, dirname(path));
  // A disk that is filled to the last byte takes no lines any more, not even the old file's.
  // safeguard: a disk is not filled by a rotation
  if (free < bytes + spareBytes)
    throw new JournalError(
      'JOURNAL_FAILED',
      `Rotating ${path} needs ${bytes + spareBytes} bytes, and the disk has ${free}.`,
    );
  // end of safeguard
  return { marks, count: kept.length };
}

/** A file system that does not tell is tried. */
function freeBytes(files: FileSystem, folder: string): number {
  try {
    return files.freeBytes(folder);
  } catch {
    return Infinity;
  }
}

async function copy(
  { path, header, damaged, file, isOver }: Rotation,
  target: RotationTarget,
  until: number,
  marks: Uint8Array,
): Promise<void> {
  let index = 0;
  for await (const lines of journalLines(file, header, until, damaged, new Damage(path))) {
    if (isOver()) return;
    for (const { json } of lines) {
      if (marks[index] === 1) target.add(json);
      index += 1;
    }
    await target.write('enough');
  }
  await target.write('now');
}

/** Carries over what has been appended since, until little is left or more comes than is carried; tells how far it came. */
async function carryOverMost(
  { path, file, isOver }: Rotation,
  target: RotationTarget,
  from: number,
): Promise<number> {
  let done = from;
  for (let left = file.size - done; left > atOnceBytes && !isOver();) {
    const until = done + left;
    addLines(path, file, target, done, until);
    await target.write('now');
    done = until;
    const more = file.size - done;
    // safeguard: a rotation comes to an end
    if (more > left / 2) break;
    left = more;
  }
  return done;
}

/** Everything from here on happens in one tick, so that no line is written between the copy and the change of files. */
function takePlace(
  { files, path, file, log, keepsPrevious, changed }: Rotation,
  target: RotationTarget,
  header: Header,
  from: number,
): void {
  const { written } = target;
  addLines(path, file, target, from, file.size);
  target.writeAtOnce();
  target.checkAtOnce(written);
  const forget = keepsPrevious ? keepPrevious(files, path, log) : () => undefined;
  const rename = (): void => files.rename(unfinished(path), path);
  try {
    if (files.platform === 'win32') whileNobodyHasIt(file, rename);
    else rename();
  } catch (error) {
    // The file goes on, under one name.
    forget();
    throw error;
  }
  changed(target.asJournal(), header);
}

/** Windows puts no file in the place of one that is open. */
function whileNobodyHasIt(file: JournalFile, rename: () => void): void {
  if (file.isRead)
    throw new JournalError('JOURNAL_FAILED', 'The journal is being read; it is rotated later.');
  file.giveWay(rename);
}

/** Adds the lines between two bytes, which this process has written itself. */
function addLines(
  path: string,
  file: JournalFile,
  target: RotationTarget,
  from: number,
  until: number,
): void {
  if (until === from) return;
  const bytes = Buffer.alloc(until - from);
  for (let read = 0; read < bytes.length;) {
    const more = file.read(bytes.subarray(read), from + read);
    if (more === 0)
      throw new JournalError(
        'JOURNAL_FAILED',
        `${bytes.length - read} bytes of ${path} could not be read again.`,
      );
    read += more;
  }
  for (const line of bytes.toString('utf8', 0, bytes.length - 1).split('\n')) {
    const json = file.isNumbered ? fromNumberedLine(line)?.json : line;
    if (json === undefined)
      throw new JournalError(
        'JOURNAL_DAMAGED',
        `A line that was written to ${path} while it was rotated can't be read again.`,
      );
    target.add(json);
  }
}
