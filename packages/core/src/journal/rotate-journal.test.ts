import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContractId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import { fileJournal } from './file-journal.ts';
import type { Journal, JournalRecord, OrderRecord } from './journal.ts';

const hour = 3_600_000;
const now = 1_000 * hour;
let folder: string;
let path: string;
let open: Journal[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-rotation-'));
  path = join(folder, 'orders.journal');
  open = [];
});
afterEach(async () => {
  for (const journal of open) await journal.close();
  rmSync(folder, { recursive: true });
});

async function opened(options: Parameters<typeof fileJournal>[1] = {}): Promise<Journal> {
  const journal = fileJournal(path, options);
  await journal.open('here 7');
  open.push(journal);
  return journal;
}
async function closed(journal: Journal): Promise<void> {
  open = open.filter((one) => one !== journal);
  await journal.close();
}
async function all(journal: Journal): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const record of journal.read()) records.push(record);
  return records;
}
/** What lies in the folder beside the lock. */
const names = (): string[] => readdirSync(folder).filter((name) => !name.includes('.lock.'));
const intent = (id: string, at: number): OrderRecord => ({
  kind: 'intent',
  at,
  operation: 'place',
  clientOrderId: toClientOrderId(id),
  orderId: undefined,
  executor: 'fast',
  content: { symbol: 'MNQ', note: 'x'.repeat(200) },
});
const outcome = (
  id: string,
  at: number,
  kind: 'accepted' | 'unknown',
  code?: string,
): OrderRecord => ({
  kind: 'outcome',
  at,
  operation: 'place',
  clientOrderId: toClientOrderId(id),
  orderId: '1',
  outcome: kind,
  code,
});
/** An entry under protection, with one leg. */
const protection = (id: string, at: number): JournalRecord[] => [
  {
    kind: 'oco',
    at,
    step: 'armed',
    entry: toClientOrderId(id),
    contractId: 'C' as ContractId,
    side: 'buy',
    bracket: {},
    strategy: undefined,
  },
  intent(id, at),
  outcome(id, at, 'accepted'),
  {
    kind: 'oco',
    at,
    step: 'leg',
    entry: toClientOrderId(id),
    clientOrderId: toClientOrderId(`${id}-s1`),
    leg: 'stop',
    quantity: 1,
    price: 1,
    filled: 1,
  },
  intent(`${id}-s1`, at),
  outcome(`${id}-s1`, at, 'accepted'),
];
const ids = (records: readonly JournalRecord[]): string[] =>
  records.map((record) =>
    'clientOrderId' in record ? `${record.kind} ${String(record.clientOrderId)}` : record.kind,
  );

describe('J03: a journal that has grown', () => {
  it('goes on in a new file with what the next start needs, and keeps the old one', async () => {
    const journal = await opened({ rotateAtBytes: 0 });
    const ramp = { percent: 25, since: 1, setbacks: 0, fellFrom: 0, zero: undefined };
    const none = { deliveries: 0, unknown: 0, failed: 0, overhead: [], total: [] };
    const rollout = (executor: string, fields: object): JournalRecord => ({
      kind: 'rollout',
      at: 2,
      executor,
      cause: 'advanced',
      fromPercent: 1,
      toPercent: 25,
      because: 'x',
      latch: undefined,
      evidence: undefined,
      ramp: undefined,
      ...fields,
    });
    const old = now - 48 * hour;
    const records: JournalRecord[] = [
      { kind: 'halt', at: old },
      rollout('fast', { ramp }),
      { kind: 'rollout-window', at: old, executor: 'fast', percent: 25, ramp: none, control: none },
      rollout('fast', { ramp, because: 'later' }),
      {
        kind: 'rollout-window',
        at: old + 1,
        executor: 'fast',
        percent: 25,
        ramp: none,
        control: none,
      },
      rollout('slow', { latch: 'held', cause: 'evidence' }),
      rollout('slow', { latch: 'lifted', cause: 'evidence' }),
      rollout('slow', { latch: 'lifted', cause: 'released' }),
      intent('open', old),
      intent('ended', old),
      outcome('ended', old, 'accepted'),
      intent('watched', old),
      outcome('watched', old, 'unknown', 'ABSENT'),
      { kind: 'withdrawal', at: old, clientOrderId: toClientOrderId('watched') },
      { kind: 'resume', at: old },
      ...protection('kept', old),
      ...protection('over', old),
      { kind: 'oco', at: old, step: 'ended', entry: toClientOrderId('over'), because: 'x' },
      {
        kind: 'intent',
        at: old,
        operation: 'cancel',
        clientOrderId: undefined,
        orderId: '1',
        executor: 'fast',
        content: {},
      },
      intent('young', now - hour),
      outcome('young', now, 'accepted'),
    ];
    for (const record of records) journal.append(record);
    const { prefix } = journal;
    await closed(journal);
    const before = readFileSync(path, 'utf8');

    const rotated = await opened({ rotateAtBytes: 100 });
    expect(rotated.prefix).toBe(prefix);
    const kept = await all(rotated);
    expect(ids(kept)).toEqual([
      'rollout',
      'rollout-window',
      'rollout',
      'intent open',
      'intent ended',
      'outcome ended',
      'intent watched',
      'outcome watched',
      'withdrawal watched',
      'resume',
      'oco',
      'intent kept',
      'outcome kept',
      'oco kept-s1',
      'intent kept-s1',
      'outcome kept-s1',
      'intent over',
      'outcome over',
      'intent over-s1',
      'outcome over-s1',
      'intent young',
      'outcome young',
    ]);
    expect(kept[0]).toMatchObject({ because: 'later' });
    expect(kept[2]).toMatchObject({ latch: 'held' });
    expect(readFileSync(`${path}.old`, 'utf8')).toBe(before);
    expect(existsSync(`${path}.next`)).toBe(false);
  });

  it('loses nothing that is written while it is rotated', async () => {
    const journal = await opened({ rotateAtBytes: 20_000 });
    const written: string[] = [];
    for (let count = 0; count < 2_000 || !existsSync(`${path}.old`); count += 1) {
      journal.append(intent(`order-${count}`, now + count));
      written.push(`intent order-${count}`);
      if (count % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await closed(journal);
    const again = await opened({ rotateAtBytes: 0 });
    expect(ids(await all(again))).toEqual(written);
  });

  it('does not grow without end', async () => {
    const journal = await opened({ rotateAtBytes: 20_000 });
    let largest = 0;
    let written = 0;
    for (let count = 0; count < 5_000; count += 1) {
      // Of places 100,000 stay; of changes the last day.
      const change: JournalRecord = {
        ...intent(`order-${count}`, now + count * hour),
        operation: 'modify',
      };
      journal.append(change);
      written += JSON.stringify(change).length;
      if (count % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
      largest = Math.max(largest, readFileSync(path).length);
    }
    // How far it grows before a rotation gets its turn is the machine's affair.
    expect(largest).toBeLessThan(written * 0.75);
    expect((await all(journal)).length).toBeGreaterThan(24);
  });

  it('is whole, whatever an earlier rotation left behind', async () => {
    const journal = await opened();
    journal.append(intent('a', now));
    await closed(journal);
    writeFileSync(`${path}.next`, '{"kind":"journal","version":2,"prefix":"zzz');
    const again = await opened();
    expect(ids(await all(again))).toEqual(['intent a']);
    expect(names()).toEqual(['orders.journal']);
  });

  it('stays as it was when rotating it fails', async () => {
    const journal = await opened({ rotateAtBytes: 0 });
    for (let count = 0; count < 50; count += 1) journal.append(intent(`order-${count}`, now));
    await closed(journal);
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[20] = 'damaged';
    writeFileSync(path, lines.join('\n'));
    const again = await opened({ rotateAtBytes: 100 });
    expect(readFileSync(path, 'utf8')).toBe(lines.join('\n'));
    expect(names()).toEqual(['orders.journal']);
    again.append(intent('later', now));
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(lines.length + 1);
  });
});
