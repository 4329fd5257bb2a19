import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { answered } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import type { Journal, JournalRecord } from './journal.ts';
import { memoryJournal } from './memory-journal.ts';
import { recordsOf } from './records-of.ts';
import { claimJournal } from './take-journal.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const start = (journal: Journal) =>
  scriptedBroker({
    journal,
    fast: (_, index) => answered({ is: 'accepted', orderId: String(index + 1) }),
    clock: createManualClock(),
  });
async function* yielding(...values: unknown[]): AsyncGenerator<JournalRecord> {
  yield* values as JournalRecord[];
}
const throwing = (value: unknown) => (): never => {
  throw value;
};

describe("a journal of the author's own", () => {
  const good = memoryJournal();
  it.each<[string, Partial<Journal>, string]>([
    [
      'opens with an error of its own',
      { open: () => Promise.reject(new TypeError('no such table')) },
      'no such table',
    ],
    ['opens with nothing that is an error', { open: throwing(undefined) }, 'undefined'],
    ['has no prefix', { prefix: undefined as unknown as string }, 'prefix is undefined'],
    ['has a prefix that no id can begin with', { prefix: 'A B' }, 'prefix is A B'],
    ['can not be read', { read: throwing(new RangeError('offset')) }, 'offset'],
    [
      'yields nothing that is a record',
      { read: () => yielding({ kind: 'halt', at: 1 }, undefined) },
      'Record 2 of the journal is none: it is no JSON object',
    ],
    [
      'yields a record without an id',
      { read: () => yielding({ kind: 'withdrawal', at: 1 }) },
      'clientOrderId is missing',
    ],
    [
      'yields no sequence',
      { read: () => 7 as unknown as AsyncIterable<JournalRecord> },
      'iterable',
    ],
    [
      'ends in the middle',
      {
        read: async function* () {
          yield* yielding({ kind: 'halt', at: 1 });
          throw 'gone';
        },
      },
      'gone',
    ],
  ])(
    'ends the start in a JournalError and nothing else when it %s',
    async (_what, spoiled, message) => {
      await expect(
        start(Object.defineProperties({ ...good }, Object.getOwnPropertyDescriptors(spoiled))),
      ).rejects.toMatchObject({ name: 'JournalError', message: expect.stringContaining(message) });
    },
  );

  it('goes on as before without a claim, a context or records of a newer version', async () => {
    const { broker } = await start({
      ...good,
      read: () =>
        yielding({ kind: 'future', at: 1 }, { kind: 'halt', at: 2 }, { kind: 'resume', at: 3 }),
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
    await broker.close();
  });

  it.each([[undefined], [null], ['full'], [7], [{}]])(
    'that throws %j when a line is written keeps entries out and lets exits go',
    async (thrown) => {
      let isFull = false;
      const inner = memoryJournal();
      const { broker } = await start({
        ...inner,
        append: (record) => (isFull ? throwing(thrown)() : inner.append(record)),
      });
      await broker.placeMarketOrder(market);
      isFull = true;
      const failures: unknown[] = [];
      broker.on('journal.failed', (event) => failures.push(event));
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'not-sent',
        code: 'JOURNAL_FAILED',
      });
      expect(await broker.cancelOrder({ orderId: '1' })).toMatchObject({ deliveries: 1 });
      expect(failures[0]).toMatchObject({ what: 'line', operation: 'place' });
      await broker.close();
    },
  );

  it('that turns unreadable while the broker runs ends explain in a JournalError', async () => {
    let isGone = false;
    const { broker } = await start({
      ...good,
      read: () => (isGone ? throwing(new TypeError('gone'))() : good.read()),
    });
    isGone = true;
    await expect(broker.explain('any')).rejects.toMatchObject({
      name: 'JournalError',
      code: 'JOURNAL_FAILED',
    });
    await broker.close();
  });

  it('is in use by a broker that goes on when a second start with it is refused', async () => {
    let isOpen = false;
    let closed = 0;
    const journal: Journal = {
      ...good,
      open: () =>
        isOpen ? Promise.reject(new Error('in use')) : ((isOpen = true), Promise.resolve()),
      close: () => Promise.resolve(void (closed += 1)),
    };
    const { broker } = await start(journal);
    await expect(start(journal)).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(closed).toBe(0);
    await broker.close();
    expect(closed).toBe(1);
  });

  it('is claimed with what it gives, or refused by name', async () => {
    expect(await claimJournal(good, {})).toBeUndefined();
    expect(
      await claimJournal(
        { ...good, claim: () => Promise.resolve({ scope: 'venue account 7' }) },
        {},
      ),
    ).toEqual({ scope: 'venue account 7' });
    for (const claim of [
      () => Promise.reject(new TypeError('no')),
      throwing('no'),
      () => Promise.resolve({ scope: 7 as unknown as string }),
    ]) {
      await expect(claimJournal({ ...good, claim }, {})).rejects.toMatchObject({
        name: 'JournalError',
        code: 'JOURNAL_FAILED',
      });
    }
  });

  it('lets what its reader throws through', async () => {
    const reading = (async () => {
      for await (const record of recordsOf({ read: () => yielding({ kind: 'halt', at: 1 }) }))
        throw new RangeError(record.kind);
    })();
    await expect(reading).rejects.toThrow(RangeError);
  });
});
