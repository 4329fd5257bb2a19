import { afterEach, describe, expect, it } from 'vitest';
import type { ClientOrderId, OrderId } from '../brand.ts';
import type { Finding } from '../finding.ts';
import type { Order } from '../order.ts';
import type { PlaceOutcome } from '../outcome.ts';
import type { AdapterScript } from '../testing/scripted-adapter.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import type { DeliveryScript } from '../testing/scripted-executor.ts';
import { answered, silent } from '../testing/scripted-executor.ts';

const MNQ = testContract({ root: 'MNQ' });
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const id = (text: string): OrderId => text as OrderId;
const tagged = (clientOrderId: string, fields: Partial<Order> = {}): Order =>
  testOrder({
    orderId: id('9'),
    clientOrderId: clientOrderId as ClientOrderId,
    contractId: MNQ.id,
    updatedAt: 1,
    ...fields,
  });

let clock: ManualClock;
let scripted: ScriptedBroker;
/** What the venue shows: rows by search, and by id. */
let rows: Order[];
let reads: { orders: number; fails: boolean };
let found: (() => Finding) | undefined;
const lost: DeliveryScript = () => silent('RESET');

async function open(fast: DeliveryScript = lost, script: AdapterScript = {}): Promise<void> {
  clock = createManualClock();
  rows = [];
  reads = { orders: 0, fails: false };
  found = undefined;
  scripted = await scriptedBroker({
    clock,
    fast,
    adapter: {
      orders: () => {
        reads.orders += 1;
        if (reads.fails) throw new Error('down');
        return rows;
      },
      find: () => found?.() ?? { is: 'not-found' },
      ...script,
    },
  });
}
const bring: NonNullable<ScriptedBroker['adapter']['context']>['evidence'] = (item) =>
  scripted.adapter.context?.evidence(item);
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 500) {
    clock.advance(Math.min(500, left));
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }
}
async function live(): Promise<void> {
  bring({ of: 'stream-live', stream: 'orders', at: clock.now() });
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  await pass(1);
}
/** How an unknown ended; undefined while it is open. */
function ending(outcome: { readonly kind: string; readonly resolved?: Promise<unknown> }): {
  end: unknown;
} {
  const held: { end: unknown } = { end: undefined };
  void outcome.resolved?.then((end) => (held.end = end));
  return held;
}
const place = async (
  clientOrderId: string,
): Promise<PlaceOutcome & { readonly resolved?: Promise<unknown> }> =>
  scripted.broker.placeMarketOrder({ ...market, clientOrderId });
afterEach(async () => {
  const closing = scripted.broker.close();
  await pass(10_000);
  await closing;
});

describe('an unknown place', () => {
  it('is settled by the order stream in the moment it tells of it', async () => {
    await open(lost, { streams: true });
    await live();
    const told: unknown[] = [];
    scripted.broker.on('order.resolved', (end) => void told.push(end));
    const held = ending(await place('a'));
    bring({ of: 'order', order: tagged('A', { status: 'working' }) });
    await pass(1);
    expect(held.end).toMatchObject({
      kind: 'accepted',
      orderId: '9',
      recovered: true,
      clientOrderId: 'a',
    });
    expect(told).toEqual([held.end]);
    expect(scripted.broker.getIntent('a')).toMatchObject({ state: 'accepted', orderId: '9' });
    expect(await place('a')).toBe(held.end);
    expect((await scripted.broker.explain('a')).records.at(-1)).toMatchObject({
      kind: 'outcome',
      outcome: 'accepted',
      orderId: '9',
    });
  });

  it('is settled by looking, whatever case the venue gives the tag back in, and never by a leg', async () => {
    await open();
    const held = ending(await place('Entry'));
    rows = [tagged('entry', { orderId: id('5'), parentOrderId: id('4') })];
    await pass(3000);
    expect(held.end).toBeUndefined();
    rows.push(tagged('ENTRY', { status: 'rejected' }));
    await pass(10_000);
    expect(held.end).toMatchObject({ kind: 'rejected', code: 'ORDER_REJECTED', orderId: '9' });
  });

  it('shares one lookup with all others, at most one a second', async () => {
    await open();
    for (let count = 0; count < 20; count += 1) await place(`a${count}`);
    const before = reads.orders;
    await pass(10_000);
    expect(reads.orders - before).toBeLessThanOrEqual(10);
    expect(reads.orders - before).toBeGreaterThan(2);
  });

  it('is called absent only after two lookups and the whole time, and may then be tried again under the same id', async () => {
    await open(lost, { streams: true });
    await live();
    const outcome = await place('a');
    const held = ending(outcome);
    await pass(14_000);
    expect(held.end).toBeUndefined();
    await pass(12_000);
    expect(held.end).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'ABSENT',
      retry: 'same-id',
    });
    expect(scripted.broker.getIntent('a')).toMatchObject({ state: 'unknown' });
    const again = await place('a');
    expect(again).not.toBe(outcome);
    expect(scripted.fast.deliveries).toHaveLength(2);
  });

  it('stays absent when the next attempt under its id is refused or never leaves: what was sent first may still come', async () => {
    let next: DeliveryScript = lost;
    await open((...given) => next(...given), { streams: true });
    await live();
    const held = ending(await place('a'));
    await pass(30_000);
    expect(held.end).toMatchObject({ code: 'ABSENT' });
    next = () =>
      answered({
        is: 'refused',
        code: 'ORDER_REJECTED',
        venueCode: 2,
        message: 'closed',
        orderId: undefined,
      });
    expect(await place('a')).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'ABSENT',
      retry: 'same-id',
    });
    next = () => answered({ is: 'unauthorized' }, 401);
    expect(await place('a')).toMatchObject({ kind: 'unknown', code: 'ABSENT' });
    expect(
      await scripted.broker.placeMarketOrder({ ...market, clientOrderId: 'a', deadlineMs: 0 }),
    ).toMatchObject({ kind: 'unknown', code: 'ABSENT' });
    await scripted.broker.halt();
    expect(await place('a')).toMatchObject({
      kind: 'unknown',
      code: 'ABSENT',
      message: expect.stringContaining('halt'),
    });
    await scripted.broker.resume();
    next = () => answered({ is: 'accepted', orderId: id('9') });
    expect(await place('a')).toMatchObject({ kind: 'accepted', orderId: '9' });
    const contradicted: unknown[] = [];
    scripted.broker.on('order.contradicted', (told) => void contradicted.push(told));
    bring({ of: 'order', order: tagged('a', { status: 'working', updatedAt: 7 }) });
    expect(contradicted).toEqual([]);
  });

  it('is given twice the time where the stream had a gap, and longer after an outage', async () => {
    await open();
    const held = ending(await place('a'));
    await pass(26_000);
    expect(held.end).toBeUndefined();
    await pass(20_000);
    expect(held.end).toMatchObject({ code: 'ABSENT' });

    const second = ending(await place('b'));
    reads.fails = true;
    await pass(60_000);
    reads.fails = false;
    await pass(45_000);
    expect(second.end).toBeUndefined();
    await pass(60_000);
    expect(second.end).toMatchObject({ code: 'ABSENT' });
  });

  it('is never called absent once the venue has shown that it has it', async () => {
    await open(() =>
      answered({ is: 'ambiguous', code: 'VENUE_PENDING', message: 'pending', arrived: true }),
    );
    const held = ending(await place('a'));
    await pass(120_000);
    expect(held.end).toBeUndefined();
    rows = [tagged('a', { status: 'filled', filledQuantity: 1 })];
    await pass(11_000);
    expect(held.end).toMatchObject({ kind: 'accepted' });
  });

  it('stays open while a row proves no more than that it arrived', async () => {
    await open();
    rows = [tagged('a', { status: 'pending' })];
    const held = ending(await place('a'));
    await pass(120_000);
    expect(held.end).toBeUndefined();
  });

  it('that was called absent and turns up is announced, and cancelled if it works', async () => {
    await open(
      (delivery) =>
        delivery.request.template.operation === 'cancel'
          ? answered({ is: 'accepted' })
          : silent('RESET'),
      { streams: true },
    );
    await live();
    const contradicted: unknown[] = [];
    scripted.broker.on(
      'order.contradicted',
      ({ told, order }) => void contradicted.push([told.kind, order.orderId]),
    );
    const held = ending(await place('a'));
    await pass(30_000);
    expect(held.end).toMatchObject({ code: 'ABSENT' });
    await pass(3_600_000 / 60);
    bring({ of: 'order', order: tagged('a', { status: 'working' }) });
    await pass(10);
    expect(contradicted).toEqual([['unknown', '9']]);
    expect(scripted.fast.deliveries.map(({ request }) => request.template.operation)).toEqual([
      'place',
      'cancel',
    ]);
  });

  it('that filled after it was called absent is announced as a position, too', async () => {
    await open(lost, { streams: true });
    await live();
    const surprises: string[] = [];
    scripted.broker.on('position.unexpected', ({ message }) => void surprises.push(message));
    await place('a');
    await pass(30_000);
    bring({ of: 'order', order: tagged('a', { status: 'filled', filledQuantity: 1 }) });
    expect(surprises).toEqual(['Order 9, which was called absent, filled 1.']);
  });

  it('ends with the broker, and stays open in the journal', async () => {
    await open();
    const outcome = await place('a');
    const held = ending(outcome);
    const closing = scripted.broker.close();
    await pass(10_000);
    await closing;
    expect(held.end).toMatchObject({ kind: 'unknown', final: true, code: 'CLOSED' });
  });
});

describe('an unknown change', () => {
  /** The place is answered, what comes after it is lost. */
  const placesOnly: DeliveryScript = (delivery) =>
    delivery.request.template.operation === 'place'
      ? answered({ is: 'accepted', orderId: id('9') })
      : silent('RESET');

  it('cancel is settled once the order has ended', async () => {
    await open(placesOnly, { streams: true });
    await live();
    await place('a');
    found = () => ({ is: 'found', order: tagged('a') });
    const outcome = await scripted.broker.cancelOrder({ clientOrderId: 'a' });
    const held = ending(outcome);
    expect(outcome).toMatchObject({ kind: 'unknown', final: false });
    await pass(5000);
    expect(held.end).toBeUndefined();
    bring({
      of: 'order',
      order: tagged('a', { status: 'cancelled', updatedAt: 5, asOf: clock.now() }),
    });
    await pass(1);
    expect(held.end).toMatchObject({ kind: 'accepted', became: 'cancelled', orderId: '9' });
  });

  it('modify is settled once the order has its values, or its end', async () => {
    await open(placesOnly);
    await place('a');
    found = () => ({ is: 'found', order: tagged('a', { quantity: 1 }) });
    const raised = ending(await scripted.broker.modifyOrder({ clientOrderId: 'a', quantity: 2 }));
    await pass(3000);
    expect(raised.end).toBeUndefined();
    found = () => ({ is: 'found', order: tagged('a', { quantity: 2, updatedAt: 2 }) });
    await pass(5000);
    expect(raised.end).toMatchObject({ kind: 'accepted', operation: 'modify', recovered: true });
    const late = ending(await scripted.broker.modifyOrder({ clientOrderId: 'a', quantity: 3 }));
    found = () => ({
      is: 'found',
      order: tagged('a', { status: 'filled', quantity: 2, filledQuantity: 2, updatedAt: 3 }),
    });
    await pass(5000);
    expect(late.end).toMatchObject({ kind: 'rejected', code: 'ALREADY_FINAL' });
  });

  it('modify of an order that goes on as it was ends as unknown', async () => {
    await open(placesOnly);
    await place('a');
    found = () => ({ is: 'found', order: tagged('a', { quantity: 1 }) });
    const raised = ending(await scripted.broker.modifyOrder({ clientOrderId: 'a', quantity: 2 }));
    await pass(20_000);
    expect(raised.end).toBeUndefined();
    await pass(40_000);
    expect(raised.end).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'ABSENT',
      retry: 'same-id',
    });
  });

  it('cancel is sent again while the order works on', async () => {
    await open(placesOnly);
    await place('a');
    found = () => ({ is: 'found', order: tagged('a') });
    const held = ending(await scripted.broker.cancelOrder({ clientOrderId: 'a' }));
    await pass(4000);
    expect(
      scripted.fast.deliveries
        .map(({ request }) => request.template.operation)
        .filter((operation) => operation === 'cancel').length,
    ).toBeGreaterThan(1);
    found = () => ({ is: 'found', order: tagged('a', { status: 'cancelled', updatedAt: 3 }) });
    await pass(10_000);
    expect(held.end).toMatchObject({ kind: 'accepted', became: 'cancelled' });
  });

  it('close is settled once nothing is held; a reduce by nothing, so that it ends', async () => {
    let held = true;
    await open(lost, {
      positions: () =>
        held
          ? [
              {
                contractId: MNQ.id,
                side: 'buy',
                quantity: 2,
                averagePrice: 1,
                openedAt: 0,
                asOf: 0,
              },
            ]
          : [],
    });
    const reducing = ending(await scripted.broker.reducePosition({ symbol: 'MNQ', quantity: 1 }));
    const closing = ending(await scripted.broker.closePosition({ symbol: 'MNQ' }));
    await pass(5000);
    held = false;
    await pass(9000);
    expect(closing.end).toMatchObject({ kind: 'accepted', became: 'flat' });
    expect(reducing.end).toBeUndefined();
    await pass(40_000);
    expect(reducing.end).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'ABSENT',
      message: expect.stringContaining('nothing is held now'),
    });
  });
});
