import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalRecord } from '@hotpath/core';
import { fileJournal, toClientOrderId } from '@hotpath/core';
import { journalIn } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { failingDisk } from './failing-disk.ts';
import { seededChance } from './seeded-chance.ts';

it('J03: what a journal took on a disk that is full now and then is read by the next start, over rotations', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'failing-disk-'));
  const path = join(folder, 'orders.journal');
  const faults = new Map<string, number>();
  const taken: string[] = [];
  let rotated = 0;
  try {
    for (let session = 0; session < 12; session += 1) {
      const disk = failingDisk(
        seededChance(7, `disk ${session}`),
        (fault) => void faults.set(fault, (faults.get(fault) ?? 0) + 1),
      );
      const journal = journalIn(disk, path, { rotateAtBytes: 4_000 });
      try {
        await journal.open('here 7');
      } catch {
        // A first line that did not fit: this bot's supervisor would try again.
        continue;
      }
      for (let line = 0; line < 60; line += 1) {
        const id = `o-${session}-${line}`;
        const record: JournalRecord = {
          kind: 'intent',
          at: 1,
          operation: 'place',
          clientOrderId: toClientOrderId(id),
          orderId: undefined,
          executor: 'fast',
          content: { symbol: 'MNQ' },
        };
        try {
          journal.append(record);
          taken.push(id);
        } catch {
          // Refused: its order does not enter.
        }
        await new Promise((resolve) => void setImmediate(resolve));
      }
      await journal.close();
      if (existsSync(`${path}.old`)) rotated += 1;
      rmSync(`${path}.old`, { force: true });
    }
    const journal = fileJournal(path);
    await journal.open('here 7');
    const read: string[] = [];
    for await (const record of journal.read())
      if ('clientOrderId' in record) read.push(String(record.clientOrderId));
    await journal.close();
    expect(read).toEqual(taken);
    expect([...faults.keys()].toSorted()).toEqual([
      'half a line stays',
      'short write of a line',
      'short write on rotation',
    ]);
    expect(rotated).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
