import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Held by one process of this machine and user. It dies with the process, however that ends, and needs no process id. */
export interface ScopeLock {
  release(): Promise<void>;
}

/** Takes the lock of a scope: a local socket that is listened on. Undefined when somebody holds it. */
export async function lockScope(scope: string): Promise<ScopeLock | undefined> {
  const path = pathOf(scope);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const server = await listenOn(path);
    if (server) return { release: () => new Promise((resolve) => void server.close(() => resolve())) };
    if (await somebodyListens(path)) return undefined;
    // The socket of a process that was killed.
    try {
      unlinkSync(path);
    } catch {
      // Somebody else took it away first.
    }
  }
  return undefined;
}

function pathOf(scope: string): string {
  const name = `hotpath-journal-${userInfo().uid}-${createHash('sha256').update(scope).digest('hex').slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\?\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
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
