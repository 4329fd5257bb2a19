import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench } from 'mitata';
import { fileJournal } from './file-journal.ts';
import type { JournalRecord } from './journal.ts';
import { memoryJournal } from './memory-journal.ts';

// Two records an order, the first of them before its bytes leave.
const folder = mkdtempSync(join(tmpdir(), 'hotpath-bench-'));
const file = fileJournal(join(folder, 'orders.journal'), { rotateAtBytes: 0 });
await file.open('micro benches');
const memory = memoryJournal();
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const outcome: JournalRecord = {
  kind: 'outcome',
  at: 1_795_422_376_663,
  operation: 'cancel',
  clientOrderId: undefined,
  orderId: '3400000001',
  outcome: 'accepted',
  code: undefined,
};

bench('journal append: memory', () => memory.append(outcome));
bench('journal append: file', () => file.append(outcome));
