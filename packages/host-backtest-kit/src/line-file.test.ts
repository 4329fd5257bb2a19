import { mkdtempSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LineFileSystem } from './line-file.ts';
import { LineFile } from './line-file.ts';

let folder: string;
let path: string;
let paused: number;
let opened: LineFile[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-lines-'));
  path = join(folder, 'lines');
  paused = 0;
  opened = [];
});
afterEach(() => {
  for (const file of opened) file.close();
  rmSync(folder, { recursive: true });
});

function open(given: Partial<LineFileSystem> = {}): LineFile {
  const file = new LineFile(path, {
    platform: 'linux',
    write: (descriptor, bytes) => writeSync(descriptor, bytes),
    rename: renameSync,
    pause: () => void (paused += 1),
    ...given,
  });
  opened.push(file);
  return file;
}
/** Fails so often, as a file does that a virus scanner holds. */
function held(times: number, code: string): LineFileSystem['rename'] {
  let left = times;
  return (from, to) => {
    if (left === 0) return renameSync(from, to);
    left -= 1;
    throw Object.assign(new Error(code), { code });
  };
}

it('writes on where the system took a part of a line', () => {
  const file = open({ write: (descriptor, bytes) => writeSync(descriptor, bytes.subarray(0, 3)) });
  file.begin(['first line']);
  file.append('second line');
  expect(readFileSync(path, 'utf8')).toBe('first line\nsecond line\n');
});

it('has nothing of a line for which the disk had no room, so that the next stands behind a whole one', () => {
  let room = Infinity;
  const file = open({
    write: (descriptor, bytes) => {
      const written = writeSync(
        descriptor,
        bytes.subarray(0, Math.max(0, Math.min(bytes.length, room))),
      );
      room -= written;
      return written;
    },
  });
  file.begin(['first']);
  room = 4;
  expect(() => file.append('second')).toThrow('3 of 7 bytes could not be written');
  room = Infinity;
  file.append('third');
  expect(readFileSync(path, 'utf8')).toBe('first\nthird\n');
});

describe('a file that somebody holds while it is begun anew', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('is waited for on Windows (%s)', (code) => {
    open({ platform: 'win32', rename: held(5, code) }).begin(['line']);
    expect([readFileSync(path, 'utf8'), paused]).toEqual(['line\n', 5]);
  });

  it('is not waited for for ever', () => {
    expect(() =>
      open({ platform: 'win32', rename: held(Infinity, 'EBUSY') }).begin(['line']),
    ).toThrow('EBUSY');
    expect(paused).toBe(99);
  });

  it('is not waited for where that means something else', () => {
    expect(() => open({ platform: 'linux', rename: held(1, 'EACCES') }).begin(['line'])).toThrow(
      'EACCES',
    );
    expect(() => open({ platform: 'win32', rename: held(1, 'ENOSPC') }).begin(['line'])).toThrow(
      'ENOSPC',
    );
    expect(paused).toBe(0);
  });
});
