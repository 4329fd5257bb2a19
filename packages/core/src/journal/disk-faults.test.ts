import {
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { FileJournalOptions } from './file-journal.ts';
import { fileJournal, journalIn } from './file-journal.ts';
import type { FileSystem } from './file-system.ts';
import { systemFiles } from './file-system.ts';
import type { Journal, JournalRecord, JournalTrouble } from './journal.ts';

let folder: string;
let path: string;
let journal: Journal;
let troubles: JournalTrouble[];
let clock: ReturnType<typeof createManualClock>;
/** What the disk does in place of what it should. */
let disk: Partial<FileSystem>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-disk-'));
  path = join(folder, 'orders.journal');
  troubles = [];
  clock = createManualClock();
  disk = {};
});
afterEach(async () => {
  disk = {};
  await journal.close();
  rmSync(folder, { recursive: true });
});

/** Every call goes to what the disk does now. */
const files: FileSystem = new Proxy(systemFiles, {
  get: (_, key: keyof FileSystem) => disk[key] ?? systemFiles[key],
});
const full = (): never => {
  throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
};
/** Nothing is taken after the first call. */
const once = (write: FileSystem['write']): FileSystem['write'] => {
  let calls = 0;
  return (descriptor, data, length) =>
    (calls += 1) === 1 ? write(descriptor, data, length) : full();
};
async function start(options: FileJournalOptions = {}): Promise<void> {
  journal = journalIn(files, path, options);
  await journal.open('here 7', { clock, onTrouble: (trouble) => troubles.push(trouble) });
}
const intent = (id: string): JournalRecord => ({
  kind: 'intent',
  at: 1,
  operation: 'place',
  clientOrderId: toClientOrderId(id),
  orderId: undefined,
  executor: 'fast',
  content: { symbol: 'MNQ', strategy: 'über' },
});
async function idsIn(of: Pick<Journal, 'read'>): Promise<string[]> {
  const ids: string[] = [];
  for await (const record of of.read())
    ids.push('clientOrderId' in record ? String(record.clientOrderId) : record.kind);
  return ids;
}
/** What the next start knows. */
async function idsAfter(): Promise<string[]> {
  disk = {};
  await journal.close();
  await start();
  return idsIn(journal);
}
const failed = expect.objectContaining({ code: 'JOURNAL_FAILED' });
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
/** Goes on until the file has been rotated, or has failed to be. */
async function untilRotated(): Promise<string[]> {
  const ids: string[] = [];
  const told = troubles.length;
  for (let count = 0; troubles.length === told && !existsSync(`${path}.old`); count += 1) {
    journal.append(intent(`r-${count}`));
    ids.push(`r-${count}`);
    await turn();
  }
  return ids;
}

describe('J01: a line that the disk does not take', () => {
  it('is written to its end where the disk takes it a little at a time', async () => {
    await start();
    disk.write = (descriptor, data, length) =>
      systemFiles.write(descriptor, data, Math.min(7, length));
    journal.append(intent('a'));
    journal.append(intent('b'));
    expect(await idsAfter()).toEqual(['a', 'b']);
  });

  it('is taken away again when only some of it fitted, and the next one is whole', async () => {
    await start();
    journal.append(intent('a'));
    let room = 30;
    disk.write = (descriptor, data, length) => {
      if (room === 0) full();
      const fits = Math.min(room, length);
      room -= fits;
      return systemFiles.write(descriptor, data, fits);
    };
    expect(() => journal.append(intent('b'))).toThrowError(failed);
    disk = {};
    journal.append(intent('c'));
    expect(await idsAfter()).toEqual(['a', 'c']);
  });

  it('is told from one that was written when characters have several bytes', async () => {
    await start();
    // As many bytes as the line has characters, which is not all of it.
    disk.write = once((descriptor, data, length) =>
      systemFiles.write(descriptor, data, Buffer.from(data.subarray(0, length)).toString().length),
    );
    expect(() => journal.append(intent('a'))).toThrowError(failed);
    disk = {};
    journal.append(intent('b'));
    expect(await idsAfter()).toEqual(['b']);
  });

  it('leaves half of it when that can not be taken away, and then nothing is written behind it until it can', async () => {
    await start();
    journal.append(intent('a'));
    const size = statSync(path).size;
    disk.write = once((descriptor, data) => systemFiles.write(descriptor, data, 20));
    disk.truncate = full;
    expect(() => journal.append(intent('b'))).toThrowError(failed);
    delete disk.write;
    expect(() => journal.append(intent('c'))).toThrowError(failed);
    expect(statSync(path).size).toBe(size + 20);
    expect(await idsIn(journal)).toEqual(['a']);
    delete disk.truncate;
    journal.append(intent('d'));
    expect(await idsAfter()).toEqual(['a', 'd']);
  });

  it('is not there when it could not be forced to the disk, and what follows is whole', async () => {
    await start({ fsync: 'each' });
    journal.append(intent('a'));
    disk.dataSync = full;
    expect(() => journal.append(intent('b'))).toThrowError(failed);
    expect(() => journal.sync?.()).toThrowError(failed);
    disk.write = once((descriptor, data) => systemFiles.write(descriptor, data, 20));
    delete disk.dataSync;
    expect(() => journal.append(intent('c'))).toThrowError(failed);
    disk = {};
    journal.append(intent('d'));
    expect(await idsAfter()).toEqual(['a', 'd']);
  });

  it('is none when a record is no JSON', async () => {
    await start();
    const round: Record<string, unknown> = {};
    round['itself'] = round;
    for (const content of [round, { quantity: 1n }])
      expect(() => journal.append({ ...intent('a'), content } as JournalRecord)).toThrowError(
        failed,
      );
    journal.append(intent('b'));
    expect(await idsAfter()).toEqual(['b']);
  });

  it('is the first one: the start fails, and the file stays empty', async () => {
    disk.write = full;
    await expect(start()).rejects.toEqual(failed);
    disk = {};
    expect(readFileSync(path, 'utf8')).toBe('');
    await start();
  });
});

describe('J03: a rotation while the disk is nearly full', () => {
  it.each<[string, string, (target: () => number) => Partial<FileSystem>]>([
    [
      'some of a write is taken',
      'ENOSPC',
      (target) => ({
        writeLater: (descriptor, data) =>
          systemFiles.writeLater(descriptor, descriptor === target() ? data.subarray(0, 50) : data),
        write: (descriptor, data, length) =>
          descriptor === target() ? full() : systemFiles.write(descriptor, data, length),
      }),
    ],
    [
      'a write takes nothing',
      'took no more bytes',
      (target) => ({
        writeLater: (descriptor, data) =>
          descriptor === target() ? Promise.resolve(0) : systemFiles.writeLater(descriptor, data),
      }),
    ],
    ['a write fails', 'ENOSPC', () => ({ writeLater: async () => full() })],
    [
      'the last lines are not taken',
      'ENOSPC',
      (target) => ({
        write: (descriptor, data, length) =>
          descriptor === target() ? full() : systemFiles.write(descriptor, data, length),
      }),
    ],
    [
      'what was written does not read the same',
      'does not hold what was written',
      (target) => ({
        readLater: async (descriptor, into, position) => {
          const read = await systemFiles.readLater(descriptor, into, position);
          if (descriptor === target() && read > 0) into[0] = 0;
          return read;
        },
      }),
    ],
    [
      'the disk says it wrote, and did not',
      'does not hold what was written',
      (target) => ({
        writeLater: (descriptor, data) =>
          descriptor === target()
            ? Promise.resolve(data.length)
            : systemFiles.writeLater(descriptor, data),
      }),
    ],
    ['it can not be forced to the disk', 'ENOSPC', () => ({ dataSyncLater: async () => full() })],
    [
      'no descriptor is left',
      'ENOSPC',
      () => ({
        open: (name, flags, mode) =>
          name.endsWith('.next') ? full() : systemFiles.open(name, flags, mode),
      }),
    ],
    ['the new file can not take its place', 'ENOSPC', () => ({ rename: full })],
    [
      'there is too little room from the start',
      'the disk has 1000',
      () => ({ freeBytes: () => 1_000 }),
    ],
  ])(
    'loses nothing and no halt, says so, and is tried again: %s',
    async (_what, because, faults) => {
      await start({ rotateAtBytes: 2_000 });
      journal.append({ kind: 'halt', at: 1 });
      let target = -1;
      const faulty = faults(() => target);
      disk = {
        ...faulty,
        open: (name, flags, mode) => {
          const descriptor = faulty.open
            ? faulty.open(name, flags, mode)
            : systemFiles.open(name, flags, mode);
          if (name.endsWith('.next')) target = descriptor;
          return descriptor;
        },
      };
      const ids = await untilRotated();
      expect(troubles).toEqual([
        {
          what: 'rotation',
          cause: expect.objectContaining({
            code: expect.stringMatching(/^JOURNAL_/),
            message: expect.stringMatching(new RegExp(`could not be rotated.*${because}`)),
          }),
        },
      ]);
      expect(readdirSync(folder).filter((name) => !name.includes('.lock.'))).toEqual([
        'orders.journal',
      ]);
      journal.append(intent('later'));
      expect(await idsIn(journal)).toEqual(['halt', ...ids, 'later']);
      disk = {};
      // Not at once: a full disk is not filled again with every order.
      clock.advance(30_000);
      expect(existsSync(`${path}.old`)).toBe(false);
      clock.advance(40_000);
      await expect.poll(() => existsSync(`${path}.old`)).toBe(true);
      expect(await idsAfter()).toEqual(['halt', ...ids, 'later']);
    },
  );

  it('comes to an end though orders are written faster than it carries them over', async () => {
    await start({ rotateAtBytes: 2_000 });
    let passes = 0;
    const ids: string[] = [];
    const place = (orders: number): void => {
      for (const end = ids.length + orders; ids.length < end;) {
        const id = `o-${ids.length}`;
        journal.append(intent(id));
        ids.push(id);
      }
    };
    disk.writeLater = (descriptor, data) => {
      passes += 1;
      // More than is carried over in one tick, each time; an end to it all the same, or a test that fails would not end.
      if (passes < 20) place(3_000);
      return systemFiles.writeLater(descriptor, data);
    };
    place(15);
    await expect.poll(() => existsSync(`${path}.old`), { timeout: 10_000 }).toBe(true);
    expect(passes).toBeLessThan(10);
    expect(await idsAfter()).toEqual(ids);
  });

  it('is told when its name can not be forced to the disk, and has taken place', async () => {
    await start({ rotateAtBytes: 2_000 });
    const said: string[] = [];
    await journal.close();
    journal = journalIn(files, path, { rotateAtBytes: 2_000 });
    const log = {
      debug: () => undefined,
      info: () => undefined,
      warn: (_: object, message: string) => void said.push(message),
      error: () => undefined,
    };
    await journal.open('here 7', { clock, log });
    disk.sync = full;
    const ids = await untilRotated();
    await expect
      .poll(() => said)
      .toEqual([expect.stringContaining('could not be forced to the disk')]);
    expect(await idsAfter()).toEqual(ids);
  });
});

describe('a journal on Windows, where no file takes the place of an open one and folders are not opened', () => {
  /** Windows' rules over this system's files. */
  function windows(): { readonly held: Map<number, string>; readonly disk: Partial<FileSystem> } {
    const held = new Map<number, string>();
    return {
      held,
      disk: {
        platform: 'win32',
        open(name, flags, mode) {
          if (existsSync(name) && statSync(name).isDirectory())
            throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
          const descriptor = systemFiles.open(name, flags, mode);
          held.set(descriptor, name);
          return descriptor;
        },
        close(descriptor) {
          held.delete(descriptor);
          systemFiles.close(descriptor);
        },
        rename(from, to) {
          if ([...held.values()].includes(to))
            throw Object.assign(new Error('EPERM: operation not permitted, rename'), {
              code: 'EPERM',
            });
          systemFiles.rename(from, to);
        },
      },
    };
  }

  it('is rotated, and loses nothing', async () => {
    ({ disk } = windows());
    await start({ rotateAtBytes: 2_000 });
    const ids = await untilRotated();
    await turn();
    journal.append(intent('later'));
    expect(await idsIn(journal)).toEqual([...ids, 'later']);
    expect(troubles).toEqual([]);
    expect(await idsAfter()).toEqual([...ids, 'later']);
  });

  it('goes on in the file of before when another program holds that', async () => {
    const system = windows();
    disk = system.disk;
    await start({ rotateAtBytes: 2_000 });
    system.held.set(-7, path);
    const ids = await untilRotated();
    expect(troubles).toMatchObject([{ what: 'rotation' }]);
    journal.append(intent('later'));
    expect(await idsIn(journal)).toEqual([...ids, 'later']);
    system.held.delete(-7);
    clock.advance(70_000);
    await expect.poll(() => existsSync(`${path}.old`)).toBe(true);
    journal.append(intent('last'));
    expect(await idsAfter()).toEqual([...ids, 'later', 'last']);
  });

  it('is rotated later when somebody reads it', async () => {
    ({ disk } = windows());
    await start({ rotateAtBytes: 2_000 });
    journal.append(intent('first'));
    const reading = journal.read()[Symbol.asyncIterator]();
    await reading.next();
    await untilRotated();
    expect(troubles).toMatchObject([
      { what: 'rotation', cause: { message: expect.stringContaining('being read') } },
    ]);
    await reading.return?.();
    clock.advance(70_000);
    await expect.poll(() => existsSync(`${path}.old`)).toBe(true);
  });

  it('takes nothing while its file can not be opened again, and goes on once it can', async () => {
    const { disk: rules } = windows();
    disk = { ...rules, rename: full };
    await start({ rotateAtBytes: 2_000 });
    let isGone = false;
    disk.rename = () => {
      isGone = true;
      full();
    };
    disk.open = (name, flags, mode) =>
      isGone && name === path
        ? full()
        : (rules.open?.(name, flags, mode) ?? systemFiles.open(name, flags, mode));
    const ids = await untilRotated().catch(() => []);
    await expect.poll(() => troubles).toHaveLength(1);
    expect(() => journal.append(intent('refused'))).toThrow('ENOSPC');
    isGone = false;
    disk.rename = () => undefined;
    delete disk.rename;
    journal.append(intent('later'));
    expect((await idsAfter()).slice(-1)).toEqual(['later']);
    expect(ids).not.toContain('refused');
  });
});

describe('a journal that somebody removes or replaces while it is open', () => {
  const look = (): void => clock.advance(6_000);

  it.each<[string, () => void]>([
    ['removed', () => rmSync(path)],
    ['renamed, as by what rotates logs', () => renameSync(path, `${path}.1`)],
    [
      'renamed and begun anew, as by what rotates logs',
      () => (renameSync(path, `${path}.1`), writeFileSync(path, '')),
    ],
  ])('is written anew when it is %s, loses nothing, and says so', async (_what, tidy) => {
    await start();
    journal.append(intent('a'));
    journal.append({ kind: 'halt', at: 1 });
    tidy();
    journal.append(intent('b'));
    look();
    await expect.poll(() => troubles).toHaveLength(1);
    expect(troubles).toEqual([
      {
        what: 'file',
        cause: expect.objectContaining({
          message: expect.stringContaining('Nothing is lost: it has been written anew'),
        }),
      },
    ]);
    journal.append(intent('c'));
    expect(await idsAfter()).toEqual(['a', 'halt', 'b', 'c']);
  });

  it('is written anew when it closes, if nobody looked before', async () => {
    await start();
    journal.append(intent('a'));
    rmSync(path);
    expect(await idsAfter()).toEqual(['a']);
  });

  it.each<[string, () => void, string]>([
    [
      'another file',
      () => (renameSync(path, `${path}.1`), writeFileSync(path, 'something else')),
      'another file lies in its place',
    ],
    ['a part of it', () => truncateSync(path, 40), 'it was cut to 40 of'],
    [
      'more than was written',
      () => writeFileSync(path, 'a line of another\n', { flag: 'a' }),
      'somebody else has written 18 bytes to it',
    ],
  ])(
    'takes no line when in its place lies %s, says so once, and goes on when it is back',
    async (_what, spoil, because) => {
      await start();
      journal.append(intent('a'));
      linkSync(path, `${path}.kept`);
      const whole = readFileSync(path);
      spoil();
      look();
      look();
      expect(troubles).toEqual([
        {
          what: 'file',
          cause: expect.objectContaining({ message: expect.stringContaining(because) }),
        },
      ]);
      expect(() => journal.append(intent('b'))).toThrowError(failed);
      // Back as it was, by the same file.
      writeFileSync(`${path}.kept`, whole);
      rmSync(path);
      rmSync(`${path}.1`, { force: true });
      renameSync(`${path}.kept`, path);
      look();
      journal.append(intent('c'));
      expect(await idsAfter()).toEqual(['a', 'c']);
    },
  );

  it('takes no line when it could not be written anew, and does once it could', async () => {
    await start();
    journal.append(intent('a'));
    rmSync(path);
    disk.writeLater = async () => full();
    look();
    await expect.poll(() => troubles).toHaveLength(1);
    expect(() => journal.append(intent('b'))).toThrowError(failed);
    disk = {};
    look();
    await expect.poll(() => existsSync(path)).toBe(true);
    await expect.poll(() => troubles).toHaveLength(2);
    journal.append(intent('c'));
    expect(await idsAfter()).toEqual(['a', 'c']);
  });
});

it('a journal that can not be read says so by a code', async () => {
  await start();
  journal.append(intent('a'));
  disk.readLater = async () => full();
  await expect(idsIn(journal)).rejects.toEqual(failed);
  await expect(idsIn(fileJournal(join(folder, 'missing')))).rejects.toEqual(failed);
});
