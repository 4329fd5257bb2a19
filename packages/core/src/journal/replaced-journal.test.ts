import {
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskTrial, failed, full, intent } from '../testing/disk-trial.ts';

const trial = new DiskTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

describe('a journal that somebody removes or replaces while it is open', () => {
  const look = (): void => trial.clock.advance(6_000);

  it.each<[string, () => void]>([
    ['removed', () => rmSync(trial.path)],
    ['renamed, as by what rotates logs', () => renameSync(trial.path, `${trial.path}.1`)],
    [
      'renamed and begun anew, as by what rotates logs',
      () => (renameSync(trial.path, `${trial.path}.1`), writeFileSync(trial.path, '')),
    ],
  ])('is written anew when it is %s, loses nothing, and says so', async (_what, tidy) => {
    await trial.start();
    trial.journal.append(intent('a'));
    trial.journal.append({ kind: 'halt', at: 1 });
    tidy();
    trial.journal.append(intent('b'));
    look();
    await expect.poll(() => trial.troubles).toHaveLength(1);
    expect(trial.troubles).toEqual([
      {
        what: 'file',
        cause: expect.objectContaining({
          message: expect.stringContaining('Nothing is lost: it has been written anew'),
        }),
      },
    ]);
    trial.journal.append(intent('c'));
    expect(await trial.idsAfter()).toEqual(['a', 'halt', 'b', 'c']);
  });

  it('is written anew when it closes, if nobody looked before', async () => {
    await trial.start();
    trial.journal.append(intent('a'));
    rmSync(trial.path);
    expect(await trial.idsAfter()).toEqual(['a']);
  });

  it.each<[string, () => void, string]>([
    [
      'another file',
      () => (
        renameSync(trial.path, `${trial.path}.1`),
        writeFileSync(trial.path, 'something else')
      ),
      'another file lies in its place',
    ],
    ['a part of it', () => truncateSync(trial.path, 40), 'it was cut to 40 of'],
    [
      'more than was written',
      () => writeFileSync(trial.path, 'a line of another\n', { flag: 'a' }),
      'somebody else has written 18 bytes to it',
    ],
  ])(
    'takes no line when in its place lies %s, says so once, and goes on when it is back',
    async (_what, spoil, because) => {
      await trial.start();
      trial.journal.append(intent('a'));
      linkSync(trial.path, `${trial.path}.kept`);
      const whole = readFileSync(trial.path);
      spoil();
      look();
      look();
      expect(trial.troubles).toEqual([
        {
          what: 'file',
          cause: expect.objectContaining({ message: expect.stringContaining(because) }),
        },
      ]);
      expect(() => trial.journal.append(intent('b'))).toThrowError(failed);
      // Back as it was, by the same file.
      writeFileSync(`${trial.path}.kept`, whole);
      rmSync(trial.path);
      rmSync(`${trial.path}.1`, { force: true });
      renameSync(`${trial.path}.kept`, trial.path);
      look();
      trial.journal.append(intent('c'));
      expect(await trial.idsAfter()).toEqual(['a', 'c']);
    },
  );

  it('takes no line when it could not be written anew, and does once it could', async () => {
    await trial.start();
    trial.journal.append(intent('a'));
    rmSync(trial.path);
    trial.disk.writeLater = async () => full();
    look();
    await expect.poll(() => trial.troubles).toHaveLength(1);
    expect(() => trial.journal.append(intent('b'))).toThrowError(failed);
    trial.disk = {};
    look();
    await expect.poll(() => existsSync(trial.path)).toBe(true);
    await expect.poll(() => trial.troubles).toHaveLength(2);
    trial.journal.append(intent('c'));
    expect(await trial.idsAfter()).toEqual(['a', 'c']);
  });
});
