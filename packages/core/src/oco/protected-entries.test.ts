import { describe, expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import type { JournalRecord } from '../journal/journal.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract } from '../testing/scripted-adapter.ts';
import { OcoBook } from './oco-book.ts';
import { ProtectedEntries } from './protected-entries.ts';

const contract = testContract({ root: 'MNQ' });
const id = toClientOrderId;
const request = {
  type: 'market',
  symbol: 'MNQ',
  side: 'buy',
  quantity: 2,
  bracket: { stopLossTicks: 20 },
  strategy: 'orb',
} as const;

async function readBack(records: AsyncIterable<JournalRecord>): Promise<ProtectedEntries> {
  const entries = new ProtectedEntries();
  for await (const record of records) entries.take(record);
  return entries;
}

describe('what a journal tells of protected entries', () => {
  it('is what the book that wrote it knew', async () => {
    const journal = memoryJournal();
    const book = new OcoBook(journal, createManualClock(), []);
    book.arm(id('entry-1'), request, contract);
    const [entry] = book.entries();
    if (!entry) throw new Error('nothing is armed');
    journal.append({
      kind: 'intent',
      at: 1,
      operation: 'place',
      clientOrderId: id('ENTRY-1'),
      orderId: undefined,
      executor: 'fast',
      content: {},
    });
    journal.append({
      kind: 'outcome',
      at: 2,
      operation: 'place',
      clientOrderId: id('entry-1'),
      orderId: '7',
      outcome: 'accepted',
      code: undefined,
    });
    book.write(entry, {
      step: 'leg',
      leg: 'stop',
      clientOrderId: id('entry-1_s1'),
      quantity: 1,
      price: 23_995,
      filled: 1,
    });
    journal.append({
      kind: 'outcome',
      at: 3,
      operation: 'place',
      clientOrderId: id('entry-1_s1'),
      orderId: '8',
      outcome: 'accepted',
      code: undefined,
    });
    book.write(entry, {
      step: 'resize',
      leg: 'stop',
      clientOrderId: id('entry-1_s1'),
      quantity: 2,
      price: 23_994,
      filled: 2,
    });
    book.write(entry, { step: 'exit', quantity: 1, because: 'closed' });
    book.write(entry, { step: 'reducing', quantity: 1 });
    book.write(entry, { step: 'cancel', clientOrderId: id('entry-1_s1') });

    const [read, ...others] = (await readBack(journal.read())).list();
    expect(others).toEqual([]);
    expect(read).toMatchObject({
      clientOrderId: 'entry-1',
      contractId: contract.id,
      side: 'buy',
      bracket: { stopLossTicks: 20 },
      strategy: 'orb',
      exits: 1,
      filledAtLeast: 2,
      isReducing: true,
      isExcessTold: false,
      wasSent: true,
      orderId: '7',
    });
    expect(read?.legs).toEqual([
      {
        leg: 'stop',
        clientOrderId: 'entry-1_s1',
        quantity: 1,
        price: 23_995,
        prices: new Set([23_995, 23_994]),
        cancelAsked: true,
        orderId: '8',
        at: expect.any(Number),
        isGone: false,
      },
    ]);
  });

  it('is nothing of one that has ended, and a new beginning under the same id', async () => {
    const journal = memoryJournal();
    const book = new OcoBook(journal, createManualClock(), []);
    for (let round = 1; round <= 2; round += 1) {
      book.arm(id('entry-1'), request, contract);
      const [entry] = book.entries();
      if (entry) book.end(entry, 'nothing filled');
    }
    expect((await readBack(journal.read())).list()).toEqual([]);
    book.arm(id('entry-1'), request, contract);
    expect((await readBack(journal.read())).list()).toMatchObject([
      { clientOrderId: 'entry-1', legs: [], wasSent: false },
    ]);
  });

  it('takes nothing in that could not be written', () => {
    const journal = {
      ...memoryJournal(),
      append: () => {
        throw new Error('the disk is full');
      },
    };
    const book = new OcoBook(journal, createManualClock(), []);
    expect(() => book.arm(id('entry-1'), request, contract)).toThrow('the disk is full');
    expect(book.entries()).toEqual([]);
  });
});
