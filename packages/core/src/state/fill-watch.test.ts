import { beforeEach, describe, expect, it } from 'vitest';
import type { ContractId, OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { Trade } from '../trade.ts';
import { FillState } from './fill-state.ts';
import { FillWatch } from './fill-watch.ts';
import { OrderState } from './order-state.ts';
import { PositionState } from './position-state.ts';

const contractId = testContract({ root: 'MNQ' }).id;
const orderId = '1' as OrderId;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

let clock: ManualClock;
let orders: OrderState;
let fills: FillState;
let positions: PositionState;
let watch: FillWatch;
let isLive: boolean;
let asked: string[];
let spans: number[];
let warned: object[];
let moved: ContractId[];
let venue: { orders: readonly Order[]; trades: readonly Trade[]; positions: readonly Position[] };
let fails: boolean;

const trade = (tradeId = 'a', fields: Partial<Trade> = {}): Trade => ({
  tradeId,
  orderId,
  contractId,
  side: 'buy',
  quantity: 1,
  price: 100,
  profitAndLoss: undefined,
  fees: 0.5,
  at: clock.now(),
  voided: false,
  ...fields,
});
const row = (fields: Partial<Order> = {}): Order =>
  testOrder({ orderId, status: 'filled', filledQuantity: 1, createdAt: clock.now(), ...fields });
const position = (quantity: number): Position => ({
  contractId,
  side: quantity > 0 ? 'buy' : 'sell',
  quantity: Math.abs(quantity),
  averagePrice: 100,
  openedAt: 0,
  asOf: 0,
});
/** What the stream tells. */
const tellTrade = (told: Trade): void => {
  if (fills.see(told)) watch.counted(told);
};
const tellOrder = (told: Order): void => void orders.see(told);
const tellPosition = (quantity: number): void =>
  void positions.see(contractId, quantity === 0 ? undefined : position(quantity));
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 250) {
    clock.advance(250);
    await settle();
  }
}

beforeEach(() => {
  [clock, orders, fills, positions] = [
    createManualClock(),
    new OrderState(),
    new FillState(),
    new PositionState(),
  ];
  [isLive, fails, asked, spans, warned, moved] = [true, false, [], [], [], []];
  venue = { orders: [], trades: [], positions: [] };
  const read = async <Rows>(
    name: string,
    rows: Rows,
    span?: { readonly from: number },
  ): Promise<Rows> => {
    asked.push(name);
    if (span) spans.push(span.from);
    if (fails) throw new Error('unreachable');
    return rows;
  };
  const silent = (): void => {};
  watch = new FillWatch({
    reads: {
      orders: (span) => read('orders', venue.orders, span),
      trades: (span) => read('trades', venue.trades, span),
      positions: () => read('positions', venue.positions),
    },
    clock,
    log: { debug: silent, info: silent, error: silent, warn: (fields) => void warned.push(fields) },
    orders,
    fills,
    positions,
    isLive: () => isLive,
    take: tellTrade,
    moved: (id) => void moved.push(id),
  });
  orders.onChange((order, before) => {
    if (order.filledQuantity > (before?.filledQuantity ?? 0))
      watch.filled(order, before === undefined);
  });
  watch.begin();
});

describe('a fill of which all was told', () => {
  it.each([
    [
      'trade, order, position',
      [() => tellTrade(trade()), () => tellOrder(row()), () => tellPosition(1)],
    ],
    [
      'order, trade, position',
      [() => tellOrder(row()), () => tellTrade(trade()), () => tellPosition(1)],
    ],
    [
      'position, order, trade',
      [() => tellPosition(1), () => tellOrder(row()), () => tellTrade(trade())],
    ],
  ])('in the order %s costs no request', async (_name, events) => {
    for (const event of events) {
      event();
      await pass(500);
    }
    await pass(60_000);
    expect(asked).toEqual([]);
  });

  it('costs none for a hundred fills through flat and back', async () => {
    for (let count = 0; count < 100; count += 1) {
      const side = count % 2 === 0 ? ('buy' as const) : ('sell' as const);
      const id = `${count}` as OrderId;
      tellTrade(trade(`t${count}`, { orderId: id, side }));
      tellOrder(row({ orderId: id, side }));
      tellPosition(1 - (count % 2));
      await pass(250);
    }
    await pass(10_000);
    expect(asked).toEqual([]);
  });
});

describe('what a fill was not told with', () => {
  it("is its trade: the trades are read once, with the venue's clock some minutes off", async () => {
    tellOrder(row());
    tellPosition(1);
    venue.trades = [trade()];
    venue.positions = [position(1)];
    const at = clock.now();
    await pass(60_000);
    expect(asked).toEqual(['trades']);
    expect(spans[0]).toBeGreaterThanOrEqual(at - 600_000);
    expect(fills.ofOrder(orderId).quantity).toBe(1);
  });

  it('is its order: the orders are read once, from the creation of that one on', async () => {
    tellOrder(row({ status: 'working', filledQuantity: 0, createdAt: clock.now() - 3_600_000 }));
    tellTrade(trade());
    tellPosition(1);
    venue.orders = [row({ createdAt: clock.now() - 3_600_000 }), row({ orderId: '2' as OrderId })];
    await pass(60_000);
    expect(asked).toEqual(['orders']);
    expect(spans[0]).toBeLessThanOrEqual(clock.now() - 4_200_000);
    expect([orders.find(orderId)?.status, orders.find('2' as OrderId)]).toEqual([
      'filled',
      undefined,
    ]);
  });

  it('is its position: the positions are read, and read again when a late event undoes that', async () => {
    tellTrade(trade());
    tellOrder(row());
    tellTrade(trade('b', { orderId: '2' as OrderId }));
    tellOrder(row({ orderId: '2' as OrderId }));
    venue.positions = [position(2)];
    await pass(2_000);
    expect([asked, moved, positions.find(contractId)?.quantity]).toEqual([
      ['positions'],
      [contractId],
      2,
    ]);
    // The first fill's is only late, the second one's lost.
    tellPosition(1);
    await pass(60_000);
    expect([asked, positions.find(contractId)?.quantity]).toEqual([['positions', 'positions'], 2]);
  });

  it('is its position, which is flat: a close whose event was lost leaves none', async () => {
    tellPosition(1);
    watch.begin();
    tellTrade(trade('c', { side: 'sell', profitAndLoss: 5 }));
    tellOrder(row({ side: 'sell' }));
    await pass(60_000);
    expect([asked, moved, positions.all()]).toEqual([['positions'], [contractId], []]);
  });

  it('is trade and position: one request each for several fills at once', async () => {
    for (const id of ['1', '2', '3']) tellOrder(row({ orderId: id as OrderId }));
    venue.trades = ['1', '2', '3'].map((id) => trade(`t${id}`, { orderId: id as OrderId }));
    venue.positions = [position(3)];
    await pass(60_000);
    expect(asked).toEqual(['trades', 'positions']);
    expect([fills.since(0).quantity, positions.find(contractId)?.quantity]).toEqual([3, 3]);
  });
});

it('asks again, less and less often, while reads fail or the venue does not show it, and then says so', async () => {
  fails = true;
  tellOrder(row());
  await pass(2_000);
  fails = false;
  await pass(60_000);
  expect(asked.filter((name) => name === 'trades')).toHaveLength(4);
  expect(warned).toEqual([{ orderId }]);
  await pass(600_000);
  expect(asked.filter((name) => name === 'trades')).toHaveLength(4);
});

it('asks for nothing in a gap, which is read over as a whole, nor after it was closed', async () => {
  tellOrder(row());
  isLive = false;
  await pass(60_000);
  isLive = true;
  tellOrder(row({ orderId: '2' as OrderId }));
  watch.close();
  tellOrder(row({ orderId: '3' as OrderId }));
  await pass(60_000);
  expect(asked).toEqual([]);
});

it('takes a filled order of days ago that a lookup shows for no news, and the fill of one that is known for some', async () => {
  const old = clock.now() - 3 * 86_400_000;
  tellOrder(row({ createdAt: old }));
  await pass(60_000);
  expect(asked).toEqual([]);
  tellOrder(row({ orderId: '2' as OrderId, status: 'working', filledQuantity: 0, createdAt: old }));
  tellOrder(row({ orderId: '2' as OrderId, createdAt: old, updatedAt: 1 }));
  await pass(2_000);
  expect(asked[0]).toBe('trades');
  expect(spans[0]).toBeGreaterThan(clock.now() - 700_000);
});
