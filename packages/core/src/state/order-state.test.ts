import { describe, expect, it } from 'vitest';
import type { Order } from '../order.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import { OrderState } from './order-state.ts';

const row = (orderId: string, fields: Partial<Order> = {}): Order =>
  testOrder({ orderId: orderId as Order['orderId'], ...fields });
const named = (clientOrderId: string): Partial<Order> => ({
  clientOrderId: clientOrderId as Order['clientOrderId'],
});

describe('OrderState', () => {
  it('tells of each change once, with what was before', () => {
    const state = new OrderState();
    const told: unknown[] = [];
    state.onChange((order, before) => told.push([before?.status, order.status]));
    for (const status of ['working', 'working', 'filled', 'working'] as const)
      state.see(row('1', { status }));
    expect(told).toEqual([
      [undefined, 'working'],
      ['working', 'filled'],
    ]);
  });

  it('lets no read undo what was said while it was on its way, though the venue left the time of the change as it was', () => {
    const state = new OrderState();
    state.see(row('1', { limitPrice: 100, updatedAt: 5 }));
    const readSince = state.count;
    state.see(row('1', { limitPrice: 101, updatedAt: 5 }));
    expect(state.see(row('1', { limitPrice: 100, updatedAt: 5 }), { readSince }).limitPrice).toBe(
      101,
    );
    // What the read knows beyond that counts all the same.
    expect(
      state.see(row('1', { limitPrice: 100, updatedAt: 5, status: 'filled', filledQuantity: 1 }), {
        readSince,
      }),
    ).toMatchObject({ status: 'filled', filledQuantity: 1 });
    state.see(row('2', { limitPrice: 100, updatedAt: 5 }));
    expect(
      state.see(row('2', { limitPrice: 101, updatedAt: 5 }), { readSince: state.count }).limitPrice,
    ).toBe(101);
  });

  it('finds by client order id without case, and not a leg that wears the same', () => {
    const state = new OrderState();
    state.see(row('1', named('Entry-1')));
    state.see(row('2', { ...named('entry-1'), parentOrderId: '1' as Order['orderId'] }));
    expect(state.findByClientOrderId('ENTRY-1')?.orderId).toBe('1');
  });

  it('knows which open orders nothing was said about since', () => {
    const state = new OrderState();
    state.see(row('1'));
    state.see(row('2'));
    const { count } = state;
    state.see(row('2'));
    state.see(row('3'));
    expect(state.openUnseenSince(count).map(({ orderId }) => orderId)).toEqual(['1']);
  });

  it('forgets the oldest ended orders, and none that is open', () => {
    const state = new OrderState();
    state.see(row('open', named('open')));
    for (let index = 0; index < 8_063; index += 1)
      state.see(row(`f${index}`, { status: 'filled', ...named(`f${index}`) }));
    expect(state.find('f0' as Order['orderId'])).toBeDefined();
    state.see(row('f8063', { status: 'filled' }));
    expect(state.find('f63' as Order['orderId'])).toBeUndefined();
    expect(state.find('f64' as Order['orderId'])).toBeDefined();
    expect(state.findByClientOrderId('f0')).toBeUndefined();
    expect(state.find('f8063' as Order['orderId'])).toBeDefined();
    expect([
      state.isOpen('open' as Order['orderId']),
      state.isOpen('f8063' as Order['orderId']),
    ]).toEqual([true, false]);
    expect(state.open().map(({ orderId }) => orderId)).toEqual(['open']);
  });
});
