import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { MachineFacts } from './machine-facts.ts';
import { machineFacts } from './machine-facts.ts';
import { userKey } from './user-key.ts';

/** Where the processes of one user meet on one machine; or why there is no such place, a sentence for each that was tried. */
export type SocketFolder =
  | { readonly folder: string }
  | { readonly folder: undefined; readonly problems: readonly string[] };

/**
 * A folder that nobody but this user can enter, so that no other user can take a socket's name, answer in its place or read what it leads to. It is made where it is missing.
 * `nameLength`: characters of the longest name a socket will have in it; a path that is too long for a socket is passed over, and so is what stands in `except`.
 */
export function socketFolder(
  nameLength: number,
  facts: MachineFacts = machineFacts(),
  except: ReadonlySet<string> = new Set(),
): SocketFolder {
  const problems: string[] = [];
  for (const folder of socketFolders(facts)) {
    if (except.has(folder)) continue;
    const problem = fitsSocket(`${folder}/${'x'.repeat(nameLength)}`, facts.platform)
      ? problemOf(folder, facts)
      : 'its path is too long for a socket';
    if (problem === undefined) return { folder };
    problems.push(`${folder}: ${problem}`);
  }
  return { folder: undefined, problems };
}

/** The folders that are tried, best first: every process of the user comes to the same one as long as their environments do not differ. */
export function socketFolders({
  platform,
  environment,
  temporaryFolder,
  homeFolder,
  userId,
}: MachineFacts): readonly string[] {
  if (platform === 'win32') {
    const local =
      environment['LOCALAPPDATA'] ??
      (homeFolder === undefined ? undefined : win32.join(homeFolder, 'AppData', 'Local'));
    return [
      ...(local === undefined ? [] : [win32.join(local, 'hotpath')]),
      win32.join(temporaryFolder, `hotpath-${userKey(platform, environment)}`),
    ];
  }
  const name = `hotpath-${userId ?? userKey(platform, environment)}`;
  const runtime = environment['XDG_RUNTIME_DIR'];
  const folders = [
    posix.join(temporaryFolder, name),
    ...(runtime === undefined || runtime === '' ? [] : [posix.join(runtime, 'hotpath')]),
    posix.join('/tmp', name),
    ...(homeFolder === undefined || homeFolder === '' ? [] : [posix.join(homeFolder, '.hotpath')]),
  ];
  return [...new Set(folders)];
}

/** Bytes that a socket's path may have, its end not counted (`sun_path` of the system's headers). */
const longestSocketPath = { linux: 107, others: 103 };

/** Whether a socket can be bound by this path. The names of Windows' pipes are no paths. */
export function fitsSocket(path: string, platform: NodeJS.Platform): boolean {
  if (platform === 'win32') return true;
  return (
    Buffer.byteLength(path) <=
    (platform === 'linux' ? longestSocketPath.linux : longestSocketPath.others)
  );
}

const others = 0o077;
const worldMayWrite = 0o002;
const onlyOwnersRemove = 0o1000;

/** Why a folder can't be used; undefined for one that is this user's alone. */
function problemOf(folder: string, { platform, userId }: MachineFacts): string | undefined {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return `it can't be made (${codeOf(error)})`;
  }
  try {
    const found = lstatSync(folder);
    // A link is none: it would lead to wherever its maker wants.
    if (!found.isDirectory()) return 'it is no folder';
    // Windows has no such modes; a folder of the user's profile is closed to others there.
    if (platform !== 'win32') {
      // safeguard: sockets lie in nobody else's folder
      if (found.uid !== userId) return `it belongs to user ${found.uid}, not to user ${userId}`;
      // safeguard: sockets lie where no other user may look
      if ((found.mode & others) !== 0)
        return `its mode is ${(found.mode & 0o777).toString(8)}, and others may enter it; it must be 700`;
      // end of safeguard
      const above = lstatSync(posix.dirname(folder));
      // safeguard: nobody can put another folder in the place of the sockets
      if (
        above.isDirectory() &&
        (above.mode & worldMayWrite) !== 0 &&
        (above.mode & onlyOwnersRemove) === 0
      )
        return 'everybody may rename it, since the folder above has no sticky bit';
      // end of safeguard
    }
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return `it can't be used (${codeOf(error)})`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
