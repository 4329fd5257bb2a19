/** What stands in for an operation's payload when it is refused, by path without `/api/` in lower case. */
const payloads: Readonly<Record<string, object>> = {
  'auth/loginkey': { token: null },
  'auth/loginapp': { token: null },
  'auth/validate': { newToken: null },
  'account/search': { accounts: [] },
  'contract/search': { contracts: [] },
  'contract/searchbyid': { contract: null },
  'contract/available': { contracts: [] },
  'history/retrievebars': { bars: [] },
  'order/place': { orderId: null },
  'order/search': { orders: [] },
  'order/searchopen': { orders: [] },
  'order/searchbyid': { order: null },
  'order/v2/query': { orders: [] },
  'position/searchopen': { positions: [] },
  'trade/search': { trades: [] },
};

export function emptyPayload(endpoint: string): object {
  return payloads[endpoint.toLowerCase()] ?? {};
}
