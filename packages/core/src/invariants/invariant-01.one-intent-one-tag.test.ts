import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../journal/journal.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { answered, notWritten } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const accepted = answered({ is: 'accepted', orderId: '3400000001' });
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const tagOf = (body: string): unknown => (JSON.parse(body) as { tag: unknown }).tag;

describe('invariant 1: one intent, one tag', () => {
  it('journals the client order id before the executor is asked', async () => {
    const journal = memoryJournal();
    const lines: JournalRecord[] = [];
    const recording = { ...journal, append: (record: JournalRecord) => void lines.push(record) };
    const linesAtDelivery: JournalRecord[][] = [];
    const { broker, fast } = await scriptedBroker({
      journal: recording,
      fast: () => {
        linesAtDelivery.push([...lines]);
        return accepted;
      },
    });
    const outcome = await broker.placeMarketOrder(market);
    const tag = tagOf(fast.deliveries[0]?.request.body ?? '');
    expect(outcome.clientOrderId).toBe(tag);
    expect(linesAtDelivery).toEqual([
      [
        expect.objectContaining({
          kind: 'intent',
          operation: 'place',
          clientOrderId: tag,
          executor: 'fast',
        }),
      ],
    ]);
    await broker.close();
  });

  it('carries the same id in every attempt, whoever delivers it', async () => {
    const { broker, fast, fallback } = await scriptedBroker({
      fast: () => notWritten(),
      fallback: () => accepted,
    });
    const outcome = await broker.placeMarketOrder(market);
    expect(outcome).toMatchObject({ kind: 'accepted', executor: 'fallback', deliveries: 2 });
    const [first, second] = [fast.deliveries[0], fallback.deliveries[0]];
    expect(second?.request.body).toBe(first?.request.body);
    expect(tagOf(second?.request.body ?? '')).toBe(outcome.clientOrderId);
    await broker.close();
  });

  it('carries the same id when a renewed token makes a repeat', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: (_, index) => (index === 0 ? answered({ is: 'unauthorized' }, 401) : accepted),
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'accepted',
      deliveries: 2,
    });
    expect(new Set(fast.deliveries.map(({ request }) => tagOf(request.body))).size).toBe(1);
    await broker.close();
  });

  it('P22: makes one delivery and one outcome of two calls with one id, whatever its case', async () => {
    const { broker, fast } = await scriptedBroker({ fast: () => accepted });
    const first = broker.placeMarketOrder({ ...market, clientOrderId: 'Entry-1' });
    const second = broker.placeMarketOrder({
      ...market,
      symbol: 'MNQZ6',
      clientOrderId: 'entry-1',
    });
    expect(await second).toBe(await first);
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'ENTRY-1' })).toBe(
      await first,
    );
    expect(fast.deliveries).toHaveLength(1);
    await broker.close();
  });

  it('P23: refuses the second call when its content is another', async () => {
    const { broker, fast } = await scriptedBroker({ fast: () => accepted });
    const first = await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' });
    const second = await broker.placeMarketOrder({
      ...market,
      quantity: 2,
      clientOrderId: 'entry-1',
    });
    expect(second).toMatchObject({
      kind: 'not-sent',
      code: 'CLIENT_ORDER_ID_IN_USE',
      field: 'clientOrderId',
      existing: first,
    });
    expect(fast.deliveries).toHaveLength(1);
    await broker.close();
  });

  it('P00: a call whose first one was never sent is a new attempt with the same tag', async () => {
    const { broker, fast, fallback } = await scriptedBroker({
      fast: (_, index) => (index === 0 ? notWritten() : accepted),
      fallback: () => notWritten(),
    });
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' })).toMatchObject({
      kind: 'not-sent',
      code: 'UNREACHABLE',
    });
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' })).toMatchObject({
      kind: 'accepted',
      clientOrderId: 'entry-1',
    });
    const bodies = [...fast.deliveries, ...fallback.deliveries].map(({ request }) =>
      tagOf(request.body),
    );
    expect(bodies).toEqual(['entry-1', 'entry-1', 'entry-1']);
    await broker.close();
  });

  it('mints a new id for every call that gives none', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: (_, index) => answered({ is: 'accepted', orderId: String(index) }),
    });
    await Promise.all(Array.from({ length: 50 }, () => broker.placeMarketOrder(market)));
    expect(new Set(fast.deliveries.map(({ request }) => tagOf(request.body))).size).toBe(50);
    await broker.close();
  });
});
