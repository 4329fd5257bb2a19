import { describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { RolloutChanged } from '../events/event-map.ts';
import type { Order } from '../order.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered } from '../testing/scripted-executor.ts';

const orderId = '3400000001' as OrderId;
const limit = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 20_000 } as const;
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

interface Trial extends ScriptedBroker {
  readonly clock: ManualClock;
  readonly changes: RolloutChanged<'fast' | 'fallback'>[];
  readonly contradicted: Order[];
  /** The stream shows the order, a moment later than before. */
  show(order: Partial<Order>): void;
  /** What a lookup finds. */
  venue: Partial<Order>;
  lookups: number;
}

async function trial(): Promise<Trial> {
  const clock = createManualClock();
  let updates = 0;
  const row = (order: Partial<Order>): Order =>
    testOrder({
      orderId,
      type: 'limit',
      limitPrice: 20_000,
      updatedAt: (updates += 1),
      asOf: clock.now() + updates,
      ...order,
    });
  const made = await scriptedBroker({
    clock,
    fast: () => answered({ is: 'accepted', orderId }),
    adapter: {
      find: () => {
        each.lookups += 1;
        return { is: 'found', order: row(each.venue) };
      },
    },
  });
  const each: Trial = {
    ...made,
    clock,
    changes: [],
    contradicted: [],
    venue: {},
    lookups: 0,
    show: (order) => made.adapter.context?.evidence({ of: 'order', order: row(order) }),
  };
  made.broker.on('rollout.changed', (change) => each.changes.push(change));
  made.broker.on('order.contradicted', ({ order }) => each.contradicted.push(order));
  expect(await made.broker.placeLimitOrder(limit)).toMatchObject({ kind: 'accepted' });
  each.show({ status: 'working' });
  return each;
}

const pass = async ({ clock }: Trial, milliseconds: number): Promise<void> => {
  clock.advance(milliseconds);
  await settled();
};

describe('a modify that was answered as done', () => {
  it('and shown again with its old values, by the stream and by the venue itself, is hard evidence', async () => {
    const made = await trial();
    expect(await made.broker.modifyOrder({ orderId, limitPrice: 20_001 })).toMatchObject({
      kind: 'accepted',
    });
    made.show({ limitPrice: 20_000 });
    await pass(made, 14_999);
    expect([made.lookups, made.changes]).toEqual([0, []]);
    await pass(made, 1);
    expect(made.changes).toMatchObject([
      {
        executor: 'fast',
        cause: 'evidence',
        evidence: { of: 'denied-change', operation: 'modify', orderId },
      },
    ]);
    expect(made.contradicted).toMatchObject([{ orderId, limitPrice: 20_000 }]);
    await made.broker.close();
  });

  it.each([
    ['its new values', { limitPrice: 20_001 }, { limitPrice: 20_001 }],
    ['values of somebody else', { limitPrice: 20_007 }, { limitPrice: 20_007 }],
    ['an end', { status: 'filled', limitPrice: 20_000 }, { status: 'filled', limitPrice: 20_000 }],
    ['the old values by a stream that is behind', { limitPrice: 20_000 }, { limitPrice: 20_001 }],
  ] as const)('and shown with %s is none', async (_name, shown, venue) => {
    const made = await trial();
    await made.broker.modifyOrder({ orderId, limitPrice: 20_001 });
    made.show(shown);
    made.venue = venue;
    await pass(made, 20_000);
    expect([made.changes, made.contradicted]).toEqual([[], []]);
    await made.broker.close();
  });

  it('is not judged once a later change is on its way', async () => {
    const made = await trial();
    await made.broker.modifyOrder({ orderId, limitPrice: 20_001 });
    await pass(made, 10_000);
    await made.broker.modifyOrder({ orderId, limitPrice: 20_000 });
    made.show({ limitPrice: 20_000 });
    await pass(made, 30_000);
    expect(made.changes).toEqual([]);
    await made.broker.close();
  });
});

describe('a cancel that was answered as done', () => {
  it('of an order that works on, by the stream and by the venue itself, is hard evidence', async () => {
    const made = await trial();
    const cancelling = made.broker.cancelOrder({ orderId });
    await settled();
    made.show({ status: 'working' });
    await pass(made, 15_000);
    expect(made.changes).toMatchObject([
      {
        executor: 'fast',
        cause: 'evidence',
        evidence: { of: 'denied-change', operation: 'cancel' },
      },
    ]);
    await made.broker.close();
    await cancelling;
  });

  it('of an order that ended is none', async () => {
    const made = await trial();
    made.venue = { status: 'cancelled' };
    await made.broker.cancelOrder({ orderId });
    await pass(made, 30_000);
    expect(made.changes).toEqual([]);
    await made.broker.close();
  });
});
