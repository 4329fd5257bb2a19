import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { JournalError } from '../../errors/journal-error.ts';
import type { MachineFacts } from '../../machine/machine-facts.ts';
import { machineFacts } from '../../machine/machine-facts.ts';
import { fitsSocket, socketFolder } from '../../machine/socket-folder.ts';

/** A way to the sockets of a folder. A socket's path may have a hundred bytes, a folder's thousands. */
export interface FolderReach {
  /** Under which the socket of a name can be bound and connected to; for as long as the way is open. */
  address(name: string): string;
  close(): void;
}

/** Opens a way to the sockets of a folder, whose names have no more bytes than given. Throws `JournalError` when there is none. */
export function reachFolder(
  folder: string,
  nameLength: number,
  facts: MachineFacts = machineFacts(),
): FolderReach {
  const longest = 'x'.repeat(nameLength);
  if (fitsSocket(join(folder, longest), facts.platform))
    return { address: (name) => join(folder, name), close: () => undefined };
  return byDescriptor(folder, facts) ?? byLink(folder, nameLength, facts);
}

/** Linux knows an open folder by a short name. */
function byDescriptor(folder: string, { platform }: MachineFacts): FolderReach | undefined {
  if (platform !== 'linux') return undefined;
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  const short = `/proc/self/fd/${descriptor}`;
  try {
    statSync(short);
    return { address: (name) => `${short}/${name}`, close: () => closeSync(descriptor) };
  } catch {
    // A system that hides /proc.
    closeSync(descriptor);
    return undefined;
  }
}

function byLink(folder: string, nameLength: number, facts: MachineFacts): FolderReach {
  const name = randomBytes(3).toString('hex');
  const place = socketFolder(name.length + 1 + nameLength, facts);
  if (place.folder === undefined)
    throw new JournalError(
      'JOURNAL_FAILED',
      `The path of ${folder} is too long for the socket that locks the journal, and there is no place for a short name of it: ${place.problems.join('; ')}. Give the journal a shorter path.`,
    );
  const link = join(place.folder, name);
  symlinkSync(folder, link);
  return { address: (socket) => join(link, socket), close: () => unlinkSync(link) };
}
