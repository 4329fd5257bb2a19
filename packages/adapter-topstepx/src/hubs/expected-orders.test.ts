import type { OrderId } from '@hotpath/core';
import { createManualClock } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { ExpectedOrders } from './expected-orders.ts';

const first = '1' as OrderId;
const second = '2' as OrderId;

function expected() {
  const clock = createManualClock();
  const missing: OrderId[] = [];
  return { clock, missing, orders: new ExpectedOrders(clock, (orderId) => missing.push(orderId)) };
}

it('misses an order that no event tells of, and no other', () => {
  const { clock, missing, orders } = expected();
  orders.expect(first);
  orders.expect(second);
  clock.advance(4_000);
  orders.told(second);
  clock.advance(60_000);
  expect(missing).toEqual([first]);
});

it('knows an event that came before the answer', () => {
  const { clock, missing, orders } = expected();
  orders.told(first);
  orders.expect(first);
  clock.advance(60_000);
  expect(missing).toEqual([]);
});

it('lets a loop that was held up read what has come before it misses anything', () => {
  const { clock, missing, orders } = expected();
  orders.expect(first);
  clock.advance(10_500);
  orders.told(first);
  clock.advance(60_000);
  expect(missing).toEqual([]);
});
