import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';

/** Bytes that a file people write may have. */
const longest = 1024 * 1024;
const chunkLength = 64 * 1024;

/** Reads a file that people write, as UTF-8. Rejects with `InvalidOptionsError`, which names the file and what is wrong with it: also for a pipe, which could be waited for for ever, a folder, and what is too large to be meant. */
export async function readTextFile(path: string): Promise<string> {
  try {
    // A pipe that nobody writes to would hold up an opening that waits. Windows knows no such flag, and no pipe by a path of the disk.
    // safeguard: a pipe in a file's place is not waited for
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await file.stat();
      // safeguard: only a file is read
      if (!stats.isFile())
        throw new InvalidOptionsError(path, [`file: is ${kindOf(stats)}, must be a file`]);
      // end of safeguard
      return textOf(await readWhole(file, path, stats.size), path);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (InvalidOptionsError.is(error)) throw error;
    throw new InvalidOptionsError(path, [readProblem(error)]);
  }
}

/** `expected` bytes, or what is there where the system does not say. */
async function readWhole(file: FileHandle, path: string, expected: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { buffer, bytesRead } = await file.read(
      Buffer.allocUnsafe(chunkLength),
      0,
      chunkLength,
      null,
    );
    length += bytesRead;
    // safeguard: what is too large to be meant is not read
    if (length > longest)
      throw new InvalidOptionsError(path, [
        `file: is larger than ${longest} bytes, which no such file needs`,
      ]);
    // end of safeguard
    chunks.push(buffer.subarray(0, bytesRead));
    if (bytesRead === 0 || length === expected) return Buffer.concat(chunks);
  }
}

function textOf(bytes: Buffer, path: string): string {
  const [first, second] = bytes;
  // What PowerShell's `>` and some editors of Windows write: read as UTF-8 it would only be "no JSON".
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new InvalidOptionsError(path, ['file: is saved as UTF-16, must be saved as UTF-8']);
  // Editors of some systems put a byte order mark first.
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function readProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
  // Windows' word for a folder that is opened as a file, and Linux's for a socket.
  if (code === 'EISDIR') return 'file: is a folder, must be a file';
  return code === 'ENXIO' ? 'file: is a socket, must be a file' : `file: can't be read (${code})`;
}
