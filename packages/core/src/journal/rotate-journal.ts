import { closeSync, fdatasyncSync, fstatSync, fsyncSync, linkSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EssentialLines } from './essential-lines.ts';
import type { DamagedLines } from './journal-lines.ts';
import { journalLines } from './journal-lines.ts';

/** The file that a rotation writes before it takes the journal's place. One that is found at a start was left by a process that ended in the middle of it. */
export const unfinished = (path: string): string => `${path}.next`;
/** The whole journal as it was before its last rotation. */
export const previous = (path: string): string => `${path}.old`;

const chunkLength = 1024 * 1024;

/** A rotated journal: its open file and how long that is. */
export interface Rotated {
  readonly descriptor: number;
  readonly size: number;
}

export interface Rotation {
  readonly path: string;
  /** The file's first line. */
  readonly header: string;
  readonly damaged: DamagedLines;
  /** The open file. */
  readonly descriptor: number;
  /** Bytes written to it so far. */
  readonly size: () => number;
  /** True ends it without a change. */
  readonly isOver: () => boolean;
  /** Called in the tick of the change: from here on lines go to the new file. */
  readonly changed: (rotated: Rotated) => void;
}

/**
 * Writes what the next start still needs of a journal into a new file, forces that to the disk, and puts it in the old one's place; what is appended meanwhile goes to the old one and is carried over at the end, in one tick.
 * At every instant `path` names a whole journal. The old file stays beside it under another name. Rejects, and has changed nothing, when any of that fails.
 */
export async function rotateJournal(rotation: Rotation): Promise<void> {
  const { path, header, damaged, size, isOver } = rotation;
  const readUntil = size();
  const source = await openFile(path, 'r');
  try {
    const essential = new EssentialLines();
    for await (const { record } of journalLines(source, path, readUntil, damaged)) essential.take(record);
    const marks = essential.marks();
    const target = await openFile(unfinished(path), 'w', 0o600);
    try {
      let chunk = `${header}\n`;
      let index = 0;
      for await (const { text } of journalLines(source, path, readUntil, damaged)) {
        if (marks[index] === 1) chunk += `${text}\n`;
        index += 1;
        if (chunk.length < chunkLength) continue;
        await target.write(chunk);
        chunk = '';
      }
      await target.write(chunk);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  if (isOver()) {
    rmSync(unfinished(path), { force: true });
    return;
  }
  takePlace(rotation, readUntil);
}

/** Everything from here on happens in one tick, so that no line is written between the copy and the change of files. */
function takePlace({ path, descriptor: old, size, changed }: Rotation, from: number): void {
  const descriptor = openSync(unfinished(path), 'a+', 0o600);
  try {
    copy(old, descriptor, from, size());
    fdatasyncSync(descriptor);
    keepPrevious(path);
    renameSync(unfinished(path), path);
    changed({ descriptor, size: fstatSync(descriptor).size });
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  // The new name itself must survive a power cut as well.
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function copy(source: number, target: number, from: number, until: number): void {
  const chunk = Buffer.alloc(Math.min(chunkLength, Math.max(1, until - from)));
  for (let at = from; at < until; ) {
    const read = readSync(source, chunk, 0, Math.min(chunk.length, until - at), at);
    if (read === 0) throw new Error(`${until - at} bytes of the journal could not be read again`);
    writeSync(target, chunk, 0, read);
    at += read;
  }
}

/** For people to look at; a file system without links keeps none. */
function keepPrevious(path: string): void {
  rmSync(previous(path), { force: true });
  try {
    linkSync(path, previous(path));
  } catch {
    // The journal itself needs no link.
  }
}
