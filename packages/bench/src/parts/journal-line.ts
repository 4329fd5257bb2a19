import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileJournal } from '@hotpath/core';
import { median } from '../measure/percentiles.ts';
import { newFolder } from '../measure/run-folder.ts';

/** Microseconds to append one outcome's line. Median of rounds. */
export async function journalLine(): Promise<number> {
  const folder = newFolder();
  const journal = fileJournal(join(folder, 'orders.journal'));
  await journal.open('bench');
  const costs: number[] = [];
  for (let round = 0; round < 30; round += 1) {
    const before = performance.now();
    for (let line = 0; line < 2_000; line += 1) {
      journal.append({
        kind: 'outcome',
        at: 1_795_422_376_663,
        operation: 'cancel',
        clientOrderId: undefined,
        orderId: '3400000001',
        outcome: 'accepted',
        code: undefined,
      });
    }
    costs.push((performance.now() - before) / 2);
  }
  await journal.close();
  rmSync(folder, { recursive: true });
  return median(costs.slice(5));
}
