import { createHash } from 'node:crypto';
import { closeSync, openSync, statSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userKey } from '../machine/user-key.ts';

/** Held by one process of this machine and user. It dies with the process, however that ends, and needs no process id. */
export interface ScopeLock {
  release(): Promise<void>;
}

/** Takes the lock of a scope: a local socket that is listened on. Undefined when somebody holds it. */
export async function lockScope(scope: string, platform: NodeJS.Platform = process.platform): Promise<ScopeLock | undefined> {
  const { path, isFile } = socketOf(scope, platform);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    // safeguard: lock of the account
    const server = await listenOn(path);
    if (server) return { release: () => new Promise((resolve) => void server.close(() => resolve())) };
    if (!isFile || (await somebodyListens(path))) return undefined;
    await takeAway(path);
  }
  return undefined;
}

/** Where the system has names that end with their process, by such a name; elsewhere by a file, which outlives one that is killed. */
export function socketOf(scope: string, platform: NodeJS.Platform): { readonly path: string; readonly isFile: boolean } {
  const name = `hotpath-journal-${userKey()}-${createHash('sha256').update(scope).digest('hex').slice(0, 16)}`;
  if (platform === 'win32') return { path: `\\\\?\\pipe\\${name}`, isFile: false };
  if (platform === 'linux') return { path: `\0${name}`, isFile: false };
  return { path: join(tmpdir(), `${name}.sock`), isFile: true };
}

function listenOn(path: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function somebodyListens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Nobody is at this for longer. */
const longestMs = 10_000;

/** Takes away the socket of a process that was killed. One at a time: a second one would take away the socket that the first has put in its place. */
async function takeAway(path: string): Promise<void> {
  const guard = `${path}.taking`;
  try {
    closeSync(openSync(guard, 'wx'));
  } catch {
    removeOld(guard);
    return;
  }
  try {
    if (!(await somebodyListens(path))) remove(path);
  } finally {
    remove(guard);
  }
}

/** The guard of a process that was killed while it held it. Its age is told by the file system that dated it. */
function removeOld(guard: string): void {
  const now = `${guard}.now`;
  try {
    closeSync(openSync(now, 'w'));
    if (statSync(now).mtimeMs - statSync(guard).mtimeMs > longestMs) unlinkSync(guard);
  } catch {
    // Its holder is done.
  }
  remove(now);
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already.
  }
}
