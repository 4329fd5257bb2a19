import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import { createManualClock } from './manual-clock.ts';
import type { FileJournalOptions } from '../journal/file-journal.ts';
import { journalIn } from '../journal/file-journal.ts';
import type { FileSystem } from '../journal/file-system.ts';
import { systemFiles } from '../journal/file-system.ts';
import type { Journal, JournalRecord, JournalTrouble } from '../journal/journal.ts';
import type { ManualClock } from './manual-clock.ts';

/** What a disk says that has no room. */
export const full = (): never => {
  throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
};
/** Nothing is taken after the first call. */
export const once = (write: FileSystem['write']): FileSystem['write'] => {
  let calls = 0;
  return (descriptor, data, length) =>
    (calls += 1) === 1 ? write(descriptor, data, length) : full();
};
export const intent = (id: string): JournalRecord => ({
  kind: 'intent',
  at: 1,
  operation: 'place',
  clientOrderId: toClientOrderId(id),
  orderId: undefined,
  executor: 'fast',
  content: { symbol: 'MNQ', strategy: 'über' },
});
/** What a journal holds, by client order id where there is one. */
export async function idsIn(of: Pick<Journal, 'read'>): Promise<string[]> {
  const ids: string[] = [];
  for await (const record of of.read())
    ids.push('clientOrderId' in record ? String(record.clientOrderId) : record.kind);
  return ids;
}

/** What a call rejects or throws with that the disk has let fail. */
export const failed: Error = expect.objectContaining({ code: 'JOURNAL_FAILED' });
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A journal on a disk that fails as a test says. */
export class DiskTrial {
  folder = '';
  path = '';
  journal!: Journal;
  troubles: JournalTrouble[] = [];
  clock: ManualClock = createManualClock();
  /** What the disk does in place of what it should. */
  disk: Partial<FileSystem> = {};
  /** Every call goes to what the disk does now. */
  readonly files: FileSystem = new Proxy(systemFiles, {
    get: (_, key: keyof FileSystem) => this.disk[key] ?? systemFiles[key],
  });

  begin(): void {
    this.folder = mkdtempSync(join(tmpdir(), 'hotpath-disk-'));
    this.path = join(this.folder, 'orders.journal');
    this.troubles = [];
    this.clock = createManualClock();
    this.disk = {};
  }

  async end(): Promise<void> {
    this.disk = {};
    await this.journal.close();
    rmSync(this.folder, { recursive: true });
  }

  async start(options: FileJournalOptions = {}): Promise<void> {
    this.journal = journalIn(this.files, this.path, options);
    await this.journal.open('here 7', {
      clock: this.clock,
      onTrouble: (trouble) => this.troubles.push(trouble),
    });
  }

  /** What the next start knows. */
  async idsAfter(): Promise<string[]> {
    this.disk = {};
    await this.journal.close();
    await this.start();
    return idsIn(this.journal);
  }

  /** Goes on until the file has been rotated, or has failed to be. */
  async untilRotated(): Promise<string[]> {
    const ids: string[] = [];
    const told = this.troubles.length;
    for (
      let count = 0;
      this.troubles.length === told && !existsSync(`${this.path}.old`);
      count += 1
    ) {
      this.journal.append(intent(`r-${count}`));
      ids.push(`r-${count}`);
      await turn();
    }
    return ids;
  }
}
