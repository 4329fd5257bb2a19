import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../delivery.ts';
import type { ClientOrderId, OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import type { PlaceOutcome } from '../outcome.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered, silent } from '../testing/scripted-executor.ts';

const MNQ = testContract({ root: 'MNQ' });
const limit = {
  symbol: 'MNQ',
  side: 'buy',
  quantity: 2,
  limitPrice: 24000,
  clientOrderId: 'entry-1',
} as const;

let clock: ManualClock;
let scripted: ScriptedBroker;
let rows: Order[];
let reads: number;
/** What happens while a read of orders is on its way. */
let meanwhile: () => void;
let answer: (delivery: Delivery) => void;
let told: string[];

async function open(): Promise<void> {
  clock = createManualClock();
  rows = [];
  reads = 0;
  meanwhile = () => {};
  told = [];
  scripted = await scriptedBroker({
    clock,
    outcomeWithinMs: 12_000,
    fast: () => new Promise((resolve) => void (answer = resolve)),
    adapter: {
      streams: true,
      orders: () => {
        reads += 1;
        meanwhile();
        return rows;
      },
      find: () => (rows[0] ? { is: 'found', order: rows[0] } : { is: 'not-found' }),
    },
  });
  for (const name of [
    'order.accepted',
    'order.rejected',
    'order.unknown',
    'order.resolved',
    'order.contradicted',
  ] as const)
    scripted.broker.on(name, () => void told.push(name));
  scripted.adapter.context?.evidence({ of: 'stream-live', stream: 'orders', at: clock.now() });
  await pass(1);
  reads = 0;
}
const own = (fields: Partial<Order>): Order =>
  testOrder({
    orderId: '9' as OrderId,
    clientOrderId: 'ENTRY-1' as ClientOrderId,
    contractId: MNQ.id,
    type: 'limit',
    quantity: 2,
    limitPrice: 24000,
    updatedAt: 1,
    asOf: clock.now(),
    ...fields,
  });
const stream = (row: Order): void =>
  scripted.adapter.context?.evidence({ of: 'order', order: row });
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 250) {
    clock.advance(Math.min(250, left));
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }
}
/** What it came to; undefined while it is open. */
function placing(): { end: PlaceOutcome | undefined } {
  const held: { end: PlaceOutcome | undefined } = { end: undefined };
  void scripted.broker.placeOrder({ ...limit, type: 'limit' }).then((end) => (held.end = end));
  return held;
}
afterEach(async () => {
  answer(silent('CLOSED'));
  const closing = scripted.broker.close();
  await pass(10_000);
  await closing;
});

describe('a place whose answer has not come', () => {
  it('P21: is accepted by its first event, once, and the answer changes nothing', async () => {
    await open();
    const place = placing();
    stream(own({ status: 'working' }));
    await pass(1);
    expect(place.end).toMatchObject({
      kind: 'accepted',
      orderId: '9',
      executor: 'fast',
      deliveries: 1,
      recovered: true,
    });
    answer(answered({ is: 'accepted', orderId: '9' }));
    await pass(1_000);
    expect(told).toEqual(['order.accepted']);
    expect(await scripted.broker.placeOrder({ ...limit, type: 'limit' })).toBe(place.end);
  });

  it('P21: waits on after an event that proves no more than arrival, and is never moved by a leg', async () => {
    await open();
    const place = placing();
    stream(own({ status: 'pending' }));
    stream(own({ orderId: '10' as OrderId, status: 'working', parentOrderId: '8' as OrderId }));
    await pass(1);
    expect(place.end).toBe(undefined);
    answer(answered({ is: 'accepted', orderId: '9' }));
    await pass(1);
    expect(place.end).toMatchObject({ kind: 'accepted', recovered: false });
  });

  it('P21: is rejected by its event with the words of an answer that follows at once', async () => {
    await open();
    const place = placing();
    stream(own({ status: 'rejected' }));
    await pass(100);
    expect(place.end).toBe(undefined);
    answer(
      answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 2, message: 'Invalid price' }),
    );
    await pass(1);
    expect(place.end).toMatchObject({ kind: 'rejected', message: 'Invalid price' });
  });

  it('P21: is rejected by its event alone after 250 ms', async () => {
    await open();
    const place = placing();
    stream(own({ status: 'rejected' }));
    await pass(250);
    expect(place.end).toMatchObject({ kind: 'rejected', code: 'ORDER_REJECTED', orderId: '9' });
  });

  it('P21: an answer that contradicts the event is looked up, and the row stands', async () => {
    await open();
    const place = placing();
    rows = [own({ status: 'working' })];
    stream(own({ status: 'working' }));
    await pass(1);
    answer(answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 2, message: 'no' }));
    await pass(500);
    expect(place.end).toMatchObject({ kind: 'accepted' });
    expect(told).toEqual(['order.accepted']);
  });

  it('P21: a row that turned out refused after the bot was told it is there is a contradiction', async () => {
    await open();
    const place = placing();
    stream(own({ status: 'working' }));
    await pass(1);
    rows = [own({ status: 'rejected', updatedAt: 2 })];
    answer(answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 2, message: 'no' }));
    await pass(500);
    expect(place.end).toMatchObject({ kind: 'accepted' });
    expect(told).toEqual(['order.accepted', 'order.contradicted']);
  });

  it('is looked for from lookupAfterMs on, at most once a second, for all of them together', async () => {
    await open();
    const place = placing();
    void scripted.broker.placeOrder({ ...limit, type: 'limit', clientOrderId: 'entry-2' });
    await pass(750);
    expect(reads).toBe(0);
    await pass(2_500);
    expect(reads).toBe(3);
    expect(place.end).toBe(undefined);
    rows = [own({ status: 'working' })];
    await pass(1_000);
    expect(place.end).toMatchObject({ kind: 'accepted', recovered: true });
  });

  it('is told as unknown after outcomeWithinMs, and its late answer ends it', async () => {
    await open();
    const place = placing();
    await pass(11_750);
    expect(place.end).toBe(undefined);
    await pass(250);
    const outcome = place.end;
    expect(outcome).toMatchObject({ kind: 'unknown', final: false, code: 'NO_ANSWER' });
    const ends: unknown[] = [];
    if (outcome?.kind === 'unknown' && !outcome.final)
      void outcome.resolved.then((end) => void ends.push(end));
    answer(answered({ is: 'accepted', orderId: '9' }));
    await pass(1);
    expect(ends).toMatchObject([{ kind: 'accepted', orderId: '9' }]);
    expect(told).toEqual(['order.unknown', 'order.resolved']);
    expect(scripted.broker.getIntent('entry-1')).toMatchObject({ state: 'accepted' });
  });

  it('is settled once when it was told as unknown and the answer never comes', async () => {
    await open();
    const place = placing();
    await pass(12_000);
    answer(silent('TIMEOUT'));
    await pass(1);
    stream(own({ status: 'working' }));
    await pass(1_500);
    expect(told).toEqual(['order.unknown', 'order.resolved']);
    expect(
      place.end?.kind === 'unknown' && !place.end.final && (await place.end.resolved),
    ).toMatchObject({ kind: 'accepted', orderId: '9' });
  });
});

describe('a cancel whose answer has not come', () => {
  it('ends with the order', async () => {
    await open();
    const place = placing();
    answer(answered({ is: 'accepted', orderId: '9' }));
    stream(own({ status: 'working' }));
    await pass(1);
    expect(place.end?.kind).toBe('accepted');
    const cancelling = scripted.broker.cancelOrder({ orderId: '9' });
    stream(own({ status: 'cancelled', updatedAt: 2 }));
    expect(await cancelling).toMatchObject({ kind: 'accepted', became: 'cancelled' });
  });
});

it('the look for a place whose answer is late takes no price back that an event told while it was on its way', async () => {
  await open();
  const other = (limitPrice: number): Order =>
    own({
      orderId: '8' as OrderId,
      clientOrderId: 'other' as ClientOrderId,
      status: 'working',
      limitPrice,
      updatedAt: 5,
    });
  stream(other(23_000));
  placing();
  // The venue wrote the list, then moved the order, and the event overtakes the list.
  rows = [other(23_000)];
  meanwhile = () => stream(other(23_500));
  await pass(3_000);
  expect(reads).toBeGreaterThan(0);
  expect(await scripted.broker.getOpenOrders()).toEqual([
    expect.objectContaining({ orderId: '8', limitPrice: 23_500 }),
  ]);
});
