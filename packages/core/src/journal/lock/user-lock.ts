import { createHash } from 'node:crypto';
import type { MachineFacts } from '../../machine/machine-facts.ts';
import { machineFacts } from '../../machine/machine-facts.ts';
import { socketFolder } from '../../machine/socket-folder.ts';
import { userKey } from '../../machine/user-key.ts';
import type { Taken } from './folder-lock.ts';
import { longestLockName, takeFolderLock } from './folder-lock.ts';
import type { LockInfo } from './lock-info.ts';
import { takeNamedLock } from './named-lock.ts';

/** Takes a lock by which the processes of one user and network see each other, whatever their files are. Rejects when there is no place for it. */
export async function takeUserLock(
  what: string,
  info: () => LockInfo,
  facts: MachineFacts = machineFacts(),
): Promise<Taken> {
  const { platform, environment } = facts;
  const key = createHash('sha256').update(what).digest('hex').slice(0, 16);
  const name = `hotpath-journal-${userKey(platform, environment)}-${key}`;
  if (platform === 'win32') return takeNamedLock(`\\\\?\\pipe\\${name}`, info);
  if (platform === 'linux') return takeNamedLock(`\0${name}`, info);
  const place = socketFolder(longestLockName(key), facts);
  if (place.folder === undefined) throw new Error(place.problems.join('; '));
  return takeFolderLock(place.folder, key, info, facts);
}
