import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from './index.ts';
import { startGateway } from './index.ts';

// Codes that a client must know and the simulator has no cause of its own for, or not always: any of them can be ordered.
const tables: readonly (readonly [endpoint: string, codes: readonly number[], payload: object])[] =
  [
    ['Auth/loginKey', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { token: null }],
    ['Auth/validate', [1, 2, 3, 4], { newToken: null }],
    ['Auth/logout', [1, 2], {}],
    ['Contract/searchById', [1], { contract: null }],
    ['History/retrieveBars', [1, 2, 3, 4], { bars: [] }],
    ['Order/place', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { orderId: null }],
    ['Order/modify', [1, 2, 3, 4, 5, 6, 7], {}],
    ['Order/cancel', [1, 2, 3, 4, 5, 6], {}],
    ['Order/search', [1], { orders: [] }],
    ['Order/searchOpen', [1], { orders: [] }],
    ['Order/searchById', [1], { order: null }],
    ['Position/searchOpen', [1], { positions: [] }],
    ['Position/closeContract', [1, 2, 3, 4, 5, 6, 7, 8], {}],
    ['Position/partialCloseContract', [1, 2, 3, 4, 5, 6, 7, 8, 9], {}],
    ['Trade/search', [1], { trades: [] }],
  ];

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

it.each(
  tables.flatMap(([endpoint, codes, payload]) =>
    codes.map((errorCode) => [endpoint, errorCode, payload] as const),
  ),
)('%s answers code %d when told to', async (endpoint, errorCode, payload) => {
  const errorMessage = `text of ${errorCode}`;
  gateway.faults.clear();
  gateway.faults.add({ endpoint, fault: { kind: 'answer', errorCode, errorMessage } });
  const response = await fetch(`${gateway.url}/api/${endpoint}`, { method: 'POST', body: '{}' });
  expect([response.status, await response.json()]).toEqual([
    200,
    { ...payload, success: false, errorCode, errorMessage },
  ]);
});
