import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import { fileJournal } from './file-journal.ts';
import type { JournalRecord } from './journal.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-journal-'));
  path = join(folder, 'orders.journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

const intent = (id: string): JournalRecord => ({
  kind: 'intent',
  at: 1,
  operation: 'place',
  clientOrderId: toClientOrderId(id),
  orderId: undefined,
  executor: 'fast',
  content: { symbol: 'MNQ' },
});
const idsIn = async (journal: { read(): AsyncIterable<JournalRecord> }) => {
  const ids: string[] = [];
  for await (const record of journal.read()) ids.push('clientOrderId' in record ? String(record.clientOrderId) : record.kind);
  return ids;
};

describe('fileJournal', () => {
  it('has the whole line in the file when append returns', async () => {
    const journal = fileJournal(path);
    await journal.open('here 7');
    journal.append(intent('a'));
    expect(readFileSync(path, 'utf8').split('\n')[1]).toBe('{"kind":"intent","at":1,"operation":"place","clientOrderId":"a","executor":"fast","content":{"symbol":"MNQ"}}');
    await journal.close();
  });

  it('goes on where it was, under the same prefix', async () => {
    const first = fileJournal(path);
    await first.open('here 7');
    first.append(intent('a'));
    await first.close();
    const second = fileJournal(path, { fsync: 'each' });
    await second.open('here 7');
    second.append(intent('b'));
    expect(second.prefix).toBe(first.prefix);
    expect(await idsIn(second)).toEqual(['a', 'b']);
    await second.close();
  });

  it('cuts a torn last line before anything is appended', async () => {
    const first = fileJournal(path);
    await first.open('here 7');
    first.append(intent('a'));
    await first.close();
    appendFileSync(path, '{"kind":"intent","at":2,"clie');
    const second = fileJournal(path);
    await second.open('here 7');
    second.append(intent('b'));
    expect(await idsIn(second)).toEqual(['a', 'b']);
    await second.close();
  });

  it('starts anew when even the first line is torn', async () => {
    writeFileSync(path, '{"kind":"jour');
    const journal = fileJournal(path);
    await journal.open('here 7');
    journal.append(intent('a'));
    expect(await idsIn(journal)).toEqual(['a']);
    await journal.close();
  });

  it('refuses the journal of another account', async () => {
    const first = fileJournal(path);
    await first.open('here 7');
    await first.close();
    await expect(fileJournal(path).open('here 8')).rejects.toMatchObject({ code: 'JOURNAL_SCOPE' });
  });

  it('refuses a file that is no journal, and a damaged line', async () => {
    writeFileSync(path, 'a shopping list\n');
    await expect(fileJournal(path).open('here 7')).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
    rmSync(path);
    const journal = fileJournal(path);
    await journal.open('here 7');
    appendFileSync(path, 'rubbish\n');
    await expect(idsIn(journal)).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
    await journal.close();
  });

  it('is claimed before its account is known, and tells what it has', async () => {
    const first = fileJournal(path);
    expect(await first.claim?.()).toEqual({ scope: undefined });
    expect(() => first.append(intent('too early'))).toThrowError(expect.objectContaining({ code: 'JOURNAL_FAILED' }));
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

  it('that is in use says so to a second broker of the same process, and goes on', async () => {
    const journal = fileJournal(path);
    await journal.open('here 7');
    await expect(journal.open('here 7')).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' });
    await expect(journal.claim?.()).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' });
    journal.append(intent('a'));
    expect(await idsIn(journal)).toEqual(['a']);
    await journal.close();
  });

  it('says which folder is missing', async () => {
    await expect(fileJournal(join(folder, 'nowhere', 'orders.journal')).open('here 7')).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
  });

  it('throws from append when the line can not be written', async () => {
    const journal = fileJournal('/dev/full');
    await expect(journal.open('here 7')).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(() => journal.append(intent('a'))).toThrowError(expect.objectContaining({ code: 'JOURNAL_FAILED' }));
  });
});
