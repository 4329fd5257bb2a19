import { afterEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { OrderState } from './order-state.ts';
import { checkStream } from './stream-check.ts';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};
let clock: ManualClock;
let orders: OrderState;
let listed: () => readonly Order[];
let asked: number;
let isLive: boolean;
let losses: { readonly since: number; readonly because: string }[];
let stop: () => void;

function start(held: readonly Order[]): void {
  clock = createManualClock();
  orders = new OrderState();
  for (const order of held) orders.see(order);
  [asked, isLive, losses] = [0, true, []];
  const openOrders = async (): Promise<readonly Order[]> => {
    asked += 1;
    return listed();
  };
  stop = checkStream({
    reads: { openOrders },
    clock,
    orders,
    isLive: () => isLive,
    lost: (since, because) => void losses.push({ since, because }),
  });
}
/** Half minutes, in steps in which what was asked is answered. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 500) {
    clock.advance(500);
    await settle();
  }
}
afterEach(() => stop());
const working = testOrder({
  orderId: '1' as OrderId,
  status: 'working',
  filledQuantity: 0,
  quantity: 2,
  updatedAt: 1,
});

describe('an order that works', () => {
  it('and is listed as it is known is no loss', async () => {
    start([working]);
    listed = () => [{ ...working, asOf: 9 }];
    await pass(300_000);
    expect([asked > 8, losses]).toEqual([true, []]);
  });

  it('and that a list which is behind leaves out once is no loss', async () => {
    start([working]);
    listed = () => (asked === 1 ? [] : [working]);
    await pass(90_000);
    expect(losses).toEqual([]);
  });

  it('and a new one in the second list alone is no loss: its event is on its way', async () => {
    start([working]);
    listed = () =>
      asked === 1
        ? []
        : asked === 2
          ? [working, { ...working, orderId: '2' as OrderId }]
          : [working];
    await pass(90_000);
    expect(losses).toEqual([]);
  });

  it.each<[string, () => readonly Order[]]>([
    ['is listed no more', () => []],
    ['is filled in part', () => [{ ...working, filledQuantity: 1, updatedAt: 2 }]],
    ['is larger', () => [{ ...working, quantity: 3, updatedAt: 2 }]],
    [
      'is listed beside one of which nothing is known',
      () => [working, { ...working, orderId: '2' as OrderId }],
    ],
  ])('that %s has lost an event, which is told once', async (_name, rows) => {
    start([working]);
    const begunAt = clock.now();
    listed = rows;
    await pass(33_000);
    expect(losses).toEqual([{ since: begunAt, because: expect.stringContaining('order ') }]);
    // As a resync does.
    for (const row of rows()) orders.see(row);
    await pass(300_000);
    expect(losses).toHaveLength(1);
  });

  it('whose event is only late is no loss', async () => {
    start([working]);
    listed = () => [];
    await pass(30_500);
    orders.see({ ...working, status: 'cancelled', updatedAt: 2 });
    await pass(60_000);
    expect(losses).toEqual([]);
  });

  it('is not looked at while the stream is down, and a look that fails says nothing', async () => {
    start([working]);
    listed = () => [];
    isLive = false;
    await pass(120_000);
    expect(asked).toBe(0);
    isLive = true;
    listed = () => {
      throw new Error('unreachable');
    };
    await pass(90_000);
    expect([asked > 1, losses]).toEqual([true, []]);
    listed = () => [];
    await pass(60_000);
    expect(losses).toHaveLength(1);
  });
});

it('asks for nothing while no order works, and never after it was stopped', async () => {
  start([{ ...working, status: 'filled', filledQuantity: 2 }]);
  listed = () => [];
  await pass(120_000);
  orders.see({ ...working, orderId: '3' as OrderId });
  stop();
  await pass(120_000);
  expect([asked, losses]).toEqual([0, []]);
});
