import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { JournalError } from '../../errors/journal-error.ts';
import type { MachineFacts } from '../../machine/machine-facts.ts';
import { machineFacts } from '../../machine/machine-facts.ts';
import type { FileSystem } from '../file-system.ts';
import { systemWords } from '../file-system.ts';
import type { Taken } from './folder-lock.ts';
import { stemOf, takeFolderLock } from './folder-lock.ts';
import type { LockInfo } from './lock-info.ts';
import { takeNamedLock } from './named-lock.ts';
import { takeUserLock } from './user-lock.ts';

/** `folder`: beside the file, where every process of the machine that can reach the file sees it, those of containers included. `machine`: only the processes of this user and network see it. */
export type LockKind = 'folder' | 'machine';

/** Takes the lock of a file, named by its real path. Rejects with `JournalError` when it can't be locked in this way. */
export async function takeFileLock(
  path: string,
  kind: LockKind,
  info: () => LockInfo,
  files: FileSystem,
  facts: MachineFacts = machineFacts(),
): Promise<Taken> {
  const folder = dirname(path);
  try {
    // Windows has no sockets in folders; its pipes are seen by every user of the machine, and end with their process.
    if (facts.platform === 'win32')
      return await takeNamedLock(
        `\\\\?\\pipe\\hotpath-journal-file-${createHash('sha256').update(path.toLowerCase()).digest('hex').slice(0, 24)}`,
        info,
      );
    if (kind === 'folder') return await takeFolderLock(folder, stemOf(basename(path)), info, facts);
    // By the folder itself, which may be mounted in several places.
    const { dev, ino } = files.stat(folder);
    return await takeUserLock(`file ${dev} ${ino} ${basename(path)}`, info, facts);
  } catch (cause) {
    if (cause instanceof JournalError) throw cause;
    throw new JournalError('JOURNAL_FAILED', problem(path, kind, cause), { cause });
  }
}

function problem(path: string, kind: LockKind, cause: unknown): string {
  if (kind === 'machine') return `The journal ${path} can't be locked: ${systemWords(cause)}.`;
  return (
    `The journal ${path} can't be locked: no socket can be made in ${dirname(path)} (${systemWords(cause)}). ` +
    "The folder must be readable and writable, and lie on a file system that takes sockets: a disk of this machine, not a network's or a virtual machine's share. " +
    "Where there is no other, the option lock: 'machine' locks it by other means, which the brokers of containers, other users and other machines do not see: that no second one of those names this file is then yours to see to."
  );
}
