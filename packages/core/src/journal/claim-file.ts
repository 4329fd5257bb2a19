import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { JournalError } from '../errors/journal-error.ts';
import type { Logger } from '../logger.ts';
import type { FileSystem } from './file-system.ts';
import { systemCode, systemWords } from './file-system.ts';
import { previous, removeUnfinished, syncFolder } from './files-beside.ts';
import { fileMode, JournalFile } from './journal-file.ts';
import type { Beginning, Header } from './journal-header.ts';
import { beginningOf, headerLimit } from './journal-header.ts';
import { isMountPoint, otherKind, realJournalPath } from './journal-path.ts';
import { settleTail } from './journal-tail.ts';
import type { LockKind } from './lock/file-lock.ts';
import { takeFileLock } from './lock/file-lock.ts';
import type { Lock, Taken } from './lock/folder-lock.ts';
import type { JournalHolder, LockInfo } from './lock/lock-info.ts';
import { holderSentence } from './lock/lock-info.ts';
import { takeUserLock } from './lock/user-lock.ts';

/** A file that is locked and open, and ready for lines if it has a first one. */
export interface ClaimedFile {
  /** Its real path. */
  readonly path: string;
  readonly lock: Lock;
  readonly file: JournalFile;
  /** Undefined for a file that is to be begun. */
  readonly header: Header | undefined;
}

export interface ClaimParts {
  readonly files: FileSystem;
  readonly lock: LockKind;
  /** Whether every line is forced to the disk. */
  readonly forced: boolean;
  readonly log: Logger;
  readonly info: () => LockInfo;
}

/** A path may come to lead elsewhere while its lock is taken; it is followed so often. */
const mostPaths = 5;

/** Locks the file of a journal, opens it, and sees that it is one. Rejects with `JournalError`, and then holds nothing and has changed nothing but what a killed process left behind. */
export async function claimFile(given: string, parts: ClaimParts): Promise<ClaimedFile> {
  const { files } = parts;
  for (let tried = 1; ; tried += 1) {
    const path = realJournalPath(given, files);
    // safeguard: a file that is mounted by itself is not locked beside itself
    if (parts.lock === 'folder' && isMountPoint(path, files)) {
      throw new JournalError(
        'JOURNAL_FAILED',
        `${given} is mounted by itself, as a container's volume of one file is: no lock beside it is seen by others, and no rotated file can take its place. Mount its folder; or, where you see to it that nobody else names the file, give the option lock: 'machine'.`,
      );
    }
    const lock = await fileLock(given, path, parts);
    let file: JournalFile | undefined;
    try {
      file = open(given, path, parts);
      // A file system that takes upper and lower case for the same shows the name of a file once it is there.
      if (realJournalPath(given, files) === path || tried === mostPaths)
        return { path, lock, file, header: await headerOf(given, path, file, parts) };
      file.close();
      await lock.release();
    } catch (error) {
      file?.close();
      await lock.release();
      throw error;
    }
  }
}

async function fileLock(
  given: string,
  path: string,
  { files, lock: kind, info, log }: ClaimParts,
): Promise<Lock> {
  // safeguard: the lock beside the file
  const taken = await takeFileLock(path, kind, info, files);
  if (taken.lock) {
    warnOfNetworks(given, path, files, log);
    return taken.lock;
  }
  const holder = { scope: scopeIn(path, files), ...taken.holder };
  throw lockedError(
    `The journal ${given} is in use: ${holderSentence(holder)} Two brokers on one journal lose each other's orders. Close that one first; or give this one another account and a journal of its own.`,
    holder,
  );
}

/** `scope`: of the account that both trade. */
export function scopeError(scope: string, holder: JournalHolder): JournalError {
  return lockedError(
    `Another broker trades "${scope}" with another journal: ${holderSentence(holder)} Two of them do not know of each other's orders. Close that one first; or trade another account.`,
    holder,
  );
}

function lockedError(message: string, holder: JournalHolder): JournalError {
  return new JournalError('JOURNAL_LOCKED', message, { holder });
}

function open(given: string, path: string, { files, forced }: ClaimParts): JournalFile {
  let file: JournalFile;
  try {
    file = JournalFile.open(files, path, forced, 'create');
  } catch (cause) {
    throw new JournalError(
      'JOURNAL_FAILED',
      `The journal ${given} can't be opened (${systemWords(cause)}); its folder must exist and be writable, and the file be this user's.`,
      { cause },
    );
  }
  // Something else may have been put there since it was looked at.
  const kind = otherKind(files.statOf(file.descriptor));
  if (kind === undefined) return file;
  file.close();
  throw new JournalError('JOURNAL_FAILED', `${given} is ${kind}, and a journal is a file.`);
}

async function headerOf(
  given: string,
  path: string,
  file: JournalFile,
  parts: ClaimParts,
): Promise<Header | undefined> {
  const { files, log } = parts;
  const stats = files.statOf(file.descriptor);
  const beginning = stats.size === 0 ? undefined : beginningIn(file, stats.size);
  if (beginning?.is === 'other')
    throw new JournalError(
      'JOURNAL_DAMAGED',
      `${given} is no journal, or not a whole one: ${beginning.because}. Nothing of it was changed. Name another file, or restore this one from a copy.`,
    );
  const header = beginning?.is === 'header' ? beginning.header : undefined;
  await refuseOtherNames(given, path, stats, header, parts);
  removeUnfinished(files, path, header?.prefix, log);
  keepToUser(given, file, stats, parts);
  if (beginning?.is === 'torn') {
    log.warn(
      { journal: given, bytes: stats.size },
      'the journal had half of its first line, whose process ended before it could place an order; it is begun anew',
    );
    file.cutTo(0);
  } else if (beginning?.is === 'header')
    settleTail(file, given, beginning.header, beginning.bytes, stats.size, log);
  return header;
}

export function beginningIn(file: JournalFile, size: number): Beginning {
  const start = Buffer.alloc(headerLimit);
  const read = file.read(start, 0);
  return beginningOf(start.subarray(0, read), read >= size);
}

/** A file with several names lies in several folders, and a lock beside one of them is not seen from the others. */
async function refuseOtherNames(
  given: string,
  path: string,
  { nlink, ino, dev }: Stats,
  header: Header | undefined,
  { files, info }: ClaimParts,
): Promise<void> {
  if (nlink === 1) return;
  // A rotation that was killed before the new file took its place has left the second name itself.
  if (nlink === 2 && isSameFile(previous(path), { ino, dev }, files)) {
    files.unlink(previous(path));
    return;
  }
  const taken: Taken | undefined =
    header && (await takeUserLock(header.scope, info).catch(() => undefined));
  await taken?.lock?.release();
  const holder: JournalHolder | undefined = taken && !taken.lock ? taken.holder : undefined;
  const message = `The journal ${given} has ${nlink} names (hard links), and a broker that was given another of them would not be seen${holder ? `: ${holderSentence(holder)}` : '.'} Close that broker, and remove the other names (find FOLDER -samefile ${given}); a copy of the file is no other name.`;
  // safeguard: a file of several names is not shared
  throw new JournalError('JOURNAL_LOCKED', message, { holder });
}

function isSameFile(
  path: string,
  { ino, dev }: Pick<Stats, 'ino' | 'dev'>,
  files: FileSystem,
): boolean {
  try {
    const found = files.lstat(path);
    return found.ino === ino && found.dev === dev;
  } catch {
    return false;
  }
}

/** It tells what an account trades. */
function keepToUser(
  given: string,
  file: JournalFile,
  stats: Stats,
  { files, log }: ClaimParts,
): void {
  const mode = stats.mode & 0o777;
  if (mode === fileMode || files.platform === 'win32') return;
  try {
    // safeguard: a journal is for its user alone
    files.changeMode(file.descriptor, fileMode);
    if (stats.size > 0)
      log.warn(
        { journal: given, mode: mode.toString(8) },
        `the mode of the journal was ${mode.toString(8)} and is 600 now: it tells what the account trades`,
      );
  } catch (error) {
    log.warn(
      { journal: given, mode: mode.toString(8), error },
      `the mode of the journal is ${mode.toString(8)} and could not be made 600 (${systemWords(error)}): other users may read what the account trades`,
    );
  }
}

/** What the file itself says of whose orders it records; a holder that does not answer can't. */
function scopeIn(path: string, files: FileSystem): string | undefined {
  let file: JournalFile | undefined;
  try {
    file = JournalFile.openToRead(files, path);
    const beginning = beginningIn(file, file.size);
    return beginning.is === 'header' ? beginning.header.scope : undefined;
  } catch {
    return undefined;
  } finally {
    file?.close();
  }
}

/** Numbers of file systems that other machines may have as well (statfs(2)): NFS, SMB, CIFS, Ceph, AFS, 9P, FUSE. */
const shared: ReadonlySet<number> = new Set([
  0x6969, 0xfe534d42, 0xff534d42, 0x00c36400, 0x5346414f, 0x01021997, 0x65735546,
]);

function warnOfNetworks(given: string, path: string, files: FileSystem, log: Logger): void {
  try {
    if (files.platform === 'linux' && shared.has(files.kindOf(dirname(path))))
      log.warn(
        { journal: given },
        'the journal lies on a file system that other machines may have as well: its lock is seen by the processes of this machine only, so see to it that no other machine names the file',
      );
  } catch (error) {
    log.debug(
      { journal: given, code: systemCode(error) },
      'what kind of file system the journal lies on could not be asked',
    );
  }
}

/** Forces a new file's name to the disk. */
export function syncName(given: string, path: string, files: FileSystem, log: Logger): void {
  const unsynced = syncFolder(files, dirname(path));
  if (unsynced !== undefined)
    log.warn(
      { journal: given, error: unsynced },
      `the name of the new journal could not be forced to the disk (${systemWords(unsynced)}): a power cut within the next seconds may take it away`,
    );
}
