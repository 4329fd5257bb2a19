import { expect, it } from 'vitest';
import type { Trade } from '../trade.ts';
import { FillState } from './fill-state.ts';

const fill = (tradeId: string, fields: Partial<Trade> = {}): Trade => ({
  tradeId,
  orderId: '1' as Trade['orderId'],
  contractId: 'MNQ' as Trade['contractId'],
  side: 'buy',
  quantity: 1,
  price: 100,
  profitAndLoss: undefined,
  fees: 0.5,
  at: 1000,
  voided: false,
  ...fields,
});

it('counts each fill once, weighs the average, and leaves out what was taken back', () => {
  const fills = new FillState();
  fills.see(fill('a', { quantity: 1, price: 100 }));
  fills.see(fill('b', { quantity: 3, price: 104, profitAndLoss: 12 }));
  fills.see(fill('b', { quantity: 3, price: 104, profitAndLoss: 12 }));
  fills.see(fill('c', { quantity: 9, price: 900, voided: true }));
  expect(fills.ofOrder('1' as Trade['orderId'])).toEqual({
    quantity: 4,
    averagePrice: 103,
    fees: 1,
    profitAndLoss: 12,
  });
  expect([fills.claim('a'), fills.claim('a')]).toEqual([true, false]);
});

it('keeps a fill as it was first told when it is told again without its result, at another time, for another order or in part, and adds what was left out', () => {
  const fills = new FillState();
  fills.see(fill('a', { quantity: 2, profitAndLoss: -30, fees: 0.36, at: 1000 }));
  fills.see(
    fill('a', {
      quantity: 1,
      profitAndLoss: undefined,
      fees: 0.61,
      at: 9000,
      orderId: '2' as Trade['orderId'],
    }),
  );
  expect(fills.ofOrder('1' as Trade['orderId'])).toEqual({
    quantity: 2,
    averagePrice: 100,
    fees: 0.61,
    profitAndLoss: -30,
  });
  expect([fills.lastOf('1' as Trade['orderId']), fills.has('2' as Trade['orderId'])]).toEqual([
    1000,
    false,
  ]);
  // Taken back once is taken back, whatever is told then.
  fills.see(fill('a', { voided: true }));
  fills.see(fill('a'));
  expect([
    fills.ofOrder('1' as Trade['orderId']).quantity,
    fills.lastOf('1' as Trade['orderId']),
  ]).toEqual([0, undefined]);
});

it('doubts a trade without a result that is like a known fill, or more than the order can fill, as long as the order shows no such fill', () => {
  const fills = new FillState();
  const order = (quantity: number, filledQuantity: number) => ({ quantity, filledQuantity });
  expect(fills.mayBeRepeat(fill('a'), order(1, 0))).toBe(false);
  fills.see(fill('a'));
  expect(fills.mayBeRepeat(fill('a'), order(1, 1))).toBe(false);
  expect(fills.mayBeRepeat(fill('b'), order(1, 1))).toBe(true);
  expect(fills.mayBeRepeat(fill('b'), order(2, 1))).toBe(true);
  expect(fills.mayBeRepeat(fill('b'), order(2, 2))).toBe(false);
  expect(fills.mayBeRepeat(fill('b'), undefined)).toBe(true);
  expect(fills.mayBeRepeat(fill('b', { price: 101 }), order(2, 1))).toBe(false);
  expect(fills.mayBeRepeat(fill('b', { price: 101 }), order(1, 1))).toBe(true);
  // A fill that closed something is no repeat of an opening one.
  expect(fills.mayBeRepeat(fill('b', { profitAndLoss: 0 }), order(1, 1))).toBe(false);
  expect(fills.mayBeRepeat(fill('b', { orderId: '2' as Trade['orderId'] }), order(1, 1))).toBe(
    false,
  );
});

it('sums up since an instant', () => {
  const fills = new FillState();
  fills.see(fill('a', { at: 999, profitAndLoss: 5 }));
  fills.see(fill('b', { at: 1000, profitAndLoss: -7 }));
  expect(fills.since(1000)).toMatchObject({ profitAndLoss: -7, fees: 0.5 });
  expect(fills.ofOrder('2' as Trade['orderId'])).toEqual({
    quantity: 0,
    averagePrice: undefined,
    fees: 0,
    profitAndLoss: 0,
  });
});

it('forgets the oldest behind sixteen thousand others, and only those', () => {
  const fills = new FillState();
  for (let index = 0; index < 41_000; index += 1)
    fills.see(fill(`f${index}`, { orderId: `${Math.floor(index / 2)}` as Trade['orderId'] }));
  expect(fills.ofOrder('12499' as Trade['orderId']).quantity).toBe(0);
  expect(fills.ofOrder('12500' as Trade['orderId']).quantity).toBe(2);
  expect(fills.since(0).quantity).toBe(16_000);
  expect([fills.claim('f24999'), fills.claim('f25000'), fills.claim('f25000')]).toEqual([
    false,
    true,
    false,
  ]);
});
