import type { ContractId, Order, OrderId } from '@hotpath/core';
import { expect, it } from 'vitest';
import { rawOrder } from './unified.ts';

const order: Order = {
  orderId: '1' as OrderId,
  clientOrderId: undefined,
  contractId: 'CON.F.US.MNQ.Z26' as ContractId,
  side: 'sell',
  type: 'stop',
  status: 'filled',
  quantity: 1,
  filledQuantity: 1,
  averagePrice: 100,
  limitPrice: undefined,
  stopPrice: 101,
  createdAt: 1_000,
  updatedAt: 1_025,
  asOf: 99_000,
  parentOrderId: undefined,
};

it('a filled stop was last traded when its fill was, not when it began to work, and nobody knows when without a fill', () => {
  const timesOf = (of: Order): object => {
    const { lastTradeTimestamp, lastUpdateTimestamp } = rawOrder(of, 'MNQ', () => undefined);
    return { lastTradeTimestamp, lastUpdateTimestamp };
  };
  expect(timesOf({ ...order, filledAt: 61_000 })).toEqual({
    lastTradeTimestamp: 61_000,
    lastUpdateTimestamp: 1_025,
  });
  expect(timesOf(order)).toEqual({ lastTradeTimestamp: undefined, lastUpdateTimestamp: 1_025 });
});
