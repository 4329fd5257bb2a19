import type { Gateway } from '../index.ts';

export type Fields = Record<string, unknown>;

/** A client of the tests that knows nothing of the code behind the gateway: plain fetch. */
export interface GatewayClient {
  readonly token: string;
  readonly accountId: number;
  readonly contractId: string;
  post(path: string, body: Fields): Promise<Fields>;
  place(order: Fields): Promise<Fields>;
  rows(path: string, list: string, body?: Fields): Promise<Fields[]>;
}

/** Logs in, and finds the MNQ contract. */
export async function gatewayClient(
  gateway: Gateway,
  accountId: number = 700_001,
): Promise<GatewayClient> {
  const send = async (
    path: string,
    body: Fields,
    headers: Record<string, string>,
  ): Promise<Fields> => {
    const response = await fetch(`${gateway.url}/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const fields: unknown = await response.json();
    if (!isFields(fields)) throw new TypeError(`${path} answered ${String(fields)}`);
    return fields;
  };
  const token = String(
    (await send('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' }, {}))['token'],
  );
  const post = (path: string, body: Fields): Promise<Fields> =>
    send(path, body, { authorization: `Bearer ${token}` });
  const rows = async (path: string, list: string, body: Fields = {}): Promise<Fields[]> => {
    const found = (await post(path, { accountId, ...body }))[list];
    if (!Array.isArray(found)) throw new TypeError(`${path} has no ${list}`);
    return found.filter(isFields);
  };
  const [contract] = await rows('Contract/search', 'contracts', { searchText: 'MNQ', live: false });
  const contractId = String(contract?.['id']);
  return {
    token,
    accountId,
    contractId,
    post,
    rows,
    place: (order) =>
      post('Order/place', { accountId, contractId, type: 2, side: 0, size: 1, ...order }),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
