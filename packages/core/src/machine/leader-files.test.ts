import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Leader } from './leader-files.ts';
import { LeaderFiles } from './leader-files.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hotpath-leader-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const leader = (generation: number, id: string): Leader => ({
  generation,
  id,
  socket: `${id}.sock`,
  pid: 1,
});
const inFolder = (socket: string): string => join(folder, socket);
const filesOf = (socket: string): string[] => [inFolder(socket)];

describe('who leads', () => {
  it('is nobody at first, then who took the lead, then the one that came after', () => {
    const files = new LeaderFiles(folder, 'budget-1');
    expect(files.current()).toBeUndefined();
    expect(files.claim(leader(1, 'one'))).toBe(true);
    expect([files.current(), files.isCurrent(leader(1, 'one'))]).toEqual([leader(1, 'one'), true]);
    expect(files.claim(leader(2, 'two'))).toBe(true);
    expect([files.current(), files.isCurrent(leader(1, 'one'))]).toEqual([leader(2, 'two'), false]);
    expect(files.all()).toEqual([leader(2, 'two'), leader(1, 'one')]);
  });

  it('is one of several who take over at once', () => {
    const files = new LeaderFiles(folder, 'budget-1');
    expect(['one', 'two', 'three'].map((id) => files.claim(leader(4, id)))).toEqual([
      true,
      false,
      false,
    ]);
    expect(files.current()?.id).toBe('one');
  });

  it('leads no more once its file, or the folder, was taken away', () => {
    const files = new LeaderFiles(folder, 'budget-1');
    files.claim(leader(1, 'one'));
    files.remove(1);
    expect(files.isCurrent(leader(1, 'one'))).toBe(false);
    files.claim(leader(1, 'one'));
    rmSync(folder, { recursive: true });
    expect(files.isCurrent(leader(1, 'one'))).toBe(false);
    expect(() => files.claim(leader(2, 'two'))).toThrow(/ENOENT/);
  });

  it('is not who leads something else', () => {
    new LeaderFiles(folder, 'budget-10').claim(leader(7, 'another'));
    expect([
      new LeaderFiles(folder, 'budget-1').newest(),
      new LeaderFiles(folder, 'budget-1').current(),
    ]).toEqual([0, undefined]);
  });

  it('is nobody where the file says nothing, and the generation counts on', () => {
    const files = new LeaderFiles(folder, 'budget-1');
    for (const text of [
      '',
      '{',
      'null',
      '{"id":"x"}',
      '{"id":"x","socket":"y","pid":-1}',
      `{"id":"x","socket":"${'y'.repeat(9_000)}","pid":1}`,
    ]) {
      writeFileSync(join(folder, 'budget-1.3'), text);
      expect([files.current(), files.newest()]).toEqual([undefined, 3]);
    }
  });

  it.runIf(process.platform !== 'win32')(
    "is nobody where a folder or a pipe stands in the file's place, and that holds nobody up",
    () => {
      const files = new LeaderFiles(folder, 'budget-1');
      mkdirSync(join(folder, 'budget-1.1'));
      expect([files.current(), files.newest()]).toEqual([undefined, 1]);
      execFileSync('mkfifo', [join(folder, 'budget-1.2')]);
      expect([files.current(), files.newest()]).toEqual([undefined, 2]);
    },
  );

  it('leaves nothing of those before', () => {
    const files = new LeaderFiles(folder, 'budget-1');
    for (const [generation, id] of [
      [1, 'one'],
      [2, 'two'],
    ] as const) {
      files.claim(leader(generation, id));
      writeFileSync(inFolder(`${id}.sock`), '');
    }
    writeFileSync(join(folder, 'budget-1.new-dead'), '');
    utimesSync(join(folder, 'budget-1.new-dead'), 1, 1);
    files.claim(leader(3, 'three'));
    files.removeBelow(3, filesOf);
    expect(readdirSync(folder)).toEqual(['budget-1.3']);
  });
});
