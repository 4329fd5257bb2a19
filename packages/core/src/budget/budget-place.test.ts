import { createServer } from 'node:net';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { budgetPlace, placeIn } from './budget-place.ts';

const folder = '/tmp/hotpath-1000';

it('is a socket in the folder of the user, whose name fits where paths of sockets are short', () => {
  const place = placeIn(
    '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/hotpath-501',
    'https://api.topstepx.com someone',
    'darwin',
  );
  const path = place.pathOf(place.socketFor('keeper-1-1-abc'));
  expect(path).toMatch(/\/hotpath-501\/budget-[0-9a-f]{16}-[0-9a-f]{8}\.sock$/);
  expect(path.length).toBeLessThanOrEqual(103);
  expect(place.fileOf(place.socketFor('keeper-1-1-abc'))).toBe(path);
});

it("is a pipe on Windows, by a name that nobody can tell without the user's own file", () => {
  const place = placeIn('C:\\Users\\u\\AppData\\Local\\hotpath', 'login', 'win32');
  expect(place.pathOf(place.socketFor('one'))).toMatch(
    /^\\\\\?\\pipe\\hotpath-budget-[0-9a-f]{16}-[0-9a-f]{8}\.sock$/,
  );
  expect(place.pathOf(place.socketFor('one'))).not.toBe(place.pathOf(place.socketFor('two')));
  expect(place.fileOf(place.socketFor('one'))).toBeUndefined();
});

it("leads nowhere else, whatever a leader's file names", () => {
  expect(placeIn(folder, 'login', 'linux').pathOf('../../etc/passwd')).toBe(`${folder}/passwd`);
});

it('is another one for another login', () => {
  const [one, other] = [placeIn(folder, 'one', 'linux'), placeIn(folder, 'other', 'linux')];
  expect(one.socketFor('x')).not.toBe(other.socketFor('x'));
});

it.runIf(process.platform !== 'win32')(
  'is tried before it is used, and nothing is left of that',
  async () => {
    const room = mkdtempSync(join(tmpdir(), 'hp-place-'));
    try {
      const facts = {
        platform: process.platform,
        environment: {},
        temporaryFolder: room,
        homeFolder: undefined,
        userId: process.getuid?.(),
      };
      const place = await budgetPlace('login', 'try', facts);
      expect('problems' in place).toBe(false);
      expect(readdirSync(join(room, `hotpath-${process.getuid?.()}`))).toEqual([]);
      // As where a file system holds no sockets: the name can't be had.
      const taken = createServer();
      if (!('problems' in place))
        await new Promise<void>((resolve) =>
          taken.listen(place.pathOf(place.socketFor('try')), resolve),
        );
      const next = await budgetPlace('login', 'try', {
        ...facts,
        environment: { XDG_RUNTIME_DIR: room },
      });
      expect('problems' in next ? next.problems : next.pathOf('x')).toBe(
        join(room, 'hotpath', 'x'),
      );
      await new Promise((resolve) => taken.close(resolve));
    } finally {
      rmSync(room, { recursive: true, force: true });
    }
  },
);
