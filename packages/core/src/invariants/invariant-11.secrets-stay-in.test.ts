import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Authorization } from '../authorization.ts';
import type { JournalRecord } from '../journal/journal.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { answered, notWritten, silent } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const secret = 'eyJhbGciOi.secret.token';
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;

describe('invariant 11: secrets stay in', () => {
  it('an authorization shows its header to nobody who prints it', () => {
    const authorization = new Authorization(`Bearer ${secret}`, 3);
    const printed = [
      JSON.stringify({ authorization }),
      String(authorization),
      inspect(authorization, { showHidden: true, depth: 9 }),
    ];
    for (const text of printed) expect(text).not.toContain('secret');
    expect(authorization.header).toBe(`Bearer ${secret}`);
  });

  it.each([
    ['accepted', answered({ is: 'accepted', orderId: '1' })],
    ['refused', answered({ is: 'refused', code: 'ORDER_REJECTED', message: 'no' })],
    ['unauthorized', answered({ is: 'unauthorized' }, 401)],
    ['silent', silent()],
    ['not written', notWritten()],
  ])(
    'no token in outcomes, events, log lines or journal when an order is %s',
    async (_name, delivery) => {
      const heard: unknown[] = [];
      const hear = (fields: object, message: string): void => void heard.push(message, fields);
      const journal = memoryJournal();
      const recording = { ...journal, append: (record: JournalRecord) => void heard.push(record) };
      const { broker } = await scriptedBroker({
        journal: recording,
        log: { debug: hear, info: hear, warn: hear, error: hear },
        fast: () => delivery,
        fallback: () => delivery,
        adapter: {
          authorization: new Authorization(`Bearer ${secret}`, 1),
          renewAuthorization: () => Promise.reject(new Error('refused')),
        },
      });
      for (const event of [
        'order.sent',
        'order.accepted',
        'order.rejected',
        'order.not-sent',
        'order.unknown',
        'executor.fallback',
      ] as const)
        broker.on(event, (payload) => heard.push(payload));
      heard.push(await broker.placeMarketOrder(market), broker.executors());
      await broker.close();
      expect(heard.length).toBeGreaterThan(4);
      expect(inspect(heard, { depth: 20, showHidden: true, maxStringLength: null })).not.toContain(
        'secret',
      );
    },
  );
});
