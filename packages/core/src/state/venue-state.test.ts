import { afterEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { Evidence } from '../evidence.ts';
import type { EventMap } from '../events/event-map.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { AdapterScript } from '../testing/scripted-adapter.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered } from '../testing/scripted-executor.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { Trade } from '../trade.ts';

const contractId = testContract({ root: 'MNQ' }).id;
const id = (text: string): OrderId => text as OrderId;
const position = (quantity: number): Position => ({
  contractId,
  side: 'buy',
  quantity,
  averagePrice: 100,
  openedAt: 0,
  asOf: 0,
});
const fill = (tradeId: string, orderId: string, at: number): Trade => ({
  tradeId,
  orderId: id(orderId),
  contractId,
  side: 'buy',
  quantity: 1,
  price: 100,
  profitAndLoss: undefined,
  fees: 0.5,
  at,
  voided: false,
});
/** Lets promises that need no time come to their end. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

let scripted: ScriptedBroker;
let clock: ManualClock;
let told: [string, unknown][];
const names = [
  'order.updated',
  'order.filled',
  'position.updated',
  'account.updated',
  'stream.gap',
  'stream.synced',
  'contract.rolled',
  'session.failed',
] as const satisfies (keyof EventMap<string>)[];

async function open(script: AdapterScript = {}): Promise<void> {
  clock = createManualClock();
  scripted = await scriptedBroker({
    clock,
    fast: () => answered({ is: 'accepted', orderId: id('77') }),
    adapter: { streams: true, ...script },
  });
  told = [];
  for (const name of names) scripted.broker.on(name, (payload) => void told.push([name, payload]));
}
const bring = (item: Evidence): void => scripted.adapter.context?.evidence(item);
const live = async (): Promise<void> => {
  bring({ of: 'stream-live', stream: 'orders', at: clock.now() });
  await settle();
};
const gap = (): void =>
  bring({ of: 'stream-gap', stream: 'orders', at: clock.now(), because: 'cut' });
const namesTold = (): string[] => told.map(([name]) => name);
afterEach(async () => {
  const closing = scripted.broker.close();
  clock.advance(10_000);
  await closing;
});

it('reads its first state with what is kept for getting out, and what a later gap hid with what is there for reads', async () => {
  const lanes: unknown[] = [];
  await open({ positions: (lane) => (lanes.push(lane), []) });
  await live();
  gap();
  await live();
  expect(lanes).toEqual(['close', 'read']);
});

describe('reads', () => {
  it('ask the venue until the stream is live and caught up, then answer from what it brought', async () => {
    let asked = 0;
    await open({ openOrders: () => ((asked += 1), [testOrder()]) });
    await scripted.broker.getOpenOrders();
    expect(asked).toBe(1);
    await live();
    expect(asked).toBe(2);
    bring({ of: 'order', order: testOrder({ status: 'filled', filledQuantity: 1, updatedAt: 5 }) });
    expect(await scripted.broker.getOpenOrders()).toEqual([]);
    expect(asked).toBe(2);
    await scripted.broker.getOpenOrders({ fresh: true });
    expect(asked).toBe(3);
    gap();
    await scripted.broker.getOpenOrders();
    expect(asked).toBe(4);
  });

  it('show an order that was accepted before its first event came', async () => {
    await open();
    await live();
    await scripted.broker.placeLimitOrder({
      symbol: 'MNQ',
      side: 'buy',
      quantity: 2,
      limitPrice: 100,
      clientOrderId: 'mine',
    });
    expect(await scripted.broker.getOpenOrders()).toEqual([
      expect.objectContaining({
        orderId: '77',
        clientOrderId: 'mine',
        status: 'pending',
        quantity: 2,
        limitPrice: 100,
        foreign: false,
      }),
    ]);
    // By itself it is only what was asked for, so the venue is asked what became of it.
    expect(scripted.adapter.lookups).toEqual([]);
    await scripted.broker.getOrder({ clientOrderId: 'mine' });
    expect(scripted.adapter.lookups).toEqual([{ by: 'order-id', orderId: '77' }]);
    bring({
      of: 'order',
      order: testOrder({
        orderId: id('77'),
        clientOrderId: 'mine' as Order['clientOrderId'],
        status: 'working',
        updatedAt: 1,
        limitPrice: 100,
        quantity: 2,
      }),
    });
    expect(await scripted.broker.getOrder({ clientOrderId: 'MINE' })).toMatchObject({
      status: 'working',
      foreign: false,
    });
  });

  it('label the orders of others, and ask the venue for what they do not know', async () => {
    await open({
      find: () => ({ is: 'found', order: testOrder({ orderId: id('9'), status: 'cancelled' }) }),
    });
    await live();
    bring({ of: 'order', order: testOrder({ orderId: id('8'), updatedAt: 1 }) });
    expect(await scripted.broker.getOrder({ orderId: '8' })).toMatchObject({ foreign: true });
    expect(await scripted.broker.getOrder({ orderId: '9' })).toMatchObject({
      status: 'cancelled',
      foreign: true,
    });
    expect(scripted.adapter.lookups).toEqual([{ by: 'order-id', orderId: '9' }]);
  });
});

describe('events', () => {
  it('tell of each change and each fill once, a fill before its order included', async () => {
    await open();
    await live();
    told = [];
    bring({ of: 'trade', trade: fill('t1', '5', clock.now()) });
    expect(told).toEqual([]);
    const order = testOrder({
      orderId: id('5'),
      status: 'filled',
      filledQuantity: 1,
      averagePrice: 100,
      updatedAt: 3,
    });
    for (let count = 0; count < 2; count += 1) {
      bring({ of: 'order', order });
      bring({ of: 'trade', trade: fill('t1', '5', clock.now()) });
      bring({ of: 'position', contractId, position: position(1), asOf: clock.now() });
    }
    expect(namesTold()).toEqual(['order.updated', 'order.filled', 'position.updated']);
    expect(told[1]?.[1]).toMatchObject({
      order: {
        orderId: '5',
        foreign: true,
        fills: { quantity: 1, averagePrice: 100, fees: 0.5, profitAndLoss: 0 },
      },
      trade: { tradeId: 't1' },
    });
    expect(await scripted.broker.getOrder({ orderId: '5' })).toMatchObject({
      fills: { quantity: 1, fees: 0.5 },
    });
    bring({ of: 'position', contractId, position: undefined, asOf: clock.now() });
    expect(told.at(-1)).toEqual([
      'position.updated',
      { contractId, position: undefined, asOf: clock.now() },
    ]);
  });

  it('pass on rolls, failed sessions and the market stream', async () => {
    await open();
    const [from, to] = [
      testContract({ root: 'MNQ' }),
      testContract({ root: 'MNQ', name: 'MNQH7' }),
    ];
    bring({ of: 'roll', from, to });
    bring({ of: 'session-failed', message: 'no' });
    bring({ of: 'stream-gap', stream: 'market', at: 1, because: 'cut' });
    expect(told).toEqual([
      ['contract.rolled', { from, to }],
      ['session.failed', { message: 'no' }],
      ['stream.gap', { stream: 'market', at: 1, because: 'cut' }],
    ]);
  });
});

describe('a gap', () => {
  it('is told once, read over, and told to be over', async () => {
    const venue = {
      open: [testOrder({ orderId: id('1') })],
      orders: [] as Order[],
      positions: [position(1)],
      trades: [] as Trade[],
    };
    await open({
      openOrders: () => venue.open,
      orders: () => venue.orders,
      positions: () => venue.positions,
      trades: () => venue.trades,
    });
    await live();
    told = [];
    gap();
    gap();
    venue.open = [];
    venue.orders = [
      testOrder({ orderId: id('1'), status: 'filled', filledQuantity: 1, updatedAt: 9 }),
    ];
    venue.positions = [position(2)];
    venue.trades = [fill('missed', '1', clock.now())];
    await live();
    expect(namesTold()).toEqual([
      'stream.gap',
      'position.updated',
      'order.updated',
      'order.filled',
      'stream.synced',
    ]);
    expect(await scripted.broker.getPositions()).toEqual([position(2)]);
  });

  it('looks up an order that is neither open nor in the span', async () => {
    let openOrders = [testOrder({ orderId: id('1') })];
    await open({
      openOrders: () => openOrders,
      find: () => ({
        is: 'found',
        order: testOrder({ orderId: id('1'), status: 'cancelled', updatedAt: 4 }),
      }),
    });
    await live();
    gap();
    openOrders = [];
    await live();
    expect(await scripted.broker.getOpenOrders()).toEqual([]);
    expect(scripted.adapter.lookups).toEqual([{ by: 'order-id', orderId: '1' }]);
  });

  it('is not over while the venue cannot be read, and is tried again and again', async () => {
    let reachable = false;
    let tries = 0;
    const positions = (): readonly Position[] => {
      tries += 1;
      if (!reachable) throw new Error('down');
      return [position(3)];
    };
    await open({ positions });
    await live();
    expect(tries).toBe(1);
    for (const wait of [500, 1000, 2000]) {
      clock.advance(wait);
      await settle();
    }
    expect([tries, namesTold()]).toEqual([4, []]);
    reachable = true;
    clock.advance(4000);
    await settle();
    expect(namesTold()).toEqual(['position.updated', 'account.updated', 'stream.synced']);
  });

  it('that comes while another is read over needs a reading of its own', async () => {
    let release: ((rows: readonly Order[]) => void) | undefined;
    let reads = 0;
    await open({
      openOrders: () => (
        (reads += 1),
        reads === 1 ? new Promise((resolve) => (release = resolve)) : []
      ),
    });
    await live();
    gap();
    bring({ of: 'stream-live', stream: 'orders', at: clock.now() });
    release?.([]);
    await settle();
    expect(reads).toBe(2);
    expect(namesTold().filter((name) => name === 'stream.synced')).toHaveLength(1);
  });

  it('does not let what was read before an event undo it', async () => {
    let release: ((rows: readonly Position[]) => void) | undefined;
    await open({ positions: () => new Promise((resolve) => (release = resolve)) });
    bring({ of: 'stream-live', stream: 'orders', at: clock.now() });
    await settle();
    bring({ of: 'position', contractId, position: position(5), asOf: clock.now() });
    release?.([position(4)]);
    await settle();
    expect(await scripted.broker.getPositions()).toEqual([position(5)]);
  });

  it('is what a sleeping machine had', async () => {
    await open();
    await live();
    told = [];
    clock.setWall(clock.now() + 120_000);
    clock.advance(1000);
    await settle();
    expect(
      told.map(([name, payload]) => [name, (payload as { because?: string }).because]),
    ).toEqual([
      ['stream.gap', 'the wall clock stepped by 120000 ms'],
      ['stream.synced', undefined],
    ]);
    expect([scripted.fast.resets, scripted.fallback.resets]).toEqual([
      ['the wall clock stepped by 120000 ms'],
      ['the wall clock stepped by 120000 ms'],
    ]);
  });

  it('is what a machine had that slept while its monotonic clock went on, as on Windows and macOS', async () => {
    await open();
    await live();
    told = [];
    const slept = clock.now();
    clock.standStill(120_000);
    clock.advance(1);
    await settle();
    expect(told.map(([name]) => name)).toEqual(['stream.gap', 'stream.synced']);
    expect(told[0]?.[1]).toMatchObject({
      because: expect.stringContaining('nothing ran for'),
      at: expect.closeTo(slept, -3),
    });
    expect(scripted.fast.resets).toEqual([expect.stringContaining('nothing ran for')]);
  });

  it('resets connections also where there is no stream, and for no less than a second', async () => {
    await open({ streams: false });
    clock.setWall(clock.now() - 900);
    clock.advance(1000);
    expect(scripted.fast.resets).toEqual([]);
    clock.setWall(clock.now() - 60_000);
    clock.advance(1000);
    expect(scripted.fast.resets).toHaveLength(1);
  });

  it('at the start tells nothing of what was filled before it', async () => {
    await open({
      trades: () => [fill('old', '1', clock.now() - 1000)],
      orders: () => [testOrder({ orderId: id('1'), status: 'filled' })],
    });
    await live();
    expect(namesTold()).not.toContain('order.filled');
  });
});

describe('waitForFill', () => {
  it('gives the order once it is filled, told by the stream', async () => {
    await open();
    await live();
    await scripted.broker.placeMarketOrder({
      symbol: 'MNQ',
      side: 'buy',
      quantity: 1,
      clientOrderId: 'w',
    });
    const waiting = scripted.broker.waitForFill({ clientOrderId: 'w' }, { timeoutMs: 5000 });
    bring({
      of: 'order',
      order: testOrder({ orderId: id('77'), status: 'working', updatedAt: 1 }),
    });
    bring({
      of: 'order',
      order: testOrder({
        orderId: id('77'),
        status: 'filled',
        filledQuantity: 1,
        averagePrice: 101,
        updatedAt: 2,
      }),
    });
    expect(await waiting).toMatchObject({ status: 'filled', averagePrice: 101, foreign: false });
  });

  it('gives an order that ended otherwise, too', async () => {
    await open();
    await live();
    bring({
      of: 'order',
      order: testOrder({ orderId: id('5'), status: 'cancelled', updatedAt: 1 }),
    });
    expect(await scripted.broker.waitForFill({ orderId: '5' }, { timeoutMs: 5000 })).toMatchObject({
      status: 'cancelled',
    });
  });

  it('asks once a second where there is no stream', async () => {
    let filled = false;
    await open({
      streams: false,
      find: () => ({
        is: 'found',
        order: testOrder({
          orderId: id('5'),
          status: filled ? 'filled' : 'working',
          filledQuantity: filled ? 1 : 0,
          updatedAt: filled ? 2 : 1,
        }),
      }),
    });
    const waiting = scripted.broker.waitForFill({ orderId: '5' }, { timeoutMs: 5000 });
    await settle();
    filled = true;
    clock.advance(1000);
    await settle();
    expect(await waiting).toMatchObject({ status: 'filled' });
    expect(scripted.adapter.lookups).toHaveLength(2);
  });

  it('says what it knew when the time is over, and names a wrong time-out', async () => {
    await open();
    await live();
    bring({
      of: 'order',
      order: testOrder({
        orderId: id('5'),
        quantity: 3,
        filledQuantity: 1,
        status: 'working',
        updatedAt: 1,
      }),
    });
    const waiting = scripted.broker.waitForFill({ orderId: '5' }, { timeoutMs: 5000 });
    await settle();
    clock.advance(5000);
    await expect(waiting).rejects.toMatchObject({
      code: 'NOT_IN_TIME',
      message: 'The order had not ended after 5000 ms: it is working, 1 of 3 filled.',
    });
    await expect(scripted.broker.waitForFill({ orderId: '5' }, { timeoutMs: 0 })).rejects.toThrow(
      /timeoutMs: is 0/,
    );
  });
});
