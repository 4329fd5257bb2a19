import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import { fileJournal } from './file-journal.ts';
import type { Journal, JournalRecord } from './journal.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-journal-'));
  path = join(folder, 'orders.journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

const intent = (id: string, symbol = 'MNQ'): JournalRecord => ({
  kind: 'intent',
  at: 1,
  operation: 'place',
  clientOrderId: toClientOrderId(id),
  orderId: undefined,
  executor: 'fast',
  content: { symbol },
});
const idsIn = async (journal: Pick<Journal, 'read'>): Promise<string[]> => {
  const ids: string[] = [];
  for await (const record of journal.read())
    ids.push('clientOrderId' in record ? String(record.clientOrderId) : record.kind);
  return ids;
};
async function opened(options: Parameters<typeof fileJournal>[1] = {}): Promise<Journal> {
  const journal = fileJournal(path, options);
  await journal.open('here 7');
  return journal;
}

describe('fileJournal', () => {
  it('has the whole line in the file when append returns, with its number and a checksum', async () => {
    const journal = await opened();
    journal.append(intent('a'));
    const [, line = ''] = readFileSync(path, 'utf8').split('\n');
    expect(line).toMatch(
      /^\{"kind":"intent","at":1,"operation":"place","clientOrderId":"a","executor":"fast","content":\{"symbol":"MNQ"\},"n":2,"crc":\d+\}$/,
    );
    await journal.close();
  });

  it('goes on where it was, under the same prefix', async () => {
    const first = await opened();
    first.append(intent('a'));
    await first.close();
    const second = await opened({ fsync: 'each' });
    second.append(intent('b', 'schöne Grüße, 東京'));
    expect(second.prefix).toBe(first.prefix);
    expect(await idsIn(second)).toEqual(['a', 'b']);
    await second.close();
  });

  it('can be opened again after it was closed, as by a start that is tried again', async () => {
    const journal = await opened({ rotateAtBytes: 2_000 });
    journal.append(intent('a'));
    await journal.close();
    await journal.open('here 7');
    for (let count = 0; !existsSync(`${path}.old`); count += 1) {
      journal.append(intent(`b-${count}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await idsIn(journal)).toContain('a');
    await journal.close();
  });

  it('is read by who has not opened it, as by a tool beside the bot, and is not touched', async () => {
    const journal = await opened();
    journal.append(intent('a'));
    appendFileSync(path, '{"kind":"int');
    const whole = readFileSync(path);
    expect(await idsIn(fileJournal(path))).toEqual(['a']);
    expect(readFileSync(path).equals(whole)).toBe(true);
    await journal.close();
    await expect(idsIn(fileJournal(join(folder, 'missing.journal')))).rejects.toMatchObject({
      code: 'JOURNAL_FAILED',
    });
    expect(readdirSync(folder)).toEqual(['orders.journal']);
  });

  it('is claimed before its account is known, and tells what it has', async () => {
    const first = fileJournal(path);
    expect(await first.claim?.()).toEqual({ scope: undefined });
    expect(() => first.append(intent('too early'))).toThrowError(
      expect.objectContaining({ code: 'JOURNAL_FAILED' }),
    );
    await first.open('here 7');
    first.append(intent('a'));
    await first.close();
    const second = fileJournal(path);
    expect(await second.claim?.()).toEqual({ scope: 'here 7' });
    expect(second.prefix).toMatch(/^[a-z]/);
    second.append({ kind: 'halt', at: 2 });
    expect(await idsIn(second)).toEqual(['a', 'halt']);
    await expect(second.open('here 8')).rejects.toMatchObject({ code: 'JOURNAL_SCOPE' });
    // It holds nothing any more, and can be taken again.
    await second.open('here 7');
    expect(await idsIn(second)).toEqual(['a', 'halt']);
    await second.close();
  });

  it('refuses the journal of another account', async () => {
    await (await opened()).close();
    await expect(fileJournal(path).open('here 8')).rejects.toMatchObject({ code: 'JOURNAL_SCOPE' });
  });

  it('says which folder is missing', async () => {
    await expect(
      fileJournal(join(folder, 'nowhere', 'orders.journal')).open('here 7'),
    ).rejects.toMatchObject({
      code: 'JOURNAL_FAILED',
      message: expect.stringContaining('its folder must exist'),
    });
  });

  it('refuses options that it does not have, and paths that are none', () => {
    expect(() => fileJournal(path, { fsnyc: 'each' } as object)).toThrowError(
      expect.objectContaining({
        code: 'INVALID_OPTIONS',
        message: expect.stringContaining('fsnyc'),
      }),
    );
    expect(() => fileJournal(path, { rotateAtBytes: -1 })).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTIONS' }),
    );
    for (const none of [undefined, '', 7, 'a\0b'])
      expect(() => fileJournal(none as string)).toThrowError(
        expect.objectContaining({
          code: 'INVALID_OPTIONS',
          message: expect.stringContaining('path'),
        }),
      );
  });
});

describe('the file of a journal', () => {
  const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

  it('is for its user alone, whatever the umask is', async () => {
    const before = process.umask(0o277);
    try {
      const journal = await opened({ rotateAtBytes: 300 });
      for (let count = 0; !existsSync(`${path}.old`); count += 1) {
        journal.append(intent(`a-${count}`));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await journal.close();
    } finally {
      process.umask(before);
    }
    expect([modeOf(path), modeOf(`${path}.old`)]).toEqual(['600', '600']);
  });

  it('that others may read is kept to its user from then on, and that is said', async () => {
    await (await opened()).close();
    chmodSync(path, 0o644);
    const said: string[] = [];
    const journal = fileJournal(path);
    const log = {
      debug: () => undefined,
      info: () => undefined,
      warn: (_: object, message: string) => void said.push(message),
      error: () => undefined,
    };
    await journal.open('here 7', { log });
    expect(modeOf(path)).toBe('600');
    expect(said).toEqual([expect.stringContaining('was 644 and is 600 now')]);
    await journal.close();
  });

  it.each([
    ['a shopping list', 'milk\nbread\n'],
    ['a text of one line', 'dear diary'],
    ['a table', '{"kind":"journal"}\n'],
    ["another program's JSON", '{"kind":"journal","version":"1.0","entries":[]}\n'],
    ['zeros alone', '\0'.repeat(300)],
    ['a program', `\x7fELF${'\0'.repeat(60)}`],
    ['a long text without lines', 'x'.repeat(10_000)],
    [
      'a journal with something before it',
      '\uFEFF{"kind":"journal","version":1,"prefix":"abcdef","scope":"here 7"}\n',
    ],
  ])('is left as it is when it is %s', async (_what, text) => {
    writeFileSync(path, text, { mode: 0o644 });
    await expect(fileJournal(path).open('here 7')).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringContaining(path),
    });
    await expect(fileJournal(path, { damagedLines: 'skip' }).open('here 7')).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
    });
    expect([readFileSync(path, 'utf8'), modeOf(path), readdirSync(folder)]).toEqual([
      text,
      '644',
      ['orders.journal'],
    ]);
  });

  it('of a newer version says so', async () => {
    writeFileSync(path, '{"kind":"journal","version":3,"prefix":"abcdef","scope":"here 7"}\n');
    await expect(fileJournal(path).open('here 7')).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringContaining('version 3'),
    });
  });

  it('is begun anew when even its first line is torn', async () => {
    for (const torn of [
      '',
      '{"kind":"jour',
      '{"kind":"journal","version":2,"prefix":"abc',
      `{"kind":"journal","ver${'\0'.repeat(60)}`,
    ]) {
      writeFileSync(path, torn);
      const journal = await opened();
      journal.append(intent('a'));
      expect(await idsIn(journal)).toEqual(['a']);
      await journal.close();
      rmSync(path);
    }
  });

  it('may lie beside files that look like its own, which stay as they are', async () => {
    for (const name of ['orders.journal.next', 'orders.journal.old'])
      writeFileSync(join(folder, name), 'mine\n');
    mkdirSync(join(folder, 'orders.journal.lock'));
    const journal = await opened({ rotateAtBytes: 300 });
    const troubles: unknown[] = [];
    await journal.close();
    await journal.open('here 7', { onTrouble: (trouble) => troubles.push(trouble) });
    for (let count = 0; troubles.length === 0; count += 1) {
      journal.append(intent(`a-${count}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await journal.close();
    expect(troubles).toEqual([
      {
        what: 'rotation',
        cause: expect.objectContaining({
          code: 'JOURNAL_FAILED',
          message: expect.stringContaining('orders.journal.next'),
        }),
      },
    ]);
    // Once that is out of the way it is rotated, and the other stays.
    rmSync(join(folder, 'orders.journal.next'));
    await journal.open('here 7');
    await journal.close();
    expect(readFileSync(path, 'utf8')).toContain('"lines":');
    expect(readFileSync(join(folder, 'orders.journal.old'), 'utf8')).toBe('mine\n');
  });
});
