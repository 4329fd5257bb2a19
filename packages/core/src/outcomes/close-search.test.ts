import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientOrderId, OrderId } from '../brand.ts';
import type { Finding } from '../finding.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { Order } from '../order.ts';
import type { CloseOutcome } from '../outcome.ts';
import type { Position } from '../position.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import type { DeliveryScript } from '../testing/scripted-executor.ts';
import { answered, silent } from '../testing/scripted-executor.ts';

const MNQ = testContract({ root: 'MNQ' });
let clock: ManualClock;
let scripted: ScriptedBroker;
let held: number;
let script: DeliveryScript;
let ends: (CloseOutcome | { readonly kind: string })[];
let sent: string[];
/** The client order id of each. */
let tags: unknown[];
/** What the venue lists as working; undefined: it does not answer. */
let listed: readonly Order[] | undefined;
/** What it lists as made of late, whatever became of it. */
let made: readonly Order[];
/** What it shows of one order. */
let shown: Finding;

async function open({ isLive = true, ...options }: Partial<Parameters<typeof scriptedBroker>[0]> & { readonly isLive?: boolean } = {}): Promise<void> {
  clock = createManualClock();
  held = 2;
  script = () => silent('RESET');
  ends = [];
  sent = [];
  tags = [];
  listed = [];
  made = [];
  shown = { is: 'not-found' };
  const deliver: DeliveryScript = (delivery, index) => {
    sent.push(delivery.request.template.operation);
    tags.push(JSON.parse(delivery.request.body).tag);
    return script(delivery, index);
  };
  scripted = await scriptedBroker({
    clock,
    outcomeWithinMs: 12_000,
    fast: deliver,
    fallback: deliver,
    ...options,
    adapter: { streams: true, openOrders: () => listed ?? Promise.reject(new Error('no answer')), orders: () => made, find: () => shown, positions: () => (held === 0 ? [] : [position(held)]) },
  });
  if (isLive) stream('live');
  await pass(1);
}
const position = (quantity: number): Position => ({ contractId: MNQ.id, side: quantity > 0 ? 'buy' : 'sell', quantity: Math.abs(quantity), averagePrice: 24_000, openedAt: 0, asOf: 0 });
const stream = (item: 'live' | 'gap' | Order): void =>
  scripted.adapter.context?.evidence(item === 'live' ? { of: 'stream-live', stream: 'orders', at: clock.now() } : item === 'gap' ? { of: 'stream-gap', stream: 'orders', at: clock.now(), because: 'test' } : { of: 'order', order: item });
/** The order that an exit makes: no tag, at the market, opposite to what is held. */
const exit = (fields: Partial<Order> = {}): Order => testOrder({ orderId: '50' as OrderId, contractId: MNQ.id, side: 'sell', type: 'market', status: 'filled', quantity: 1, filledQuantity: 1, updatedAt: 1, ...fields });
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 250) {
    clock.advance(Math.min(250, left));
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }
}
async function follow(outcome: Promise<CloseOutcome>): Promise<void> {
  const told = await outcome;
  ends.push(told.kind === 'unknown' && !told.final ? await told.resolved : told);
}
const close = (): void => void follow(scripted.broker.closePosition({ symbol: 'MNQ' }));
const reduce = (quantity = 1, deadlineMs?: number): void => void follow(scripted.broker.reducePosition({ symbol: 'MNQ', quantity, deadlineMs }));
afterEach(async () => {
  const closing = scripted.broker.close();
  await pass(10_000);
  await closing;
});

describe('K02: a close without an answer', () => {
  it('that nothing shows is sent once more after settleMs, and no more', async () => {
    await open();
    close();
    await pass(14_000);
    expect(sent).toEqual(['close']);
    await pass(12_000);
    expect(sent).toEqual(['close', 'close']);
    await pass(60_000);
    expect(sent).toEqual(['close', 'close']);
    expect(ends).toMatchObject([{ kind: 'unknown', code: 'ABSENT' }]);
  });

  it('that was answered with nothing that decides is sent once more after repeatAfterMs', async () => {
    await open();
    script = () => answered({ is: 'ambiguous', code: 'SERVER_ERROR', message: '502', arrived: false });
    close();
    await pass(3_000);
    expect(sent).toEqual(['close']);
    await pass(3_000);
    expect(sent).toEqual(['close', 'close']);
  });

  it('that was sent once more is accepted once nothing is held', async () => {
    await open();
    close();
    await pass(26_000);
    held = 0;
    await pass(11_000);
    expect(ends).toMatchObject([{ kind: 'accepted', became: 'flat' }]);
  });

  it('whose repeat the venue took is accepted, also when its order has not filled in all that time', async () => {
    await open();
    script = (_, index) => (index === 0 ? silent('RESET') : answered({ is: 'accepted' }));
    close();
    await pass(60_000);
    expect(sent).toEqual(['close', 'close']);
    expect(ends).toMatchObject([{ kind: 'accepted', operation: 'close', became: 'not-yet-flat', remainingQuantity: 2 }]);
  });

  it('whose repeat the venue refused proves nothing of the first one', async () => {
    await open();
    script = (_, index) => (index === 0 ? silent('RESET') : answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 5, message: 'no' }));
    close();
    await pass(60_000);
    expect(ends).toMatchObject([{ kind: 'unknown', code: 'ABSENT' }]);
  });

  it('is accepted by its one order, whatever is held again since', async () => {
    await open();
    close();
    await pass(2_000);
    stream(exit({ quantity: 2, filledQuantity: 2 }));
    held = 3;
    await pass(40_000);
    expect(sent).toEqual(['close']);
    expect(ends).toMatchObject([{ kind: 'accepted', operation: 'close', became: 'not-yet-flat', remainingQuantity: 3 }]);
  });

  it.each([
    ['the position changed', () => void (held = 1)],
    ['an order shows that may be its own', () => stream(exit({ quantity: 2, filledQuantity: 0, status: 'working' }))],
    ['the stream had a gap', () => (stream('gap'), stream('live'))],
  ])('is never sent again when %s', async (_, happens) => {
    await open();
    close();
    await pass(2_000);
    happens();
    await pass(90_000);
    expect(sent).toEqual(['close']);
    expect(ends).toMatchObject([{ kind: 'unknown', code: 'ABSENT' }]);
  });
});

describe('K06: a second close, while the first is unknown', () => {
  it('joins it, and a flatten too', async () => {
    await open();
    close();
    await pass(13_000);
    close();
    const flattening = scripted.broker.flatten();
    await pass(1_000);
    expect(sent).toEqual(['close']);
    held = 0;
    await pass(16_000);
    expect(ends).toMatchObject([{ became: 'flat' }, { became: 'flat' }]);
    expect(ends[0]).toBe(ends[1]);
    expect((await flattening).complete).toBe(true);
  });
});

describe('K04: a reduce without an answer', () => {
  it('is accepted by the one order of its size that is nobody else\'s', async () => {
    await open();
    stream(exit({ orderId: '40' as OrderId }));
    reduce();
    await pass(500);
    held = 1;
    stream(exit());
    await pass(1_500);
    expect(ends).toMatchObject([{ kind: 'accepted', operation: 'reduce', became: 'reduced', remainingQuantity: 1 }]);
  });

  it.each([
    ['two orders fit', () => (stream(exit()), stream(exit({ orderId: '51' as OrderId })))],
    ['the order has another size', () => stream(exit({ quantity: 2, filledQuantity: 2 }))],
    ['the order has a tag', () => stream(exit({ clientOrderId: 'x' as ClientOrderId }))],
    ['only the position is smaller', () => undefined],
    ['the stream had a gap', () => (stream('gap'), stream(exit()), stream('live'))],
  ])('proves nothing when %s', async (_, happens) => {
    await open();
    reduce();
    await pass(500);
    happens();
    held = 1;
    await pass(90_000);
    expect(ends).toMatchObject([{ kind: 'unknown', code: 'ABSENT' }]);
    expect(sent).toEqual(['reduce']);
  });

  it('proves nothing while another reduce of the contract was under way', async () => {
    await open();
    script = (_, index) => (index === 0 ? answered({ is: 'accepted' }) : silent('RESET'));
    held = 3;
    reduce();
    await pass(250);
    held = 2;
    await pass(1_000);
    reduce();
    await pass(250);
    stream(exit());
    await pass(90_000);
    expect(ends).toMatchObject([{ kind: 'accepted' }, { kind: 'unknown', code: 'ABSENT' }]);
  });
});

describe('K06: exits of one contract that nobody waited for', () => {
  beforeEach(async () => {
    await open();
    held = 3;
    script = () => new Promise((resolve) => void clock.setTimer(2_000, () => resolve(answered({ is: 'accepted' }))));
  });

  it('a close is sent when the bot has been told of the reduce, for what is held then', async () => {
    reduce();
    await pass(250);
    close();
    await pass(1_000);
    expect(sent).toEqual(['reduce']);
    held = 2;
    await pass(2_000);
    expect(sent).toEqual(['reduce', 'close']);
    held = 0;
    await pass(4_000);
    expect(ends).toMatchObject([{ became: 'reduced', remainingQuantity: 2 }, { became: 'flat' }]);
  });

  it('a close is not sent at all when the reduce took everything', async () => {
    held = 1;
    reduce();
    await pass(250);
    close();
    held = 0;
    await pass(4_000);
    expect(sent).toEqual(['reduce']);
    expect(ends).toMatchObject([
      { operation: 'close', became: 'already-flat' },
      { operation: 'reduce', became: 'flat' },
    ]);
  });

  it('a second reduce waits for the first one and is held against what is left', async () => {
    held = 1;
    reduce();
    await pass(250);
    reduce();
    await pass(1_000);
    expect(sent).toEqual(['reduce']);
    held = 0;
    await pass(4_000);
    expect(sent).toEqual(['reduce']);
    expect(ends).toMatchObject([{ became: 'flat' }, { became: 'already-flat' }]);
  });

  it('one that was only checked holds nobody up', async () => {
    void scripted.broker.reducePosition({ symbol: 'MNQ', quantity: 1, dryRun: true });
    await pass(250);
    close();
    await pass(250);
    expect(sent).toEqual(['close']);
    held = 0;
    await pass(4_000);
    expect(ends).toMatchObject([{ became: 'flat' }]);
  });
});

describe.each(['venue-call', 'tagged-order'] as const)('K06: an exit behind an order that takes the position off, by %s', (reduceWith) => {
  const work = (fields: Partial<Order> = {}): void => {
    const order = exit({ status: 'working', quantity: 2, filledQuantity: 0, updatedAt: 1, ...fields });
    listed = order.status === 'working' ? [order] : [];
    stream(order);
  };
  beforeEach(async () => {
    await open({ reduceWith });
    script = () => answered({ is: 'accepted', orderId: '70' });
    held = 3;
    work();
  });

  it('is held against what is left when that has filled', async () => {
    reduce(2);
    await pass(1_000);
    held = 1;
    work({ status: 'filled', filledQuantity: 2, updatedAt: 2 });
    await pass(4_000);
    expect([sent, ends]).toMatchObject([[], [{ kind: 'not-sent', code: 'CLOSE_UNSETTLED', field: 'quantity' }]]);
  });

  it('is not sent against a position that was turned round meanwhile', async () => {
    reduce(1);
    await pass(1_000);
    held = -1;
    work({ status: 'filled', filledQuantity: 2, updatedAt: 2 });
    await pass(4_000);
    expect([sent, ends]).toMatchObject([[], [{ kind: 'not-sent', code: 'CLOSE_UNSETTLED', field: 'symbol' }]]);
    held = 0;
  });

  it('is not sent late', async () => {
    reduce(1, 1_000);
    await pass(4_000);
    expect([sent, ends]).toMatchObject([[], [{ kind: 'not-sent', code: 'DEADLINE_PASSED' }]]);
  });

  it('is not said to be closed by an order that takes off less than is held', async () => {
    close();
    await pass(14_000);
    expect([sent, ends]).toMatchObject([[], [{ kind: 'not-sent', code: 'CLOSE_UNSETTLED', field: 'symbol' }]]);
  });

  it('waits no longer than the broker is open', async () => {
    close();
    await pass(500);
    void scripted.broker.close();
    await pass(2_000);
    expect([sent, ends]).toMatchObject([[], [{ kind: 'not-sent' }]]);
  });
});

describe('K06: a close while an exit is at work that no event told of', () => {
  const untold = (fields: Partial<Order> = {}): Order => exit({ status: 'working', quantity: 2, filledQuantity: 0, updatedAt: 1, ...fields });
  const taken = async (): Promise<void> => {
    script = () => answered({ is: 'accepted' });
    close();
    await pass(14_000);
    expect([sent, ends]).toMatchObject([['close'], [{ kind: 'accepted', became: 'not-yet-flat' }]]);
  };
  beforeEach(() => open());

  it('is not sent beside the order of an earlier close, by the list of orders', async () => {
    await taken();
    made = [untold()];
    close();
    await pass(1_000);
    expect(sent).toEqual(['close']);
    held = 0;
    made = [untold({ status: 'filled', filledQuantity: 2, updatedAt: 2 })];
    await pass(4_000);
    expect([sent, ends.at(-1)]).toMatchObject([['close'], { kind: 'accepted', became: 'already-flat' }]);
  });

  it('is sent once the list shows that the earlier one is through', async () => {
    await taken();
    made = [untold({ status: 'filled', filledQuantity: 2, updatedAt: 2 })];
    close();
    await pass(500);
    expect(sent).toEqual(['close', 'close']);
    held = 0;
    await pass(2_000);
  });

  it('asks no more once it was answered', async () => {
    await taken();
    stream(untold({ status: 'filled', filledQuantity: 2, updatedAt: 2 }));
    // Not asked: the event has told of its end.
    made = [untold({ orderId: '51' as OrderId })];
    close();
    await pass(250);
    expect(sent).toEqual(['close', 'close']);
    held = 0;
    await pass(2_000);
  });

  it('is not sent while the list lacks an order that is pending', async () => {
    script = () => answered({ is: 'accepted' });
    stream(untold({ status: 'pending' }));
    shown = { is: 'found', order: untold({ status: 'pending' }) };
    close();
    await pass(2_000);
    expect(sent).toEqual([]);
    shown = { is: 'found', order: untold({ status: 'filled', filledQuantity: 1, updatedAt: 2 }) };
    held = 1;
    await pass(2_000);
    expect(sent).toEqual(['close']);
    held = 0;
    await pass(2_000);
  });

  it('is sent where the venue knows nothing of the order that the list lacks', async () => {
    script = () => answered({ is: 'accepted' });
    stream(untold({ status: 'pending' }));
    close();
    await pass(1_000);
    expect(sent).toEqual(['close']);
    held = 0;
    await pass(2_000);
  });

  it('is not sent again where the list of orders shows it', async () => {
    script = () => answered({ is: 'ambiguous', code: 'SERVER_ERROR', message: 'half an answer', arrived: true });
    close();
    await pass(2_000);
    made = [untold()];
    await pass(24_000);
    expect([sent, ends]).toMatchObject([['close'], [{ kind: 'unknown', code: 'ABSENT' }]]);
    // Called again it waits for the one at work.
    close();
    await pass(2_000);
    held = 0;
    made = [untold({ status: 'filled', filledQuantity: 2, updatedAt: 2 })];
    await pass(2_000);
    expect([sent, ends.at(-1)]).toMatchObject([['close'], { kind: 'accepted', became: 'already-flat' }]);
  });
});

it('K06: a close before the first events is not sent beside an order of an earlier process', async () => {
  await open({ isLive: false });
  listed = [exit({ status: 'working', quantity: 2, filledQuantity: 0 })];
  close();
  await pass(2_000);
  expect(sent).toEqual([]);
  listed = [];
  held = 0;
  shown = { is: 'found', order: exit({ quantity: 2, filledQuantity: 2, updatedAt: 2 }) };
  await pass(2_000);
  expect([sent, ends]).toMatchObject([[], [{ kind: 'accepted', became: 'already-flat' }]]);
});

it('a reduce by an order with an id is not sent where the venue does not say what still works', async () => {
  await open({ reduceWith: 'tagged-order' });
  held = 3;
  stream(exit({ status: 'working', quantity: 2, filledQuantity: 0 }));
  listed = undefined;
  reduce();
  await pass(14_000);
  expect([sent, ends]).toMatchObject([[], [{ kind: 'not-sent', code: 'CLOSE_UNSETTLED', field: 'symbol' }]]);
});

describe('a reduce by an order with an id', () => {
  const fail = (): never => {
    throw new Error('no space left on device');
  };
  const own = (fields: Partial<Order>): Order => exit({ orderId: '70' as OrderId, clientOrderId: tags.at(-1) as ClientOrderId, foreign: false, ...fields });

  it('H03: works while the broker is halted', async () => {
    await open({ reduceWith: 'tagged-order' });
    held = 3;
    script = (delivery) => (delivery.request.template.operation === 'close' ? answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 5, message: 'no' }) : new Promise((resolve) => void clock.setTimer(2_000, () => resolve(answered({ is: 'accepted', orderId: '70' })))));
    const halting = scripted.broker.halt();
    await pass(60_000);
    expect(await halting).toMatchObject({ complete: false });
    sent.length = 0;
    reduce();
    await pass(500);
    stream(own({ status: 'working', filledQuantity: 0 }));
    await pass(500);
    held = 2;
    stream(own({ status: 'filled', updatedAt: 2 }));
    await pass(4_000);
    expect(sent).toEqual(['place']);
    expect(ends).toMatchObject([{ kind: 'accepted', operation: 'reduce', became: 'reduced', remainingQuantity: 2 }]);
  });

  it('is known while nobody knows its end, also when its line could not be written', async () => {
    const journal = memoryJournal();
    await open({ reduceWith: 'tagged-order', journal: { ...journal, append: (record) => (record.kind === 'intent' ? fail() : journal.append(record)) } });
    held = 3;
    reduce();
    await pass(14_000);
    expect(scripted.broker.getIntent(String(tags[0]))).toMatchObject({ state: 'unknown' });
    held = 2;
    stream(own({}));
    await pass(4_000);
    expect(ends).toMatchObject([{ kind: 'accepted', operation: 'reduce', became: 'reduced' }]);
    expect(scripted.broker.getIntent(String(tags[0]))).toMatchObject({ state: 'accepted' });
  });
});

describe('K01: a close that the venue has taken', () => {
  it('is told once it shows, at the latest after outcomeWithinMs', async () => {
    await open();
    script = () => answered({ is: 'accepted' });
    close();
    await pass(2_000);
    expect(ends).toEqual([]);
    held = 0;
    await pass(1_000);
    expect(ends).toMatchObject([{ kind: 'accepted', became: 'flat' }]);
    held = 2;
    close();
    await pass(13_000);
    expect(ends[1]).toMatchObject({ kind: 'accepted', became: 'not-yet-flat', remainingQuantity: 2 });
  });
});
