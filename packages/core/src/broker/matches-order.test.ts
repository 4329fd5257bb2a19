import { expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import type { Order } from '../order.ts';
import type { OrderRequest } from '../order-request.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import { IntentBook } from './intent-book.ts';
import { matchesOrder } from './matches-order.ts';

const contract = testContract({ root: 'MNQ' });
const limit = {
  symbol: 'MNQ',
  type: 'limit',
  side: 'buy',
  quantity: 2,
  limitPrice: 24_000.25,
} as const;
const stop = { symbol: 'MNQ', type: 'stop', side: 'buy', quantity: 2, stopPrice: 24_010 } as const;

it.each<[string, OrderRequest, Partial<Order>, boolean]>([
  ['a limit order at its price', limit, { type: 'limit', limitPrice: 24_000.25 }, true],
  ['a limit order at another price', limit, { type: 'limit', limitPrice: 24_000 }, false],
  ['a limit order without a price', limit, { type: 'limit' }, false],
  [
    'a refused limit order that is shown without its price',
    limit,
    { type: 'limit', status: 'rejected' },
    true,
  ],
  [
    'a refused limit order at another price',
    limit,
    { type: 'limit', status: 'rejected', limitPrice: 24_000 },
    false,
  ],
  [
    'a refused stop that is shown without its price',
    stop,
    { type: 'stop', status: 'rejected' },
    true,
  ],
  [
    'a limit order that is shown as a market order, with its price',
    limit,
    { type: 'market', limitPrice: 24_000.25 },
    true,
  ],
  [
    'a limit order that is shown as a market order which filled within its price',
    limit,
    { type: 'market', averagePrice: 24_000.25, filledQuantity: 2, status: 'filled' },
    true,
  ],
  [
    'a market order that filled beyond the limit',
    limit,
    { type: 'market', averagePrice: 24_000.5, filledQuantity: 2, status: 'filled' },
    false,
  ],
  ['a market order with another price', limit, { type: 'market', limitPrice: 24_000 }, false],
  [
    'a limit order where a market order was asked for',
    { symbol: 'MNQ', type: 'market', side: 'buy', quantity: 2 },
    { type: 'limit', limitPrice: 24_000.25 },
    false,
  ],
  ['an order of another size', limit, { type: 'limit', limitPrice: 24_000.25, quantity: 1 }, false],
  [
    'an order of the other side',
    limit,
    { type: 'limit', limitPrice: 24_000.25, side: 'sell' },
    false,
  ],
])('%s: %s', (_name, request, row, is) => {
  const record = new IntentBook(createManualClock(), () => false).open(
    toClientOrderId('a'),
    request,
    false,
  );
  record.contract = contract;
  expect(
    matchesOrder(
      record,
      testOrder({ contractId: contract.id, side: 'buy', quantity: 2, status: 'working', ...row }),
    ),
  ).toBe(is);
});
