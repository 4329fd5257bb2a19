import type { Mutation, Operation, RequestTemplate } from '@hotpath/core';

const headers = { 'content-type': 'application/json', accept: 'application/json' };
const post = (operation: Operation, path: string): RequestTemplate => ({
  operation,
  method: 'POST',
  path: `/api/${path}`,
  headers,
});

/** The operations that change something (ProjectX documentation, 2026). */
export const mutations: Readonly<Record<Mutation, RequestTemplate>> = {
  place: post('place', 'Order/place'),
  modify: post('modify', 'Order/modify'),
  cancel: post('cancel', 'Order/cancel'),
  close: post('close', 'Position/closeContract'),
  reduce: post('reduce', 'Position/partialCloseContract'),
};

export type ReadName =
  | 'loginKey'
  | 'validate'
  | 'accounts'
  | 'contracts'
  | 'contractSearch'
  | 'contractById'
  | 'orders'
  | 'openOrders'
  | 'orderQuery'
  | 'orderById'
  | 'positions'
  | 'trades'
  | 'bars';

/** The operations that only tell (ProjectX documentation and its Swagger file, 2026). */
export const reads: Readonly<Record<ReadName, RequestTemplate>> = {
  loginKey: post('read', 'Auth/loginKey'),
  validate: post('read', 'Auth/validate'),
  accounts: post('read', 'Account/search'),
  contracts: post('read', 'Contract/available'),
  contractSearch: post('read', 'Contract/search'),
  contractById: post('read', 'Contract/searchById'),
  orders: post('read', 'Order/search'),
  openOrders: post('read', 'Order/searchOpen'),
  orderQuery: post('read', 'Order/v2/query'),
  orderById: post('read', 'Order/searchById'),
  positions: post('read', 'Position/searchOpen'),
  trades: post('read', 'Trade/search'),
  bars: post('read', 'History/retrieveBars'),
};
