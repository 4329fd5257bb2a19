import { execFileSync } from 'node:child_process';
import type { Stats } from 'node:fs';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileJournal, journalIn } from './file-journal.ts';
import type { FileSystem } from './file-system.ts';
import { systemFiles } from './file-system.ts';
import type { Journal } from './journal.ts';
import { takeFolderLock } from './lock/folder-lock.ts';

let folder: string;
let path: string;
const open: Journal[] = [];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'hotpath-names-')));
  path = join(folder, 'orders.journal');
});
afterEach(async () => {
  for (const journal of open.splice(0)) await journal.close();
  rmSync(folder, { recursive: true });
});

let accounts = 0;
/** Each of another account, so that only the lock of the file is in the way. */
async function started(
  at: string,
  options?: Parameters<typeof fileJournal>[1],
  files: FileSystem = systemFiles,
): Promise<Journal> {
  const journal = journalIn(files, at, options);
  await journal.open(`account ${process.pid} ${(accounts += 1)}`, {
    adapter: 'topstepx',
    baseUrl: 'https://venue',
  });
  open.push(journal);
  return journal;
}
const code = (wanted: string, message: unknown = expect.any(String)) =>
  expect.objectContaining({ code: wanted, message });

describe('J04: a journal that is in use', () => {
  it.each<[string, () => string]>([
    ['the same path', () => path],
    ['a path with detours', () => `${folder}/./x/../orders.journal`],
    ['a relative path', () => relative(process.cwd(), path)],
    ['a link', () => (symlinkSync(path, join(folder, 'link')), join(folder, 'link'))],
    [
      'a link to a link',
      () => (
        symlinkSync('one', join(folder, 'two')),
        symlinkSync(path, join(folder, 'one')),
        join(folder, 'two')
      ),
    ],
    [
      'a linked folder',
      () => (
        symlinkSync(folder, join(folder, 'x', 'there')),
        join(folder, 'x', 'there', 'orders.journal')
      ),
    ],
  ])('is refused to who names it by %s, and the holder is named', async (_what, name) => {
    mkdirSync(join(folder, 'x'));
    await started(path);
    const error = (await started(name()).catch((thrown: unknown) => thrown)) as {
      readonly code: string;
      readonly message: string;
      readonly holder: object;
    };
    expect(error).toMatchObject({
      code: 'JOURNAL_LOCKED',
      holder: { pid: process.pid, adapter: 'topstepx', baseUrl: 'https://venue', answers: true },
    });
    expect(error.message).toContain(`is in use: process ${process.pid} on host`);
    expect(error.message).toContain(`account ${process.pid}`);
    expect(error.message).toContain('Close that one first');
  });

  it('is refused to who names a file of it that is not there yet', async () => {
    symlinkSync(join(folder, 'later.journal'), join(folder, 'link'));
    await started(join(folder, 'link'));
    await expect(started(join(folder, 'later.journal'))).rejects.toEqual(code('JOURNAL_LOCKED'));
    await expect(started(join(folder, 'link'))).rejects.toEqual(code('JOURNAL_LOCKED'));
  });

  it('is refused by another of its names (hard links), which no lock beside it is seen from', async () => {
    const journal = await started(path);
    mkdirSync(join(folder, 'x'));
    linkSync(path, join(folder, 'x', 'orders.journal'));
    const elsewhere = journalIn(systemFiles, join(folder, 'x', 'orders.journal'));
    // The lock of the account says who it is, where there is one to be asked.
    await expect(elsewhere.open('any')).rejects.toEqual(
      code('JOURNAL_LOCKED', expect.stringContaining(`process ${process.pid} on host`)),
    );
    await journal.close();
    await expect(started(path)).rejects.toEqual(
      code('JOURNAL_LOCKED', expect.stringContaining('2 names (hard links)')),
    );
    expect(readFileSync(path, 'utf8')).toBe(
      readFileSync(join(folder, 'x', 'orders.journal'), 'utf8'),
    );
  });

  it('is refused once more to the same start, which goes on', async () => {
    const journal = await started(path);
    await expect(journal.open('another')).rejects.toEqual(code('JOURNAL_LOCKED'));
    journal.append({ kind: 'halt', at: 1 });
    expect(readFileSync(path, 'utf8')).toContain('halt');
  });

  it('is one of its account as well: another file of the same account is refused', async () => {
    const first = fileJournal(path);
    open.push(first);
    await first.open('the same account');
    await expect(
      fileJournal(join(folder, 'other.journal')).open('the same account'),
    ).rejects.toEqual(
      code(
        'JOURNAL_LOCKED',
        expect.stringContaining('trades "the same account" with another journal'),
      ),
    );
  });

  it('is free for the next start when the first has closed, and beside it lies nothing', async () => {
    const first = await started(path);
    await first.close();
    expect(readdirSync(folder)).toEqual(['orders.journal']);
  });

  it("is locked where its folder's path is too long for a socket", async () => {
    const deep = join(folder, ...Array.from({ length: 9 }, () => 'a-folder-of-a-long-name'));
    mkdirSync(deep, { recursive: true });
    await started(join(deep, 'orders.journal'));
    await expect(started(join(deep, 'orders.journal'))).rejects.toEqual(code('JOURNAL_LOCKED'));
    await expect(started(join(deep, `${'x'.repeat(200)}.journal`))).resolves.toBeDefined();
  });
});

describe('a path that leads to no file', () => {
  it.each<[string, string, () => void]>([
    ['a folder', 'a folder', () => mkdirSync(path)],
    ['a pipe', 'a pipe', () => execFileSync('mkfifo', [path])],
    [
      'a link to a pipe',
      'a pipe',
      () => (execFileSync('mkfifo', [join(folder, 'pipe')]), symlinkSync('pipe', path)),
    ],
  ])(
    'is refused by what it is, and nothing is opened or waited for: %s',
    async (_what, kind, make) => {
      make();
      const before = readdirSync(folder);
      const files: FileSystem = {
        ...systemFiles,
        open: () => {
          throw new Error('it was opened');
        },
      };
      for (const damagedLines of ['refuse', 'skip'] as const)
        await expect(started(path, { damagedLines }, files)).rejects.toEqual(
          code('JOURNAL_FAILED', expect.stringContaining(`is ${kind}, and a journal is a file`)),
        );
      expect(readdirSync(folder)).toEqual(before);
    },
  );

  it('is refused when it is a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    await expect(started(path)).rejects.toEqual(
      code('JOURNAL_FAILED', expect.stringContaining('is a socket')),
    );
    await new Promise((resolve) => void server.close(resolve));
  });

  it('is refused when it is a device, by what the system says of it', async () => {
    writeFileSync(path, 'a disk');
    const device = (stats: Stats): Stats =>
      Object.assign(stats, { isFile: () => false, isBlockDevice: () => true });
    const files: FileSystem = {
      ...systemFiles,
      stat: (name) => (name === path ? device(statSync(name)) : statSync(name)),
      open: () => {
        throw new Error('it was opened');
      },
    };
    await expect(started(path, {}, files)).rejects.toEqual(
      code('JOURNAL_FAILED', expect.stringContaining('is a device')),
    );
  });

  it('is refused when it has become another thing between a look and the opening', async () => {
    const files: FileSystem = {
      ...systemFiles,
      statOf: (descriptor) =>
        Object.assign(systemFiles.statOf(descriptor), { isFile: () => false, isFIFO: () => true }),
    };
    await expect(started(path, {}, files)).rejects.toEqual(
      code('JOURNAL_FAILED', expect.stringContaining('is a pipe')),
    );
  });
});

describe('a journal that is named by a link', () => {
  it('is rotated where it lies, and the link stays', async () => {
    mkdirSync(join(folder, 'disk'));
    symlinkSync(join('disk', 'orders.journal'), path);
    const journal = await started(path, { rotateAtBytes: 300 });
    for (let at = 0; !existsSync(join(folder, 'disk', 'orders.journal.old')); at += 1) {
      journal.append({ kind: 'withdrawal', at, clientOrderId: `a-${at}` as never });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await journal.close();
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['disk', 'orders.journal']);
  });
});

describe('a rotation that was killed between its last two steps', () => {
  it('has left the file under two names, and the next start goes on', async () => {
    await (await started(path)).close();
    linkSync(path, `${path}.old`);
    const journal = fileJournal(path);
    await journal.open(JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '').scope as string);
    open.push(journal);
    expect(existsSync(`${path}.old`)).toBe(false);
  });
});

describe('a folder in which no socket can be made', () => {
  it('is said, with what would help; and the lock can be taken by other means', async () => {
    // A file in place of the folder's name is the nearest that a test can come without a file system of its own: binding below it fails as it does there.
    const folderOf = (name: string): string =>
      name === path ? join(folder, 'plain', 'orders.journal') : name;
    writeFileSync(join(folder, 'plain'), '');
    const files: FileSystem = {
      ...systemFiles,
      realPath: (name) => folderOf(systemFiles.realPath(name)),
    };
    writeFileSync(path, '');
    await expect(started(path, {}, files)).rejects.toEqual(
      code('JOURNAL_FAILED', expect.stringContaining("the option lock: 'machine'")),
    );
    await started(path, { lock: 'machine' });
    expect(readdirSync(folder).toSorted()).toEqual(['orders.journal', 'plain']);
    await expect(started(path, { lock: 'machine' })).rejects.toEqual(code('JOURNAL_LOCKED'));
  });

  it('a file that is mounted by itself is refused: the lock beside it is in another folder than the one others see', async () => {
    const files: FileSystem = {
      ...systemFiles,
      platform: 'linux',
      text: () => `36 35 98:0 / ${path.replaceAll(' ', '\\040')} rw shared:1 - ext4 /dev/vda rw\n`,
    };
    await expect(started(path, {}, files)).rejects.toEqual(
      code('JOURNAL_FAILED', expect.stringContaining('is mounted by itself')),
    );
    await expect(started(path, { lock: 'machine' }, files)).resolves.toBeDefined();
  });

  it('one that other machines have as well is said', async () => {
    const said: string[] = [];
    const log = {
      debug: () => undefined,
      info: () => undefined,
      warn: (_: object, message: string) => void said.push(message),
      error: () => undefined,
    };
    const journal = journalIn({ ...systemFiles, platform: 'linux', kindOf: () => 0x6969 }, path);
    open.push(journal);
    await journal.open('account on a network', { log });
    expect(said).toEqual([expect.stringContaining('no other machine names the file')]);
  });
});

it('J04: a lock that somebody has removed is made anew; and is not, once another broker has it', async () => {
  const fired: (() => void)[] = [];
  const clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer: (_: number, fire: () => void) => (fired.push(fire), { cancel: () => undefined }),
  };
  const troubles: { readonly cause: unknown }[] = [];
  const journal = journalIn(systemFiles, path);
  open.push(journal);
  await journal.open('account of a removed lock', {
    clock,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  const locks = (): string[] => readdirSync(folder).filter((name) => name.includes('.lock.'));
  for (const name of locks()) unlinkSync(join(folder, name));
  fired.shift()?.();
  await expect.poll(locks).toHaveLength(1);
  await expect(started(path)).rejects.toEqual(code('JOURNAL_LOCKED'));
  // Removed once more, and this time another broker is faster.
  for (const name of locks()) unlinkSync(join(folder, name));
  const other = await takeFolderLock(folder, 'orders.journal', () => ({
    pid: 4711,
    host: 'elsewhere',
    since: 5,
  }));
  fired.shift()?.();
  await expect.poll(() => troubles.length).toBe(1);
  expect(troubles).toEqual([
    {
      what: 'file',
      cause: code('JOURNAL_LOCKED', expect.stringContaining('process 4711 on host "elsewhere"')),
    },
  ]);
  expect(() => journal.append({ kind: 'halt', at: 1 })).toThrowError(code('JOURNAL_LOCKED'));
  await other.lock?.release();
});
