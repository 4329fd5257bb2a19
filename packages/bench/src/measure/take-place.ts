import { execFileSync } from 'node:child_process';

/** Where the two processes run; undefined: wherever the scheduler puts them. */
export interface Place {
  readonly client: string;
  readonly server: string;
}

/** Reads "0,1": the client on processor 0, the server on 1. Moves this process there at once (Linux's `taskset`). */
export function takePlace(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined;
  const [, client, server] = /^(\d+),(\d+)$/u.exec(text) ?? [];
  if (client === undefined || server === undefined)
    throw new Error(
      `--cpus is "${text}", must be two processors such as 0,1: one for the client, one for the server`,
    );
  execFileSync('taskset', ['-acp', client, String(process.pid)], { stdio: 'ignore' });
  return { client, server };
}
