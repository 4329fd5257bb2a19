import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../journal/memory-journal.ts';
import { MNQ, done, held, next, reads } from '../testing/held-positions.ts';
import { answered, notWritten, silent } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const fail = (): never => {
  throw new Error('no space left on device');
};

describe('invariant 8: close and reduce have outcomes too', () => {
  it.each([
    [
      'reduced',
      done,
      [held(3)],
      [held(2)],
      { kind: 'accepted', became: 'reduced', remainingQuantity: 2 },
    ],
    ['flat', done, [held(1)], [], { kind: 'accepted', became: 'flat', remainingQuantity: 0 }],
    [
      'K04: no answer, and smaller, which proves nothing',
      silent(),
      [held(3)],
      [held(2)],
      { kind: 'unknown', code: 'NO_ANSWER' },
    ],
    [
      'K04: no answer, and flat, which proves nothing',
      silent(),
      [held(1)],
      [],
      { kind: 'unknown', code: 'NO_ANSWER' },
    ],
  ])(
    'a reduce is never repeated and says what is held after it (%s)',
    async (_name, delivery, before, after, expected) => {
      const { broker, fast, fallback } = await scriptedBroker({
        fast: () => delivery,
        adapter: { positions: reads(before, after) },
      });
      expect(await broker.reducePosition({ symbol: 'MNQ', quantity: 1 })).toMatchObject({
        operation: 'reduce',
        ...expected,
      });
      expect([fast.deliveries.length, fallback.deliveries.length]).toEqual([1, 0]);
      await broker.close();
    },
  );

  it('a reduce by an order with an id passes a halt', async () => {
    const { broker } = await scriptedBroker({
      fast: () => answered({ is: 'accepted', orderId: '7' }),
      reduceWith: 'tagged-order',
      adapter: {
        positions: reads([held(3)], [held(3)], [held(2)]),
        capabilities: { closePosition: false },
      },
    });
    const halting = broker.halt();
    expect(
      await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }),
    ).toMatchObject({ kind: 'not-sent', code: 'HALTED' });
    expect(await broker.reducePosition({ symbol: 'MNQ', quantity: 1 })).toMatchObject({
      kind: 'accepted',
      became: 'reduced',
    });
    await broker.close();
    await halting;
  });

  it('a reduce by an order with an id is sent though its line can not be written', async () => {
    const journal = memoryJournal();
    const { broker, fast } = await scriptedBroker({
      fast: () => answered({ is: 'accepted', orderId: '7' }),
      reduceWith: 'tagged-order',
      journal: {
        ...journal,
        append: (record) => (record.kind === 'intent' ? fail() : journal.append(record)),
      },
      adapter: { positions: reads([held(3)], [held(2)]), capabilities: { reducePosition: false } },
    });
    expect(
      await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }),
    ).toMatchObject({ kind: 'not-sent', code: 'JOURNAL_FAILED' });
    expect(await broker.reducePosition({ symbol: 'MNQ', quantity: 1 })).toMatchObject({
      kind: 'accepted',
      operation: 'reduce',
      became: 'reduced',
      remainingQuantity: 2,
      clientOrderId: expect.any(String),
    });
    expect(JSON.parse(fast.deliveries[0]?.request.body ?? '{}')).toMatchObject({
      type: 'market',
      side: 'sell',
      quantity: 1,
    });
    await broker.close();
  });

  it('a reduce that wrote no byte is taken over', async () => {
    const { broker } = await scriptedBroker({
      fast: () => notWritten(),
      fallback: () => done,
      adapter: { positions: reads([held(3)], [held(2)]) },
    });
    expect(await broker.reducePosition({ symbol: 'MNQ', quantity: 1 })).toMatchObject({
      kind: 'accepted',
      executor: 'fallback',
      deliveries: 2,
    });
    await broker.close();
  });

  it('a reduce of a root with two months held names both and sends nothing', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: () => done,
      adapter: { contracts: [next, MNQ], positions: reads([held(1), held(3, 'buy', next)]) },
    });
    expect(await broker.reducePosition({ symbol: 'MNQ', quantity: 1 })).toMatchObject({
      kind: 'not-sent',
      code: 'AMBIGUOUS_CONTRACT',
      message: expect.stringMatching(/MNQZ6, MNQH7/),
    });
    expect(fast.deliveries).toHaveLength(0);
    await broker.close();
  });

  it.each([
    [{ symbol: '' }, 'symbol'],
    [{ symbol: 'MNQ' }, 'quantity'],
    [{ symbol: 'MNQ', quantity: 9 }, 'quantity'],
    [{ symbol: 'MNQ', quantity: 1, size: 1 }, 'size'],
    [{ symbol: 'NOPE', quantity: 1 }, 'symbol'],
  ])('reduce %j is not sent: %s', async (request, field) => {
    const { broker, fast } = await scriptedBroker({
      fast: () => done,
      adapter: { positions: reads([held(2)]) },
    });
    expect(await broker.reducePosition(request as never)).toMatchObject({
      kind: 'not-sent',
      field,
    });
    expect(fast.deliveries).toHaveLength(0);
    await broker.close();
  });
});
