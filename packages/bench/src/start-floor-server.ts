import { fork } from 'node:child_process';

export interface FloorServer {
  readonly http: string;
  readonly https: string;
  close(): void;
}

/** Starts the measured server in a process of its own; `cpu`: on that processor alone (Linux's `taskset`). */
export function startFloorServer(cpu?: string): Promise<FloorServer> {
  const place = cpu === undefined ? {} : { execPath: 'taskset', execArgv: ['-c', cpu, process.execPath] };
  const child = fork(new URL('floor-server.js', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], ...place });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The measured server ended with ${code}.`)));
    child.once('message', (message) => {
      if (typeof message !== 'object' || message === null || !('http' in message) || !('https' in message)) return reject(new Error('The measured server did not say where it listens.'));
      child.removeAllListeners('exit');
      resolve({ http: String(message.http), https: String(message.https), close: () => child.disconnect() });
    });
  });
}
