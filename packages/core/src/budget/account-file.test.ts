import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountFile } from './account-file.ts';
import type { BudgetAccount } from './budget-account.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-account-'));
  path = join(folder, 'one.account');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const account = (requests: number, holder = 'a'): BudgetAccount => ({
  account: 'first',
  agesMs: Array.from({ length: requests }, (_, index) => index),
  heldForMs: 0,
  holders: { [holder]: { general: 1, reserve: 2, presumed: 0, presumedAgoMs: 0 } },
});
const written = (
  requests: number,
): { readonly writtenAt: number; readonly account: BudgetAccount } => ({
  writtenAt: 1_000 + requests,
  account: account(requests),
});

describe('the file of an account', () => {
  it('says what was written last', () => {
    const file = AccountFile.create(path);
    expect(AccountFile.read(path)).toBeUndefined();
    for (const requests of [3, 200, 5, 0, 7]) {
      file.write(written(requests));
      expect(AccountFile.read(path)).toMatchObject(written(requests));
    }
    file.remove();
    expect(AccountFile.read(path)).toBeUndefined();
  });

  it('says what was written before where a kill cut the last one off, at any byte of it', () => {
    const file = AccountFile.create(path);
    file.write(written(1));
    file.write(written(2));
    const before = readFileSync(path);
    file.write(written(3));
    const after = readFileSync(path);
    const differ = [...after.keys()].filter((at) => after[at] !== before[at]);
    for (let bytes = 0; bytes < differ.length; bytes += 1) {
      const torn = Buffer.from(before);
      for (const at of differ.slice(0, bytes)) torn[at] = after[at] ?? 0;
      writeFileSync(path, torn);
      expect(AccountFile.read(path)).toMatchObject(written(2));
    }
    writeFileSync(path, after);
    expect(AccountFile.read(path)).toMatchObject(written(3));
  });

  it.each([
    ['nothing', ''],
    ['words', 'what is this?'],
    ['zeros', Buffer.alloc(600_000)],
    ['a length of nothing', '99999 12345'.padEnd(32)],
    ['a length beyond its slot', '999999 12345'.padEnd(600_000)],
  ])('says nothing where %s stands in its place', (_what, text) => {
    writeFileSync(path, text);
    expect(AccountFile.read(path)).toBeUndefined();
  });

  it('says nothing where its content is none, though the checksum fits', () => {
    AccountFile.create(path).write({ writtenAt: 1, account: { ...account(1), agesMs: [-1] } });
    expect(AccountFile.read(path)).toBeUndefined();
  });

  it.runIf(process.platform !== 'win32')('is not read through a link, and a folder is none', () => {
    AccountFile.create(path).write(written(1));
    symlinkSync(path, join(folder, 'link.account'));
    expect(AccountFile.read(join(folder, 'link.account'))).toBeUndefined();
    expect(AccountFile.read(folder)).toBeUndefined();
  });

  it('is made only where nothing stands, and refuses what does not fit', () => {
    const file = AccountFile.create(path);
    expect(() => AccountFile.create(path)).toThrow(/EEXIST/);
    file.write(written(1));
    expect(() => file.write({ writtenAt: 2, account: account(1, 'a'.repeat(300_000)) })).toThrow(
      /does not fit/,
    );
    expect(AccountFile.read(path)).toMatchObject(written(1));
  });

  it("writes nothing once it is closed: its descriptor may be another file's", () => {
    const file = AccountFile.create(path);
    file.write(written(1));
    file.close();
    const other = openSync(join(folder, 'other'), 'wx');
    expect(() => file.write(written(2))).toThrow(/passed on/);
    file.close();
    writeSync(other, 'mine');
    closeSync(other);
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('mine');
    expect(AccountFile.read(path)).toMatchObject(written(1));
  });
});
