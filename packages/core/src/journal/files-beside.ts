import { constants } from 'node:fs';
import type { Logger } from '../logger.ts';
import type { FileSystem } from './file-system.ts';
import { systemCode, systemWords } from './file-system.ts';
import { beginningOf, headerLimit } from './journal-header.ts';

/** The file that a rotation writes before it takes the journal's place. One that is found at a start was left by a process that ended in the middle of it. */
export const unfinished = (path: string): string => `${path}.next`;
/** The whole journal as it was before its last rotation. */
export const previous = (path: string): string => `${path}.old`;

/**
 * Takes away what an earlier rotation wrote and did not finish. Says so and returns false when something else lies there, which nobody may take away.
 * `prefix`: of the journal; undefined for one that has none yet.
 */
export function removeUnfinished(
  files: FileSystem,
  path: string,
  prefix: string | undefined,
  log: Logger,
): boolean {
  const next = unfinished(path);
  const found = kindOf(files, next);
  if (found.is === 'nothing') return true;
  // safeguard: only what is ours is taken away
  if (found.is === 'torn' || (found.is === 'journal' && found.prefix === prefix)) {
    files.unlink(next);
    return true;
  }
  log.warn(
    { file: next },
    `${next} is not this journal's and lies where a rotation writes its file; the journal is not rotated before it has been moved`,
  );
  return false;
}

/** Leaves the file under another name, for people to look at. The journal itself does not need it: what keeps it from being left is told, and holds nothing up. Returns what takes that name away again. */
export function keepPrevious(files: FileSystem, path: string, log: Logger): () => void {
  const old = previous(path);
  try {
    const found = kindOf(files, old);
    if (found.is === 'other') {
      log.warn(
        { file: old },
        `${old} is no journal and was left alone; the journal as it was before its rotation is not kept`,
      );
      return () => undefined;
    }
    if (found.is !== 'nothing') files.unlink(old);
    files.link(path, old);
    return () => files.unlink(old);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT')
      log.warn(
        { file: old, error },
        `the journal as it was before its rotation could not be kept (${systemWords(error)})`,
      );
    return () => undefined;
  }
}

type Kind =
  | { readonly is: 'nothing' | 'torn' | 'other' }
  | { readonly is: 'journal'; readonly prefix: string };

/** What lies at a path. `torn`: the begin of a journal, or nothing yet. */
function kindOf(files: FileSystem, path: string): Kind {
  let size: number;
  try {
    const stats = files.lstat(path);
    if (!stats.isFile()) return { is: 'other' };
    size = stats.size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { is: 'nothing' };
    throw error;
  }
  if (size === 0) return { is: 'torn' };
  const descriptor = files.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const start = Buffer.alloc(headerLimit);
    const read = files.read(descriptor, start, 0);
    const beginning = beginningOf(start.subarray(0, read), read === size);
    if (beginning.is === 'header') return { is: 'journal', prefix: beginning.header.prefix };
    return { is: beginning.is };
  } finally {
    files.close(descriptor);
  }
}

/** Forces the names in a folder to the disk, where the system lets a folder be opened. Returns what the system said otherwise. */
export function syncFolder(files: FileSystem, folder: string): unknown {
  // Windows keeps names safe by itself, and opens no folder as a file.
  if (files.platform === 'win32') return undefined;
  try {
    const descriptor = files.open(folder, constants.O_RDONLY);
    try {
      files.sync(descriptor);
    } finally {
      files.close(descriptor);
    }
    return undefined;
  } catch (error) {
    return error;
  }
}
