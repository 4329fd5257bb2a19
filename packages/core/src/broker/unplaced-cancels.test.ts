import { afterEach, describe, expect, it } from 'vitest';
import type { ClientOrderId, OrderId } from '../brand.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import type { Order } from '../order.ts';
import type { CancelOutcome } from '../outcome.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { AdapterScript } from '../testing/scripted-adapter.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import type { DeliveryScript } from '../testing/scripted-executor.ts';
import { answered, notWritten, silent } from '../testing/scripted-executor.ts';

const MNQ = testContract({ root: 'MNQ' });
const limit = {
  symbol: 'MNQ',
  side: 'buy',
  quantity: 2,
  limitPrice: 24000,
  clientOrderId: 'entry-1',
} as const;
const own = (fields: Partial<Order> = {}): Order =>
  testOrder({
    orderId: '9' as OrderId,
    clientOrderId: 'ENTRY-1' as ClientOrderId,
    contractId: MNQ.id,
    type: 'limit',
    quantity: 2,
    limitPrice: 24000,
    updatedAt: 1,
    ...fields,
  });
const lost: DeliveryScript = ({ request }) =>
  request.template.operation === 'place' ? silent('RESET') : answered({ is: 'accepted' });

let clock: ManualClock;
let scripted: ScriptedBroker;
/** What the venue shows of the order; undefined: nothing. */
let venue: { row: Order | undefined };

async function open(
  fast: DeliveryScript = lost,
  script: AdapterScript & { fallback?: DeliveryScript; journal?: Journal } = {},
): Promise<void> {
  clock = createManualClock();
  venue = { row: undefined };
  const { fallback, journal, ...adapter } = script;
  scripted = await scriptedBroker({
    clock,
    fast,
    fallback,
    outcomeWithinMs: 12_000,
    ...(journal && { journal }),
    adapter: {
      streams: true,
      orders: () => (venue.row ? [venue.row] : []),
      find: () => (venue.row ? { is: 'found', order: venue.row } : { is: 'not-found' }),
      ...adapter,
    },
  });
  scripted.adapter.context?.evidence({ of: 'stream-live', stream: 'orders', at: clock.now() });
  await pass(1);
}
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 500) {
    clock.advance(Math.min(500, left));
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }
}
function shows(row: Order): void {
  venue.row = row;
  scripted.adapter.context?.evidence({ of: 'order', order: row });
}
const operations = (): string[] =>
  scripted.fast.deliveries.map(({ request }) => request.template.operation);
/** What a promise came to; undefined while it is open. */
function ending<Value>(promise: Promise<Value>): { end: Value | undefined } {
  const held: { end: Value | undefined } = { end: undefined };
  void promise.then((end) => (held.end = end));
  return held;
}
/** Places an order of whose answer nothing comes. */
async function lose(): Promise<void> {
  void scripted.broker.placeOrder({ ...limit, type: 'limit' });
  await pass(1);
}
const cancel = (): Promise<CancelOutcome & { readonly resolved?: Promise<unknown> }> =>
  scripted.broker.cancelOrder({ clientOrderId: 'entry-1' });
afterEach(async () => {
  const closing = scripted.broker.close();
  await pass(10_000);
  await closing;
});

describe('C04: the cancel of an order whose own place is not settled', () => {
  it('keeps a place that has not left from leaving', async () => {
    let ready = (): void => undefined;
    await open(lost, {
      contracts: [],
      prepare: (_, __, adapter) =>
        new Promise(
          (resolve) => void (ready = () => (adapter.contracts.set('MNQ', MNQ), resolve())),
        ),
    });
    const placing = scripted.broker.placeOrder({ ...limit, type: 'limit' });
    const cancelling = cancel();
    await pass(1);
    ready();
    expect(await placing).toMatchObject({ kind: 'not-sent', code: 'WITHDRAWN', deliveries: 0 });
    expect(await cancelling).toMatchObject({ kind: 'not-sent', code: 'ORDER_NOT_FOUND' });
    expect(operations()).toEqual([]);
  });

  it('keeps another executor from taking over', async () => {
    let fail = (): void => undefined;
    await open(() => new Promise((resolve) => void (fail = () => resolve(notWritten('REFUSED')))), {
      fallback: () => answered({ is: 'accepted', orderId: '9' }),
    });
    const placing = scripted.broker.placeOrder({ ...limit, type: 'limit' });
    const cancelling = cancel();
    fail();
    expect(await placing).toMatchObject({ kind: 'not-sent', code: 'WITHDRAWN', deliveries: 1 });
    expect(await cancelling).toMatchObject({ kind: 'not-sent', code: 'ORDER_NOT_FOUND' });
    expect(scripted.fallback.deliveries).toEqual([]);
  });

  it('waits, and leaves when the order shows', async () => {
    await open();
    await lose();
    const cancelling = cancel();
    await pass(3_000);
    expect(operations()).toEqual(['place']);
    shows(own({ status: 'working' }));
    await pass(1);
    expect(operations()).toEqual(['place', 'cancel']);
    shows(own({ status: 'cancelled', updatedAt: 2 }));
    expect(await cancelling).toMatchObject({
      kind: 'accepted',
      became: 'cancelled',
      orderId: '9',
      remainingQuantity: 2,
    });
  });

  it('asks nothing of the venue when the order shows as filled', async () => {
    await open();
    await lose();
    const cancelling = cancel();
    shows(own({ status: 'filled', filledQuantity: 2 }));
    expect(await cancelling).toMatchObject({
      kind: 'accepted',
      became: 'filled',
      filledQuantity: 2,
    });
    expect(operations()).toEqual(['place']);
  });

  it('is answered as unknown after outcomeWithinMs, and goes on', async () => {
    await open();
    await lose();
    const cancelling = cancel();
    await pass(11_500);
    expect(ending(cancelling).end).toBe(undefined);
    await pass(1_000);
    const told = await cancelling;
    expect(told).toMatchObject({ kind: 'unknown', final: false, code: 'NOT_CONFIRMED' });
    const resolved = ending(told.resolved ?? Promise.reject(new Error('nothing to wait for')));
    shows(own({ status: 'working' }));
    await pass(1);
    shows(own({ status: 'cancelled', updatedAt: 2 }));
    await pass(500);
    expect(resolved.end).toMatchObject({ kind: 'accepted', became: 'cancelled' });
  });

  it('ends ABSENT with its place, and what turns up later is cancelled, though it would reduce a position', async () => {
    await open();
    await lose();
    const cancelling = cancel();
    await pass(40_000);
    const told = await cancelling;
    const end = told.kind === 'unknown' && !told.final ? await told.resolved : told;
    expect(end).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'ABSENT',
      operation: 'cancel',
    });
    scripted.adapter.context?.evidence({
      of: 'position',
      contractId: MNQ.id,
      position: {
        contractId: MNQ.id,
        side: 'sell',
        quantity: 2,
        averagePrice: 24000,
        openedAt: 0,
        asOf: 1,
      },
      asOf: 1,
    });
    shows(own({ status: 'working' }));
    await pass(1);
    expect(operations()).toEqual(['place', 'cancel']);
  });

  it('that has already been called absent looks once more', async () => {
    await open();
    await lose();
    await pass(40_000);
    expect(await cancel()).toMatchObject({ kind: 'unknown', code: 'ABSENT' });
    venue.row = own({ status: 'working' });
    const cancelling = cancel();
    await pass(1);
    shows(own({ status: 'cancelled', updatedAt: 2 }));
    await pass(1_500);
    expect(await cancelling).toMatchObject({ kind: 'accepted', became: 'cancelled' });
  });

  it('settles as CLOSED when the broker is closed first', async () => {
    await open();
    await lose();
    const cancelling = cancel();
    const closing = scripted.broker.close();
    await pass(10_000);
    await closing;
    const told = await cancelling;
    expect(told.kind === 'unknown' && !told.final ? await told.resolved : told).toMatchObject({
      kind: 'unknown',
      code: 'CLOSED',
    });
  });

  it('is remembered over a restart: the order is cancelled on sight', async () => {
    const records: JournalRecord[] = [];
    const kept = (): Journal => ({
      ...memoryJournal(),
      append: (record) => void records.push(record),
      read: async function* () {
        yield* records;
      },
    });
    await open(lost, { journal: kept() });
    await lose();
    void cancel();
    await pass(1);
    const closing = scripted.broker.close();
    await pass(10_000);
    await closing;
    await open(lost, { journal: kept() });
    shows(own({ status: 'working' }));
    await pass(1_000);
    expect(operations()).toEqual(['cancel']);
  });
});
