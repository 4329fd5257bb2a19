import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../measure/percentiles.ts';
import { newFolder } from '../measure/run-folder.ts';

export interface EmptyRead {
  /** Done all the time. */
  readonly hotUs: number;
  /** Done after 2 ms in which the processor's caches were written over. */
  readonly coldUs: number;
}

/**
 * What it takes to ask the kernel whether something has come, and to hear that nothing has: Node makes an error of it. On a pipe, since that needs no descriptor of a socket; the error is the same.
 * Needs `mkfifo`.
 */
export function emptyRead(): EmptyRead {
  const folder = newFolder();
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const byte = Buffer.alloc(1);
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const ask = (): number => {
    const before = performance.now();
    try {
      readSync(descriptor, byte, 0, 1, null);
      throw new TypeError('The pipe was to be empty.');
    } catch (error) {
      if (error instanceof TypeError) throw error;
    }
    return (performance.now() - before) * 1_000;
  };
  try {
    const hot = Array.from({ length: 20_000 }, ask).slice(10_000);
    const others = new Float64Array(4_000_000);
    const cold = Array.from({ length: 200 }, () => {
      for (const until = performance.now() + 2; performance.now() < until;)
        for (let index = 0; index < others.length; index += 8) others[index] = index;
      return ask();
    });
    return { hotUs: median(hot), coldUs: median(cold) };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  }
}
