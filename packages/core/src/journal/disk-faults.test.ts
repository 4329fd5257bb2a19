import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileJournal, journalIn } from './file-journal.ts';
import type { FileSystem } from './file-system.ts';
import { systemFiles } from './file-system.ts';
import type { JournalRecord } from './journal.ts';
import { DiskTrial, failed, full, idsIn, intent, once } from '../testing/disk-trial.ts';

const trial = new DiskTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

describe('J01: a line that the disk does not take', () => {
  it('is written to its end where the disk takes it a little at a time', async () => {
    await trial.start();
    trial.disk.write = (descriptor, data, length) =>
      systemFiles.write(descriptor, data, Math.min(7, length));
    trial.journal.append(intent('a'));
    trial.journal.append(intent('b'));
    expect(await trial.idsAfter()).toEqual(['a', 'b']);
  });

  it('is taken away again when only some of it fitted, and the next one is whole', async () => {
    await trial.start();
    trial.journal.append(intent('a'));
    let room = 30;
    trial.disk.write = (descriptor, data, length) => {
      if (room === 0) full();
      const fits = Math.min(room, length);
      room -= fits;
      return systemFiles.write(descriptor, data, fits);
    };
    expect(() => trial.journal.append(intent('b'))).toThrowError(failed);
    trial.disk = {};
    trial.journal.append(intent('c'));
    expect(await trial.idsAfter()).toEqual(['a', 'c']);
  });

  it('is told from one that was written when characters have several bytes', async () => {
    await trial.start();
    // As many bytes as the line has characters, which is not all of it.
    trial.disk.write = once((descriptor, data, length) =>
      systemFiles.write(descriptor, data, Buffer.from(data.subarray(0, length)).toString().length),
    );
    expect(() => trial.journal.append(intent('a'))).toThrowError(failed);
    trial.disk = {};
    trial.journal.append(intent('b'));
    expect(await trial.idsAfter()).toEqual(['b']);
  });

  it('leaves half of it when that can not be taken away, and then nothing is written behind it until it can', async () => {
    await trial.start();
    trial.journal.append(intent('a'));
    const size = statSync(trial.path).size;
    trial.disk.write = once((descriptor, data) => systemFiles.write(descriptor, data, 20));
    trial.disk.truncate = full;
    expect(() => trial.journal.append(intent('b'))).toThrowError(failed);
    delete trial.disk.write;
    expect(() => trial.journal.append(intent('c'))).toThrowError(failed);
    expect(statSync(trial.path).size).toBe(size + 20);
    expect(await idsIn(trial.journal)).toEqual(['a']);
    delete trial.disk.truncate;
    trial.journal.append(intent('d'));
    expect(await trial.idsAfter()).toEqual(['a', 'd']);
  });

  it('is not there when it could not be forced to the disk, and what follows is whole', async () => {
    await trial.start({ fsync: 'each' });
    trial.journal.append(intent('a'));
    trial.disk.dataSync = full;
    expect(() => trial.journal.append(intent('b'))).toThrowError(failed);
    expect(() => trial.journal.sync?.()).toThrowError(failed);
    trial.disk.write = once((descriptor, data) => systemFiles.write(descriptor, data, 20));
    delete trial.disk.dataSync;
    expect(() => trial.journal.append(intent('c'))).toThrowError(failed);
    trial.disk = {};
    trial.journal.append(intent('d'));
    expect(await trial.idsAfter()).toEqual(['a', 'd']);
  });

  it('is none when a record is no JSON', async () => {
    await trial.start();
    const round: Record<string, unknown> = {};
    round['itself'] = round;
    for (const content of [round, { quantity: 1n }])
      expect(() => trial.journal.append({ ...intent('a'), content } as JournalRecord)).toThrowError(
        failed,
      );
    trial.journal.append(intent('b'));
    expect(await trial.idsAfter()).toEqual(['b']);
  });

  it('is the first one: the start fails, and the file stays empty', async () => {
    trial.disk.write = full;
    await expect(trial.start()).rejects.toEqual(failed);
    trial.disk = {};
    expect(readFileSync(trial.path, 'utf8')).toBe('');
    await trial.start();
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
      await trial.start({ rotateAtBytes: 2_000 });
      trial.journal.append({ kind: 'halt', at: 1 });
      let target = -1;
      const faulty = faults(() => target);
      trial.disk = {
        ...faulty,
        open: (name, flags, mode) => {
          const descriptor = faulty.open
            ? faulty.open(name, flags, mode)
            : systemFiles.open(name, flags, mode);
          if (name.endsWith('.next')) target = descriptor;
          return descriptor;
        },
      };
      const ids = await trial.untilRotated();
      expect(trial.troubles).toEqual([
        {
          what: 'rotation',
          cause: expect.objectContaining({
            code: expect.stringMatching(/^JOURNAL_/),
            message: expect.stringMatching(new RegExp(`could not be rotated.*${because}`)),
          }),
        },
      ]);
      expect(readdirSync(trial.folder).filter((name) => !name.includes('.lock.'))).toEqual([
        'orders.journal',
      ]);
      trial.journal.append(intent('later'));
      expect(await idsIn(trial.journal)).toEqual(['halt', ...ids, 'later']);
      trial.disk = {};
      // Not at once: a full disk is not filled again with every order.
      trial.clock.advance(30_000);
      expect(existsSync(`${trial.path}.old`)).toBe(false);
      trial.clock.advance(40_000);
      await expect.poll(() => existsSync(`${trial.path}.old`)).toBe(true);
      expect(await trial.idsAfter()).toEqual(['halt', ...ids, 'later']);
    },
  );

  it('comes to an end though orders are written faster than it carries them over', async () => {
    await trial.start({ rotateAtBytes: 2_000 });
    let passes = 0;
    const ids: string[] = [];
    const place = (orders: number): void => {
      for (const end = ids.length + orders; ids.length < end;) {
        const id = `o-${ids.length}`;
        trial.journal.append(intent(id));
        ids.push(id);
      }
    };
    trial.disk.writeLater = (descriptor, data) => {
      passes += 1;
      // More than is carried over in one tick, each time; an end to it all the same, or a test that fails would not end.
      if (passes < 20) place(3_000);
      return systemFiles.writeLater(descriptor, data);
    };
    place(15);
    await expect.poll(() => existsSync(`${trial.path}.old`), { timeout: 10_000 }).toBe(true);
    expect(passes).toBeLessThan(10);
    expect(await trial.idsAfter()).toEqual(ids);
  });

  it('is told when its name can not be forced to the disk, and has taken place', async () => {
    await trial.start({ rotateAtBytes: 2_000 });
    const said: string[] = [];
    await trial.journal.close();
    trial.journal = journalIn(trial.files, trial.path, { rotateAtBytes: 2_000 });
    const log = {
      debug: () => undefined,
      info: () => undefined,
      warn: (_: object, message: string) => void said.push(message),
      error: () => undefined,
    };
    await trial.journal.open('here 7', { clock: trial.clock, log });
    trial.disk.sync = full;
    const ids = await trial.untilRotated();
    await expect
      .poll(() => said)
      .toEqual([expect.stringContaining('could not be forced to the disk')]);
    expect(await trial.idsAfter()).toEqual(ids);
  });
});

it('a journal that can not be read says so by a code', async () => {
  await trial.start();
  trial.journal.append(intent('a'));
  trial.disk.readLater = async () => full();
  await expect(idsIn(trial.journal)).rejects.toEqual(failed);
  await expect(idsIn(fileJournal(join(trial.folder, 'missing')))).rejects.toEqual(failed);
});
