import { beforeEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { Trade } from '../trade.ts';
import { FillIntake } from './fill-intake.ts';
import { FillState } from './fill-state.ts';

const orderId = '1' as OrderId;
const trade = (tradeId: string, fields: Partial<Trade> = {}): Trade => ({
  tradeId,
  orderId,
  contractId: testContract({ root: 'MNQ' }).id,
  side: 'buy',
  quantity: 1,
  price: 100,
  profitAndLoss: undefined,
  fees: 0.5,
  at: 1000,
  voided: false,
  ...fields,
});
const order = (fields: Partial<Order> = {}): Order =>
  testOrder({ orderId, quantity: 1, ...fields });

let clock: ManualClock;
let fills: FillState;
let intake: FillIntake;
let known: Order | undefined;
let told: string[];
let countedOnce: string[];

beforeEach(() => {
  [clock, fills, known, told, countedOnce] = [
    createManualClock(),
    new FillState(),
    undefined,
    [],
    [],
  ];
  intake = new FillIntake({
    fills,
    clock,
    find: () => known,
    tell: (of, { tradeId }) => void told.push(`${tradeId} of ${of.orderId}`),
    counted: ({ tradeId }) => void countedOnce.push(tradeId),
  });
});
function row(fields: Partial<Order>): void {
  known = order(fields);
  intake.orderChanged(known);
}
const counted = (): number => fills.ofOrder(orderId).quantity;

describe('a trade', () => {
  it('that comes before its order counts at once, and is told with the order', () => {
    intake.take(trade('a'));
    expect([counted(), told]).toEqual([1, []]);
    row({ status: 'filled', filledQuantity: 1 });
    row({ status: 'filled', filledQuantity: 1 });
    expect(told).toEqual(['a of 1']);
  });

  it('that is taken back before its order comes is not told', () => {
    intake.take(trade('a', { voided: true }));
    row({});
    expect([counted(), told]).toEqual([0, []]);
  });
});

describe('an opening trade that a close repeats', () => {
  it('under its own id counts once and is told once', () => {
    row({ status: 'filled', filledQuantity: 1 });
    for (let count = 0; count < 3; count += 1) intake.take(trade('a'));
    expect([counted(), told]).toEqual([1, ['a of 1']]);
  });

  it('under another id counts once and is told once, in part as well, however long after', () => {
    row({ status: 'filled', quantity: 2, filledQuantity: 2 });
    intake.take(trade('a', { quantity: 2 }));
    intake.take(trade('b', { quantity: 2 }));
    clock.advance(60_000);
    intake.take(trade('c', { quantity: 1 }));
    row({ status: 'filled', quantity: 2, filledQuantity: 2, updatedAt: 9 });
    expect([counted(), told, countedOnce]).toEqual([2, ['a of 1'], ['a']]);
  });

  it('in place of the opening one itself, whose event was lost, counts as it', () => {
    row({ status: 'filled', filledQuantity: 1 });
    intake.take(trade('again'));
    intake.take(trade('a'));
    expect([counted(), told]).toEqual([1, ['again of 1']]);
  });

  it('and was filled before this process listened is no news, under its own id or another', () => {
    known = order({ status: 'filled', filledQuantity: 1 });
    intake.takeUntold(trade('a'));
    intake.started();
    clock.advance(2_000);
    intake.take(trade('a'));
    intake.take(trade('b'));
    expect([counted(), told]).toEqual([1, []]);
  });
});

describe('a real second fill like the first', () => {
  it('counts as soon as the order shows it, whichever comes first', () => {
    row({ status: 'working', quantity: 3, filledQuantity: 1 });
    intake.take(trade('a'));
    intake.take(trade('b'));
    expect([counted(), told]).toEqual([1, ['a of 1']]);
    row({ status: 'working', quantity: 3, filledQuantity: 2 });
    expect([counted(), told, countedOnce]).toEqual([2, ['a of 1', 'b of 1'], ['a', 'b']]);
    row({ status: 'filled', quantity: 3, filledQuantity: 3 });
    intake.take(trade('c'));
    expect([counted(), told]).toEqual([3, ['a of 1', 'b of 1', 'c of 1']]);
  });

  it('of an order that was made larger counts when the order shows so', () => {
    row({ status: 'filled', filledQuantity: 1 });
    intake.take(trade('a'));
    intake.take(trade('b', { price: 101 }));
    expect(counted()).toBe(1);
    row({ status: 'filled', quantity: 2, filledQuantity: 2 });
    expect([counted(), told]).toEqual([2, ['a of 1', 'b of 1']]);
  });

  it('is not what a repeat of seconds ago told of', () => {
    row({ status: 'working', quantity: 2, filledQuantity: 1 });
    intake.take(trade('a'));
    intake.take(trade('repeat'));
    clock.advance(2_000);
    row({ status: 'filled', quantity: 2, filledQuantity: 2 });
    intake.take(trade('b', { price: 101 }));
    expect([fills.ofOrder(orderId).averagePrice, told]).toEqual([100.5, ['a of 1', 'b of 1']]);
  });

  it('counts at a read that lists it once more after the order has shown it', () => {
    row({ status: 'working', quantity: 2, filledQuantity: 1 });
    intake.take(trade('a'));
    intake.take(trade('b'));
    clock.advance(5_000);
    row({ status: 'filled', quantity: 2, filledQuantity: 2 });
    expect(counted()).toBe(1);
    intake.take(trade('b'));
    expect([counted(), told]).toEqual([2, ['a of 1', 'b of 1']]);
  });
});

it('tells of a fill that was read at the start when its own event comes right behind', () => {
  known = order({ status: 'filled', filledQuantity: 1 });
  intake.takeUntold(trade('a'));
  intake.started();
  clock.advance(1_000);
  intake.take(trade('a'));
  expect(told).toEqual(['a of 1']);
});

it('holds no more than a thousand of each', () => {
  row({ status: 'working', quantity: 5_000, filledQuantity: 1 });
  intake.take(trade('first'));
  for (let count = 0; count < 1_500; count += 1) intake.take(trade(`t${count}`));
  row({ status: 'filled', quantity: 5_000, filledQuantity: 5_000 });
  expect(counted()).toBe(1_001);
});
