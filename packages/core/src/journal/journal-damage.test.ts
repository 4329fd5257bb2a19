import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { fileJournal } from './file-journal.ts';
import type { Journal, JournalRecord } from './journal.ts';
import { numberedLine } from './line-checksum.ts';

let folder: string;
let path: string;
const open: Journal[] = [];
let said: { readonly level: string; readonly message: string }[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-damage-'));
  path = join(folder, 'orders.journal');
  said = [];
});
afterEach(async () => {
  for (const journal of open.splice(0)) await journal.close();
  rmSync(folder, { recursive: true });
});

const say = (level: string) => (_: object, message: string) => void said.push({ level, message });
const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
async function opened(options: Parameters<typeof fileJournal>[1] = {}): Promise<Journal> {
  const journal = fileJournal(path, options);
  await journal.open('here 7', { log });
  open.push(journal);
  return journal;
}
async function closed(): Promise<void> {
  for (const journal of open.splice(0)) await journal.close();
}
const intent = (id: string): JournalRecord => ({
  kind: 'intent',
  at: 1,
  operation: 'place',
  clientOrderId: toClientOrderId(id),
  orderId: undefined,
  executor: 'fast',
  content: { symbol: 'MNQ' },
});
async function idsIn(journal: Journal): Promise<string[]> {
  const ids: string[] = [];
  for await (const record of journal.read())
    ids.push('clientOrderId' in record ? String(record.clientOrderId) : record.kind);
  return ids;
}
/** A closed journal of these ids; its lines. */
async function written(...ids: string[]): Promise<string[]> {
  const journal = await opened();
  for (const id of ids)
    journal.append(id === 'halt' || id === 'resume' ? { kind: id, at: 2 } : intent(id));
  await closed();
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}
function flipped(bytes: Buffer, bit: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return damaged;
}
const rewrite = (lines: readonly string[]): void => writeFileSync(path, `${lines.join('\n')}\n`);
/** What the next start comes to: the ids it reads, or its error. */
async function start(
  options?: Parameters<typeof fileJournal>[1],
): Promise<readonly string[] | { readonly code: unknown; readonly message: string }> {
  try {
    return await idsIn(await opened(options));
  } catch (error) {
    return error as { readonly code: unknown; readonly message: string };
  } finally {
    await closed();
  }
}

describe('J02: a line that is not what was written', () => {
  it('is seen whichever bit of it was flipped', async () => {
    await written('a', 'b', 'halt', 'c');
    const whole = readFileSync(path);
    const random = seededRandom(5);
    const last = whole.length * 8 - 8;
    const unseen: number[] = [];
    for (let bit = 0; bit < last; bit += 1 + Math.floor(random() * 40)) {
      writeFileSync(path, flipped(whole, bit));
      const found = await start();
      if (!('code' in found && found.code === 'JOURNAL_DAMAGED' && found.message.includes(path)))
        unseen.push(bit);
    }
    expect(unseen).toEqual([]);
    // Without its end the last line is what was written all the same, with another byte behind it.
    for (let bit = last; bit < last + 8; bit += 1) {
      writeFileSync(path, flipped(whole, bit));
      expect(await start()).toEqual(['a', 'b', 'halt', 'c']);
    }
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    [
      'missing',
      (lines) => lines.filter((_, index) => index !== 2),
      'Line 3 of {path} is not what was written: the line before it is missing.',
    ],
    [
      'there twice',
      (lines) => [...lines.slice(0, 3), ...lines.slice(2)],
      'Line 4 of {path} is not what was written: it is line 3 once more, or out of its place.',
    ],
    [
      'before the one it followed',
      ([one = '', two = '', three = '', ...others]) => [one, three, two, ...others],
      'Line 2 of {path} is not what was written: the line before it is missing. So it is with 2 lines in all: line 2: the line before it is missing; line 3: it is line 2 once more, or out of its place.',
    ],
    [
      'of another program',
      (lines) => [...lines.slice(0, 2), 'a note', ...lines.slice(2)],
      'Line 3 of {path} is not what was written: its checksum does not fit.',
    ],
    [
      'empty',
      (lines) => [...lines.slice(0, 2), '', ...lines.slice(2)],
      'Line 3 of {path} is not what was written: its checksum does not fit.',
    ],
    [
      'full of zeros',
      ([one = '', two = '', ...others]) => [one, '\0'.repeat(two.length), ...others],
      'Line 2 of {path} is not what was written: it holds zeros where something was written.',
    ],
    [
      'ended as on Windows',
      (lines) => lines.map((line, index) => (index === 1 ? `${line}\r` : line)),
      'Line 2 of {path} is not what was written: its checksum does not fit.',
    ],
    [
      'written without a checksum',
      (lines) => [...lines, JSON.stringify(intent('x'))],
      'Line 6 of {path} is not what was written: its checksum does not fit.',
    ],
  ])('is named by path and number when it is %s', async (_what, change, message) => {
    rewrite(change(await written('a', 'b', 'c', 'd')));
    const found = await start();
    expect(found).toMatchObject({ code: 'JOURNAL_DAMAGED' });
    expect((found as { message: string }).message).toContain(message.replace('{path}', path));
  });

  it('is counted with all others, of which the first ten are named', async () => {
    const lines = await written(...Array.from({ length: 30 }, (_, index) => `id-${index}`));
    rewrite(lines.map((line, index) => (index >= 4 && index < 20 ? 'x' : line)));
    expect((await start()) as { message: string }).toMatchObject({
      message: expect.stringMatching(
        /^Line 5 of .* So it is with 16 lines in all: line 5: .*line 14: .*; and so on\./,
      ),
    });
  });

  it('is one with a wrong field, though its checksum fits', async () => {
    const lines = await written('a', 'b');
    rewrite([
      ...lines,
      numberedLine(
        '{"kind":"intent","at":1,"operation":"place","clientOrderId":7,"executor":"fast","content":{}}',
        4,
      ).trimEnd(),
    ]);
    expect(await start()).toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringMatching(/^Line 4 .*clientOrderId is 7, must be text/),
    });
    expect(await start({ damagedLines: 'skip' })).toEqual(['a', 'b', 'halt']);
  });

  it('is the last of a rotated file when it is gone, though nothing follows it', async () => {
    await written('a', 'b', 'c');
    await opened({ rotateAtBytes: 1 });
    await closed();
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    rewrite(lines.slice(0, -1));
    expect(await start()).toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringContaining(
        '1 of the 3 lines that the file was begun with are missing at its end',
      ),
    });
  });
});

describe('J02: the end of a file', () => {
  it('that is half of a line is cut, and that is said', async () => {
    const lines = await written('a');
    for (const torn of ['{"kind":"intent","at":2,"clie', '{', `${lines[1]?.slice(0, -3)}`]) {
      appendFileSync(path, torn);
      said = [];
      expect(await start()).toEqual(['a']);
      expect(said).toEqual([
        { level: 'warn', message: expect.stringContaining('half of one and was cut') },
      ]);
      expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`);
    }
  });

  it('that a power cut has left as zeros is cut, and that is said', async () => {
    const lines = await written('a', 'b');
    for (const rest of [
      '\0'.repeat(4_096),
      `{"kind":"int${'\0'.repeat(3_000)}`,
      '\0'.repeat(200_000),
      `\0\0{"kind":`,
    ]) {
      rewrite(lines);
      appendFileSync(path, rest);
      said = [];
      expect(await start()).toEqual(['a', 'b']);
      expect(said).toEqual([
        {
          level: 'error',
          message: expect.stringContaining(
            `${rest.length} bytes at the end of the journal were zeros`,
          ),
        },
      ]);
    }
  });

  it('goes on with the next number', async () => {
    const [first = '', ...lines] = await written('a', 'b');
    writeFileSync(path, `${[first, ...lines].join('\n')}\n{"kind":`);
    const journal = await opened();
    journal.append(intent('c'));
    expect(await idsIn(journal)).toEqual(['a', 'b', 'c']);
    await closed();
    expect(await start()).toEqual(['a', 'b', 'c']);
  });

  it('that only lacks its last byte is kept: an editor has taken it off', async () => {
    const lines = await written('a', 'b');
    writeFileSync(path, lines.join('\n'));
    expect(await start()).toEqual(['a', 'b']);
    expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`);
  });

  it('that is long and no line is left as it is', async () => {
    await written('a');
    appendFileSync(path, 'x'.repeat(2_000_000));
    expect(await start()).toMatchObject({ code: 'JOURNAL_DAMAGED' });
    expect(readFileSync(path).length).toBeGreaterThan(2_000_000);
  });
});

describe('J02: a journal whose damaged lines are passed over', () => {
  it('says how many those are and which, and has the lines around them', async () => {
    const lines = await written('a', 'b', 'c', 'd');
    rewrite(lines.map((line, index) => (index === 2 ? line.replace('"b"', '"x"') : line)));
    expect(await start({ damagedLines: 'skip' })).toEqual(['a', 'halt', 'c', 'd']);
    expect(said).toEqual([
      {
        level: 'error',
        message: expect.stringContaining(
          '1 lines of the journal are not what was written and were passed over (line 3: its checksum does not fit)',
        ),
      },
    ]);
  });

  it('starts halted, since a line that was lost may have been a halt, until a person resumes', async () => {
    const lines = await written('a', 'halt', 'b');
    rewrite(lines.filter((_, index) => index !== 2));
    expect(await start({ damagedLines: 'skip' })).toEqual(['a', 'halt', 'b']);
    const journal = await opened({ damagedLines: 'skip' });
    journal.append({ kind: 'resume', at: 3 });
    expect((await idsIn(journal)).at(-1)).toBe('resume');
    await closed();
    expect(((await start({ damagedLines: 'skip' })) as string[]).at(-1)).toBe('resume');
  });

  it('keeps that halt over a rotation, and is whole after it', async () => {
    const lines = await written('a', 'b', 'c');
    rewrite(lines.map((line, index) => (index === 3 ? 'x' : line)));
    await opened({ damagedLines: 'skip', rotateAtBytes: 1 });
    await closed();
    expect(await start()).toEqual(['a', 'b', 'halt']);
  });

  it('goes on behind a damaged last line', async () => {
    const lines = await written('a', 'b');
    rewrite([...lines.slice(0, 2), 'x']);
    const journal = await opened({ damagedLines: 'skip' });
    journal.append(intent('c'));
    await closed();
    expect(await start({ damagedLines: 'skip' })).toEqual(['a', 'halt', 'c']);
  });
});

describe('a journal with lines of a newer version', () => {
  it('says so, keeps them over a rotation, and makes nothing of them', async () => {
    const lines = await written('a', 'b');
    const future = '{"kind":"future","at":1,"what":["never","seen"]}';
    rewrite([...lines, numberedLine(future, 4).trimEnd()]);
    expect(await start({ rotateAtBytes: 1 })).toEqual(['a', 'b']);
    expect(said).toEqual([
      { level: 'warn', message: expect.stringContaining('1 lines of the kind "future"') },
    ]);
    expect(readFileSync(path, 'utf8')).toContain(numberedLine(future, 4));
  });
});

describe('a journal of an older version', () => {
  const old = (...records: JournalRecord[]): void =>
    writeFileSync(
      path,
      `${[{ kind: 'journal', version: 1, prefix: 'abc123', scope: 'here 7' }, ...records].map((record) => JSON.stringify(record)).join('\n')}\n`,
    );

  it('is opened, and written anew with checksums; the one of before stays beside it', async () => {
    old(intent('a'), { kind: 'halt', at: 1 });
    const before = readFileSync(path, 'utf8');
    const journal = await opened();
    expect(journal.prefix).toBe('abc123');
    journal.append(intent('b'));
    expect(await idsIn(journal)).toEqual(['a', 'halt', 'b']);
    expect(readFileSync(`${path}.old`, 'utf8')).toBe(before);
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    expect(lines[0]).toContain('"version":2');
    expect(lines.every((line) => /,"crc":\d+\}$/.test(line))).toBe(true);
    await closed();
    expect(await start()).toEqual(['a', 'halt', 'b']);
  });

  it('goes on as it is when it can not be written anew', async () => {
    old(intent('a'));
    writeFileSync(`${path}.next`, 'mine');
    const journal = await opened();
    journal.append(intent('b'));
    await closed();
    expect(readFileSync(path, 'utf8').split('\n')[2]).toBe(JSON.stringify(intent('b')));
    rmSync(`${path}.next`);
    expect(await start()).toEqual(['a', 'b']);
    expect(readFileSync(path, 'utf8')).toContain('"version":2');
  });

  it('is refused, and left as it is, when a line of it has a wrong field', async () => {
    old(intent('a'), { ...intent('b'), clientOrderId: null } as unknown as JournalRecord);
    const before = readFileSync(path, 'utf8');
    expect(await start()).toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringMatching(/^Line 3 .*clientOrderId is null, must be text/),
    });
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['orders.journal']);
    expect(await start({ damagedLines: 'skip' })).toEqual(['a', 'halt']);
  });

  it('gets its torn last line cut, and one that only lacks its end gets that', async () => {
    old(intent('a'));
    appendFileSync(path, '{"kind":"intent","at":2,"clie');
    expect(await start()).toEqual(['a']);
    old(intent('a'), intent('b'));
    writeFileSync(path, readFileSync(path, 'utf8').trimEnd());
    expect(await start()).toEqual(['a', 'b']);
  });
});

it('ids that mean something to JavaScript are ids as others are', async () => {
  await written('__proto__', 'constructor', 'toString');
  expect(await start({ rotateAtBytes: 1 })).toEqual(['__proto__', 'constructor', 'toString']);
  expect(await start()).toEqual(['__proto__', 'constructor', 'toString']);
});
