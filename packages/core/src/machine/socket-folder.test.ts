import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MachineFacts } from './machine-facts.ts';
import { machineFacts } from './machine-facts.ts';
import { fitsSocket, socketFolder, socketFolders } from './socket-folder.ts';

const userId = process.getuid?.() ?? 0;
let room: string;
beforeEach(() => void (room = mkdtempSync(join(tmpdir(), 'hotpath-folder-'))));
afterEach(() => rmSync(room, { recursive: true, force: true }));

/** A machine on which everything lies in the test's own room. */
function machine(more: Partial<MachineFacts> = {}): MachineFacts {
  const [temporaryFolder, homeFolder] = [join(room, 'tmp'), join(room, 'home')];
  for (const folder of [temporaryFolder, homeFolder])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    platform: 'linux',
    environment: { XDG_RUNTIME_DIR: join(room, 'run') },
    temporaryFolder,
    homeFolder,
    userId,
    ...more,
  };
}
const own = (facts: MachineFacts): string => join(facts.temporaryFolder, `hotpath-${userId}`);
const runtime = (): string => {
  mkdirSync(join(room, 'run'), { mode: 0o700 });
  return join(room, 'run', 'hotpath');
};

describe('where the processes of a user meet', () => {
  it('is a folder in the temporary one that only this user may enter, the same every time', () => {
    const facts = machine();
    expect(socketFolder(40, facts)).toEqual({ folder: own(facts) });
    expect(lstatSync(own(facts)).mode & 0o777).toBe(0o700);
    expect(socketFolder(40, facts)).toEqual({ folder: own(facts) });
  });

  it('is another place when the temporary folder is missing or its path is too long for a socket', () => {
    const expected = runtime();
    expect(socketFolder(40, machine({ temporaryFolder: join(room, 'gone') }))).toEqual({
      folder: expected,
    });
    const long = join(room, 'x'.repeat(90));
    mkdirSync(long, { mode: 0o700 });
    expect(socketFolder(40, machine({ temporaryFolder: long }))).toEqual({ folder: expected });
  });

  it('is no link that somebody has laid, no file, and no folder that others may enter', () => {
    const facts = machine();
    const expected = runtime();
    const elsewhere = join(room, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, own(facts));
    expect(socketFolder(40, facts)).toEqual({ folder: expected });
    rmSync(own(facts));
    writeFileSync(own(facts), '');
    expect(socketFolder(40, facts)).toEqual({ folder: expected });
    rmSync(own(facts));
    mkdirSync(own(facts));
    chmodSync(own(facts), 0o755);
    expect(socketFolder(40, facts)).toEqual({ folder: expected });
  });

  it("is nobody else's folder", () => {
    const somebody = 4_000_000_000 + process.pid;
    const facts = machine({ userId: somebody });
    const expected = runtime();
    // As if this user had made them before that one came.
    const folders = [
      join(facts.temporaryFolder, `hotpath-${somebody}`),
      expected,
      `/tmp/hotpath-${somebody}`,
      join(facts.homeFolder ?? '', '.hotpath'),
    ];
    for (const folder of folders) mkdirSync(folder, { mode: 0o700, recursive: true });
    const found = socketFolder(40, facts);
    rmSync(`/tmp/hotpath-${somebody}`, { recursive: true });
    expect(found).toEqual({
      folder: undefined,
      problems: folders.map(
        (folder) => `${folder}: it belongs to user ${userId}, not to user ${somebody}`,
      ),
    });
  });

  it.runIf(userId === 0)('is not one that another user made first', () => {
    const facts = machine();
    const expected = runtime();
    mkdirSync(own(facts), { mode: 0o700 });
    chownSync(own(facts), 65_534, 65_534);
    expect(socketFolder(40, facts)).toEqual({ folder: expected });
  });

  it('is not where everybody may put another folder in its place', () => {
    const facts = machine();
    const expected = runtime();
    chmodSync(facts.temporaryFolder, 0o777);
    expect(socketFolder(40, facts)).toEqual({ folder: expected });
    chmodSync(facts.temporaryFolder, 0o1777);
    expect(socketFolder(40, facts)).toEqual({ folder: own(facts) });
  });

  it('is nowhere, with a sentence for each place, when none can be had', () => {
    const gone = join(room, 'gone');
    const found = socketFolder(200, {
      ...machine(),
      temporaryFolder: gone,
      homeFolder: join(gone, 'home'),
    });
    expect(found.folder).toBeUndefined();
    expect(found.folder === undefined && found.problems).toHaveLength(4);
  });
});

describe('the places that are tried', () => {
  it("on Linux: the temporary folder, the session's, /tmp, home", () => {
    const facts: MachineFacts = {
      platform: 'linux',
      environment: { XDG_RUNTIME_DIR: '/run/user/1000' },
      temporaryFolder: '/scratch',
      homeFolder: '/home/u',
      userId: 1000,
    };
    expect(socketFolders(facts)).toEqual([
      '/scratch/hotpath-1000',
      '/run/user/1000/hotpath',
      '/tmp/hotpath-1000',
      '/home/u/.hotpath',
    ]);
    expect(
      socketFolders({ ...facts, environment: {}, temporaryFolder: '/tmp', homeFolder: undefined }),
    ).toEqual(['/tmp/hotpath-1000']);
  });

  it("on macOS: a user's temporary folder leaves room for the name of a socket", () => {
    const temporaryFolder = '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T';
    const [folder] = socketFolders({
      platform: 'darwin',
      environment: {},
      temporaryFolder,
      homeFolder: '/Users/u',
      userId: 501,
    });
    expect(folder).toBe(`${temporaryFolder}/hotpath-501`);
    expect([
      fitsSocket(`${folder}/${'x'.repeat(38)}`, 'darwin'),
      fitsSocket(`${folder}/${'x'.repeat(60)}`, 'darwin'),
    ]).toEqual([true, false]);
  });

  it("on Windows: the user's own part of the disk", () => {
    const facts: MachineFacts = {
      platform: 'win32',
      environment: { LOCALAPPDATA: 'C:\\Users\\u\\AppData\\Local', USERDOMAIN: 'D', USERNAME: 'u' },
      temporaryFolder: 'C:\\Temp',
      homeFolder: 'C:\\Users\\u',
      userId: undefined,
    };
    expect(socketFolders(facts)).toEqual([
      'C:\\Users\\u\\AppData\\Local\\hotpath',
      'C:\\Temp\\hotpath-D-u',
    ]);
    expect(socketFolders({ ...facts, environment: {} })[0]).toBe(
      'C:\\Users\\u\\AppData\\Local\\hotpath',
    );
    expect(fitsSocket(`\\\\?\\pipe\\${'x'.repeat(200)}`, 'win32')).toBe(true);
  });

  it('are to be had on this machine', () => {
    expect(socketFolder(40, machineFacts())).toMatchObject({
      folder: expect.any(String) as unknown,
    });
  });
});
