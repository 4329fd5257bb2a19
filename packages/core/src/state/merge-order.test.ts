import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Order, OrderStatus } from '../order.ts';
import { isFinal } from '../order.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import { mergeOrder } from './merge-order.ts';

const working = testOrder({ status: 'working', quantity: 3, updatedAt: 100, limitPrice: 10 });

describe('mergeOrder', () => {
  it('gives the same object for a row that adds nothing', () => {
    expect(mergeOrder(working, { ...working, asOf: 999 })).toBe(working);
  });

  it('takes the newer of two rows, whichever came first', () => {
    const moved = { ...working, limitPrice: 11, updatedAt: 200 };
    expect(mergeOrder(working, moved).limitPrice).toBe(11);
    expect(mergeOrder(moved, working)).toBe(moved);
  });

  it('keeps an end, whatever comes after it', () => {
    const cancelled = { ...working, status: 'cancelled' as const, updatedAt: 300 };
    expect(mergeOrder(cancelled, { ...working, updatedAt: 400 }).status).toBe('cancelled');
    expect(mergeOrder(working, { ...cancelled, updatedAt: 50 }).status).toBe('cancelled');
  });

  it('never takes a fill back', () => {
    const partly = { ...working, filledQuantity: 2, averagePrice: 10.5, updatedAt: 150 };
    expect(mergeOrder(partly, { ...working, updatedAt: 200 })).toMatchObject({
      filledQuantity: 2,
      averagePrice: 10.5,
      updatedAt: 200,
    });
  });

  it('keeps what a later row leaves out, and never reads an unknown status as anything', () => {
    const named = testOrder({
      status: 'working',
      clientOrderId: 'a' as Order['clientOrderId'],
      type: 'limit',
      updatedAt: 1,
    });
    expect(
      mergeOrder(named, testOrder({ status: 'unknown', type: 'unknown', updatedAt: 2 })),
    ).toMatchObject({ status: 'working', clientOrderId: 'a', type: 'limit' });
  });

  const statuses: readonly OrderStatus[] = [
    'pending',
    'working',
    'suspended',
    'cancelling',
    'filled',
    'cancelled',
    'expired',
    'rejected',
    'unknown',
  ];
  const rows = fc.array(
    fc.record({
      status: fc.constantFrom(...statuses),
      filledQuantity: fc.integer({ min: 0, max: 3 }),
      updatedAt: fc.integer({ min: 0, max: 5 }),
      limitPrice: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it('only moves forward, and the same rows told twice change nothing, for every order of rows', () => {
    fc.assert(
      fc.property(rows, (given) => {
        let held = testOrder({ quantity: 3, status: 'pending' });
        for (const row of given) {
          const merged = mergeOrder(held, testOrder({ quantity: 3, ...row }));
          expect(merged.filledQuantity).toBeGreaterThanOrEqual(held.filledQuantity);
          expect(merged.updatedAt).toBeGreaterThanOrEqual(held.updatedAt);
          expect(!isFinal(held.status) || isFinal(merged.status)).toBe(true);
          expect(mergeOrder(merged, testOrder({ quantity: 3, ...row })).status).toBe(merged.status);
          held = merged;
        }
      }),
    );
  });
});
