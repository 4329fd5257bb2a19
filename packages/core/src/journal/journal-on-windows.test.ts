import { existsSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileSystem } from './file-system.ts';
import { systemFiles } from './file-system.ts';
import { DiskTrial, full, idsIn, intent, turn } from '../testing/disk-trial.ts';

const trial = new DiskTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

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
    ({ disk: trial.disk } = windows());
    await trial.start({ rotateAtBytes: 2_000 });
    const ids = await trial.untilRotated();
    await turn();
    trial.journal.append(intent('later'));
    expect(await idsIn(trial.journal)).toEqual([...ids, 'later']);
    expect(trial.troubles).toEqual([]);
    expect(await trial.idsAfter()).toEqual([...ids, 'later']);
  });

  it('goes on in the file of before when another program holds that', async () => {
    const system = windows();
    trial.disk = system.disk;
    await trial.start({ rotateAtBytes: 2_000 });
    system.held.set(-7, trial.path);
    const ids = await trial.untilRotated();
    expect(trial.troubles).toMatchObject([{ what: 'rotation' }]);
    trial.journal.append(intent('later'));
    expect(await idsIn(trial.journal)).toEqual([...ids, 'later']);
    system.held.delete(-7);
    trial.clock.advance(70_000);
    await expect.poll(() => existsSync(`${trial.path}.old`)).toBe(true);
    trial.journal.append(intent('last'));
    expect(await trial.idsAfter()).toEqual([...ids, 'later', 'last']);
  });

  it('is rotated later when somebody reads it', async () => {
    ({ disk: trial.disk } = windows());
    await trial.start({ rotateAtBytes: 2_000 });
    trial.journal.append(intent('first'));
    const reading = trial.journal.read()[Symbol.asyncIterator]();
    await reading.next();
    await trial.untilRotated();
    expect(trial.troubles).toMatchObject([
      { what: 'rotation', cause: { message: expect.stringContaining('being read') } },
    ]);
    await reading.return?.();
    trial.clock.advance(70_000);
    await expect.poll(() => existsSync(`${trial.path}.old`)).toBe(true);
  });

  it('takes nothing while its file can not be opened again, and goes on once it can', async () => {
    const { disk: rules } = windows();
    trial.disk = { ...rules, rename: full };
    await trial.start({ rotateAtBytes: 2_000 });
    let isGone = false;
    trial.disk.rename = () => {
      isGone = true;
      full();
    };
    trial.disk.open = (name, flags, mode) =>
      isGone && name === trial.path
        ? full()
        : (rules.open?.(name, flags, mode) ?? systemFiles.open(name, flags, mode));
    const ids = await trial.untilRotated().catch(() => []);
    await expect.poll(() => trial.troubles).toHaveLength(1);
    expect(() => trial.journal.append(intent('refused'))).toThrow('ENOSPC');
    isGone = false;
    trial.disk.rename = () => undefined;
    delete trial.disk.rename;
    trial.journal.append(intent('later'));
    expect((await trial.idsAfter()).slice(-1)).toEqual(['later']);
    expect(ids).not.toContain('refused');
  });
});
