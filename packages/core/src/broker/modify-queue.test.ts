import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../delivery.ts';
import type { OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import type { ModifyOutcome } from '../outcome.ts';
import type { ModifyRequest } from '../order-request.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import type { DeliveryScript } from '../testing/scripted-executor.ts';
import { answered, silent } from '../testing/scripted-executor.ts';

const MNQ = testContract({ root: 'MNQ' });
const orderId = '9' as OrderId;

let clock: ManualClock;
let scripted: ScriptedBroker;
/** The order as the venue has it. */
let venue: Order;
let updates: number;
/** Whether the venue can't be asked. */
let away: boolean;
/** Takes the next modify: with what the executor says of it. */
let sentChanges: Partial<Order>[];
let modifies: ((delivery: Delivery | 'done') => void)[];

async function open(): Promise<void> {
  clock = createManualClock();
  updates = 0;
  away = false;
  modifies = [];
  venue = row({});
  sentChanges = [];
  const deliver: DeliveryScript = ({ request }) => {
    if (request.template.operation !== 'modify') return answered({ is: 'accepted', orderId });
    const { change } = JSON.parse(request.body) as { change: Partial<Order> };
    sentChanges.push(change);
    return new Promise((resolve) => {
      modifies.push((delivery) => {
        if (delivery !== 'done') return resolve(delivery);
        shows(change);
        resolve(answered({ is: 'accepted' }));
      });
    });
  };
  scripted = await scriptedBroker({
    clock,
    outcomeWithinMs: 12_000,
    fast: deliver,
    // An executor that was reset is soon passed by for modifies.
    fallback: deliver,
    adapter: {
      streams: true,
      orders: () => [venue],
      find: () => (away ? { is: 'unreachable', message: 'away' } : { is: 'found', order: venue }),
    },
  });
  scripted.adapter.context?.evidence({ of: 'stream-live', stream: 'orders', at: clock.now() });
  await scripted.broker.placeLimitOrder({
    symbol: 'MNQ',
    side: 'buy',
    quantity: 2,
    limitPrice: 24000,
    clientOrderId: 'entry-1',
  });
  shows({});
}
function row(fields: Partial<Order>): Order {
  return testOrder({
    orderId,
    contractId: MNQ.id,
    type: 'limit',
    status: 'working',
    quantity: 2,
    limitPrice: 24000,
    ...fields,
    updatedAt: (updates += 1),
    asOf: clock.now() + updates,
  });
}
function shows(fields: Partial<Order>): void {
  venue = row({ ...venue, ...fields });
  scripted.adapter.context?.evidence({ of: 'order', order: venue });
}
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 250) {
    clock.advance(Math.min(250, left));
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }
}
const sent = (): unknown[] => sentChanges;
const modify = (change: Partial<ModifyRequest>): Promise<ModifyOutcome> =>
  scripted.broker.modifyOrder({ ...change, orderId } as ModifyRequest);
async function take(index: number, delivery: Delivery | 'done' = 'done'): Promise<void> {
  modifies[index]?.(delivery);
  await pass(1);
}
afterEach(async () => {
  for (const done of modifies) done(silent('CLOSED'));
  const closing = scripted.broker.close();
  await pass(10_000);
  await closing;
});

describe('M06: modifies of one order', () => {
  it('leave one after the other', async () => {
    await open();
    const first = modify({ limitPrice: 24001 });
    const second = modify({ limitPrice: 24002 });
    await pass(500);
    expect(sent()).toEqual([{ limitPrice: 24001 }]);
    await take(0);
    expect(await first).toMatchObject({ kind: 'accepted' });
    expect(sent()).toEqual([{ limitPrice: 24001 }, { limitPrice: 24002 }]);
    await take(1);
    expect(await second).toMatchObject({ kind: 'accepted' });
    expect(venue.limitPrice).toBe(24002);
  });

  it('that wait are merged into the last, field by field', async () => {
    await open();
    void modify({ limitPrice: 24001 });
    const second = modify({ limitPrice: 24002, quantity: 3 });
    const third = modify({ limitPrice: 24003 });
    expect(await second).toMatchObject({
      kind: 'not-sent',
      code: 'SUPERSEDED',
      message: expect.stringContaining('24003'),
    });
    await take(0);
    expect(sent()).toEqual([{ limitPrice: 24001 }, { limitPrice: 24003, quantity: 3 }]);
    await take(1);
    expect(await third).toMatchObject({ kind: 'accepted' });
  });

  it("wait no longer than their deadline or their signal, and stand in nobody's way", async () => {
    await open();
    void modify({ limitPrice: 24001 });
    const late = modify({ limitPrice: 24002, deadlineMs: 500 });
    await pass(750);
    expect(await late).toMatchObject({ kind: 'not-sent', code: 'DEADLINE_PASSED' });
    const controller = new AbortController();
    const aborted = modify({ limitPrice: 24003, signal: controller.signal });
    controller.abort();
    expect(await aborted).toMatchObject({ kind: 'not-sent', code: 'ABORTED' });
    await take(0);
    expect(sent()).toEqual([{ limitPrice: 24001 }]);
    void modify({ limitPrice: 24004 });
    expect(sent()).toEqual([{ limitPrice: 24001 }, { limitPrice: 24004 }]);
  });

  it('wait until the one before is settled, not only until it has come back', async () => {
    await open();
    const controller = new AbortController();
    const first = modify({ limitPrice: 24001, signal: controller.signal });
    await take(0, silent('ABORTED'));
    expect(await first).toMatchObject({ kind: 'unknown', code: 'WAIT_ABORTED' });
    void modify({ limitPrice: 24002 });
    await pass(500);
    expect(sent()).toHaveLength(1);
    shows({ limitPrice: 24001 });
    await pass(500);
    expect(sent()).toEqual([{ limitPrice: 24001 }, { limitPrice: 24002 }]);
  });

  it('after one that nobody knows the end of: it comes after all, is told of, and the last values are asked for again', async () => {
    await open();
    const contradicted: unknown[] = [];
    scripted.broker.on(
      'order.contradicted',
      ({ order }) => void contradicted.push(order.limitPrice),
    );
    const controller = new AbortController();
    void modify({ limitPrice: 24001, signal: controller.signal });
    controller.abort();
    await take(0, silent('RESET'));
    await pass(1_000);
    const second = modify({ limitPrice: 24002, deadlineMs: 100_000 });
    // Nothing is sent again for one whose signal was aborted; it ends as absent, and the second has its turn.
    await pass(25_000);
    expect(sent()).toEqual([{ limitPrice: 24001 }, { limitPrice: 24002 }]);
    await take(1);
    expect(await second).toMatchObject({ kind: 'accepted' });
    shows({ limitPrice: 24001 });
    await pass(500);
    expect(contradicted).toEqual([24001]);
    expect(sent()).toEqual([{ limitPrice: 24001 }, { limitPrice: 24002 }, { limitPrice: 24002 }]);
    await take(2);
    expect(venue.limitPrice).toBe(24002);
  });

  it('after one that nobody knows the end of: also where it comes in a gap of the stream that lasts longer than it is watched for', async () => {
    await open();
    const contradicted: unknown[] = [];
    scripted.broker.on(
      'order.contradicted',
      ({ order }) => void contradicted.push(order.limitPrice),
    );
    void modify({ limitPrice: 24001, signal: new AbortController().signal });
    await take(0, silent('RESET'));
    // Sent again, it is done; the first attempt is still on its way.
    await pass(4_000);
    await take(1);
    await pass(1_000);
    const second = modify({ limitPrice: 24002 });
    await take(2);
    expect(await second).toMatchObject({ kind: 'accepted' });
    scripted.adapter.context?.evidence({
      of: 'stream-gap',
      stream: 'orders',
      at: clock.now(),
      because: 'cut',
    });
    venue = row({ limitPrice: 24001 });
    away = true;
    await pass(16_000);
    expect(contradicted).toEqual([]);
    away = false;
    await pass(3_000);
    expect(contradicted).toEqual([24001]);
    await take(3);
    expect(venue.limitPrice).toBe(24002);
  });
});

describe('M04: a modify without an answer', () => {
  it('is sent again while the order works with its old values', async () => {
    await open();
    const modifying = modify({ limitPrice: 24001 });
    await take(0, silent('RESET'));
    await pass(4_000);
    expect(sent()).toEqual([{ limitPrice: 24001 }, { limitPrice: 24001 }]);
    await take(1);
    await pass(1_000);
    expect(await modifying).toMatchObject({ kind: 'accepted', recovered: true });
  });
});
