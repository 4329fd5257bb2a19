import { describe, expect, it } from 'vitest';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { silentLogger } from '../logger.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered } from '../testing/scripted-executor.ts';
import { guardJournal } from './guarded-journal.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const accepted = (_: unknown, index: number) =>
  answered({ is: 'accepted', orderId: String(index + 1) });
const boom = (): never => {
  throw new Error('boom');
};
const never = (): Promise<never> => new Promise(() => {});
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const odd = (change: object): Journal =>
  Object.create(memoryJournal(), Object.getOwnPropertyDescriptors(change)) as Journal;

describe('a journal of the author’s', () => {
  it('that only promises to write is not believed: no order leaves, and no rejection goes astray', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: accepted,
      journal: odd({ append: () => Promise.reject(new Error('boom')) }),
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'JOURNAL_FAILED',
      message: expect.stringContaining('append gave a promise'),
    });
    expect(fast.deliveries).toEqual([]);
    await turns();
    await broker.close();
  });

  it.each<[string, object, number, RegExp]>([
    ['opens', { open: never }, 60_000, /open did not end in 60 s/],
    ['is claimed', { claim: never }, 60_000, /claim did not end in 60 s/],
  ])('that never %s is not waited for', async (_how, change, limitMs, message) => {
    const clock = createManualClock();
    const journal = guardJournal(odd(change), clock, silentLogger);
    const opening = Promise.resolve('claim' in change ? journal.claim?.() : journal.open('x'));
    opening.catch(() => undefined);
    clock.advance(limitMs);
    await expect(opening).rejects.toMatchObject({
      code: 'JOURNAL_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it('whose reading stops is not waited for, and one that is only slow is', async () => {
    const clock = createManualClock();
    const record: JournalRecord = { kind: 'halt', at: 1 };
    let give = (_record: JournalRecord | undefined): void => undefined;
    const slow = {
      read: async function* () {
        for (;;) {
          const next = await new Promise<JournalRecord | undefined>((resolve) => (give = resolve));
          if (next) yield next;
        }
      },
    };
    const records = guardJournal(odd(slow), clock, silentLogger).read()[Symbol.asyncIterator]();
    for (let count = 0; count < 3; count += 1) {
      const next = records.next();
      await turns();
      clock.advance(29_000);
      give(record);
      expect((await next).value).toBe(record);
    }
    const last = records.next();
    last.catch(() => undefined);
    await turns();
    clock.advance(60_000);
    await expect(last).rejects.toThrow('read did not end in 30 s');
  });

  it.each<[string, () => unknown]>([
    ['throws', boom],
    ['never ends', never],
    ['rejects', () => Promise.reject(new Error('boom'))],
  ])('whose close %s lets the broker close', async (_how, close) => {
    const clock = createManualClock();
    const { broker } = await scriptedBroker({ fast: accepted, clock, journal: odd({ close }) });
    const closing = broker.close().then(() => 'closed');
    await turns();
    clock.advance(5_000);
    expect(await Promise.race([closing, turns().then(() => 'hangs')])).toBe('closed');
  });

  it('whose sync throws or rejects lets a halt stand', async () => {
    for (const sync of [boom, () => Promise.reject(new Error('boom'))]) {
      const { broker } = await scriptedBroker({ fast: accepted, journal: odd({ sync }) });
      const failures: unknown[] = [];
      broker.on('journal.failed', (failure) => failures.push(failure));
      expect(await broker.halt()).toMatchObject({ complete: true });
      expect([broker.isHalted, failures.length]).toEqual([true, 1]);
      await turns();
      await broker.close();
    }
  });
});
