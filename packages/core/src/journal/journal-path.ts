import type { Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { JournalError } from '../errors/journal-error.ts';
import type { FileSystem } from './file-system.ts';
import { systemCode, systemWords } from './file-system.ts';

/** Links that lead to links are followed so often. */
const mostLinks = 40;

/**
 * The one name of a journal's file, whichever of its names was given: links are followed, also where they lead to a file that is not there yet.
 * Throws `JournalError` when its folder is missing, or when what is there is no file: nothing of it is opened then, since opening a device or a pipe may do or hold up anything.
 */
export function realJournalPath(given: string, files: FileSystem): string {
  try {
    const real = realPath(resolve(given), files, mostLinks);
    // safeguard: a journal is a file
    refuseOthers(given, files);
    return real;
  } catch (cause) {
    if (cause instanceof JournalError) throw cause;
    throw new JournalError(
      'JOURNAL_FAILED',
      `The journal ${given} can't be opened (${systemWords(cause)}); its folder must exist and be writable.`,
      { cause },
    );
  }
}

function realPath(path: string, files: FileSystem, links: number): string {
  try {
    return files.realPath(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || links === 0) throw error;
  }
  const target = linkAt(path, files);
  return target === undefined
    ? join(files.realPath(dirname(path)), basename(path))
    : realPath(resolve(dirname(path), target), files, links - 1);
}

/** Where a link leads whose target is missing. */
function linkAt(path: string, files: FileSystem): string | undefined {
  try {
    return files.readLink(path);
  } catch {
    return undefined;
  }
}

function refuseOthers(path: string, files: FileSystem): void {
  let stats: Stats;
  try {
    stats = files.stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const kind = otherKind(stats);
  if (kind !== undefined)
    throw new JournalError(
      'JOURNAL_FAILED',
      `${path} is ${kind}, and a journal is a file. Name another path; nothing was opened.`,
    );
}

/** What something is that is no file; undefined for a file. */
export function otherKind(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'a device' : 'no file';
}

/** Whether a file is mounted by itself: its folder is then not the one that others see it in, and no other file can take its place. */
export function isMountPoint(path: string, files: FileSystem): boolean {
  if (files.platform !== 'linux') return false;
  try {
    // The fifth field of a line, with blanks and the like as octal numbers (proc_pid_mountinfo(5)).
    return files
      .text('/proc/self/mountinfo')
      .split('\n')
      .some(
        (line) =>
          line
            .split(' ', 5)[4]
            ?.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
              String.fromCharCode(Number.parseInt(octal, 8)),
            ) === path,
      );
  } catch {
    return false;
  }
}
