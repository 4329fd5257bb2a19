import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from './index.ts';
import { startGateway } from './index.ts';
import type { Fields, GatewayClient } from './testing/gateway-client.ts';
import { gatewayClient } from './testing/gateway-client.ts';

// The whole REST side as a client that knows only the reference sees it: paths, envelopes, fields, nulls, 400, 401, 404, 405.
const accountId = 700_001;
const since = '2020-01-01T00:00:00Z';
let gateway: Gateway;
let client: GatewayClient;
let orderId: number;
let contractId: string;

beforeAll(async () => {
  gateway = await startGateway({ priceStepMs: 0 });
  client = await gatewayClient(gateway);
  contractId = client.contractId;
  await client.place({ customTag: 'filled' });
  orderId = Number((await client.place({ type: 1, limitPrice: 23000 }))['orderId']);
});
afterAll(() => gateway.close());

const orderFields = [
  'id',
  'accountId',
  'contractId',
  'symbolId',
  'creationTimestamp',
  'updateTimestamp',
  'status',
  'type',
  'side',
  'size',
  'limitPrice',
  'stopPrice',
  'fillVolume',
  'filledPrice',
  'customTag',
];
const contractFields = [
  'id',
  'name',
  'description',
  'tickSize',
  'tickValue',
  'activeContract',
  'symbolId',
];
const span = { accountId, startTimestamp: since };
interface Endpoint {
  readonly path: string;
  readonly body: () => Fields;
  /** Missing one of these does not bind. */
  readonly required: readonly string[];
  readonly payload?: string;
  readonly rowFields?: readonly string[];
}
const endpoints: readonly Endpoint[] = [
  {
    path: 'Account/search',
    body: () => ({ onlyActiveAccounts: true }),
    required: ['onlyActiveAccounts'],
    payload: 'accounts',
    rowFields: ['id', 'name', 'balance', 'canTrade', 'isVisible', 'simulated'],
  },
  {
    path: 'Contract/search',
    body: () => ({ searchText: 'NQ', live: false }),
    required: ['live'],
    payload: 'contracts',
    rowFields: contractFields,
  },
  {
    path: 'Contract/searchById',
    body: () => ({ contractId }),
    required: ['contractId'],
    payload: 'contract',
    rowFields: contractFields,
  },
  {
    path: 'Contract/available',
    body: () => ({ live: false }),
    required: ['live'],
    payload: 'contracts',
    rowFields: contractFields,
  },
  {
    path: 'History/retrieveBars',
    body: () => ({
      contractId,
      live: false,
      startTime: new Date(gateway.clock.now() - 7 * 86_400_000).toISOString(),
      endTime: new Date(gateway.clock.now()).toISOString(),
      unit: 3,
      unitNumber: 1,
      limit: 5,
      includePartialBar: false,
    }),
    required: [
      'contractId',
      'live',
      'startTime',
      'endTime',
      'unit',
      'unitNumber',
      'limit',
      'includePartialBar',
    ],
    payload: 'bars',
    rowFields: ['t', 'o', 'h', 'l', 'c', 'v'],
  },
  {
    path: 'Order/place',
    body: () => ({ accountId, contractId, type: 1, side: 0, size: 1, limitPrice: 22000 }),
    required: ['accountId', 'contractId', 'type', 'side', 'size'],
    payload: 'orderId',
  },
  {
    path: 'Order/modify',
    body: () => ({ accountId, orderId, size: 2 }),
    required: ['accountId', 'orderId'],
  },
  {
    path: 'Order/search',
    body: () => span,
    required: ['accountId', 'startTimestamp'],
    payload: 'orders',
    rowFields: orderFields,
  },
  {
    path: 'Order/searchOpen',
    body: () => ({ accountId }),
    required: ['accountId'],
    payload: 'orders',
    rowFields: orderFields,
  },
  {
    path: 'Order/searchById',
    body: () => ({ accountId, orderId }),
    required: ['accountId', 'orderId'],
    payload: 'order',
    rowFields: orderFields,
  },
  {
    path: 'Order/v2/query',
    body: () => ({ filter: { accountId } }),
    required: ['filter'],
    payload: 'orders',
    rowFields: orderFields,
  },
  {
    path: 'Trade/search',
    body: () => span,
    required: ['accountId'],
    payload: 'trades',
    rowFields: [
      'id',
      'accountId',
      'contractId',
      'creationTimestamp',
      'price',
      'profitAndLoss',
      'fees',
      'commissions',
      'side',
      'size',
      'voided',
      'orderId',
    ],
  },
  {
    path: 'Position/searchOpen',
    body: () => ({ accountId }),
    required: ['accountId'],
    payload: 'positions',
    rowFields: [
      'id',
      'accountId',
      'contractId',
      'contractDisplayName',
      'creationTimestamp',
      'type',
      'size',
      'averagePrice',
    ],
  },
  {
    path: 'Position/partialCloseContract',
    body: () => ({ accountId, contractId, size: 1 }),
    required: ['accountId', 'contractId', 'size'],
  },
  {
    path: 'Order/cancel',
    body: () => ({ accountId, orderId }),
    required: ['accountId', 'orderId'],
  },
  // The position is gone by now: the envelope is the same.
  {
    path: 'Position/closeContract',
    body: () => ({ accountId, contractId }),
    required: ['accountId', 'contractId'],
  },
];

async function ask(
  path: string,
  body: Fields | undefined,
  token: string | undefined,
  method = 'POST',
): Promise<{ status: number; text: string; type: string | null }> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(`${gateway.url}/api/${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    text: await response.text(),
    type: response.headers.get('content-type'),
  };
}

describe.each(endpoints)('$path', ({ path, body, required, payload, rowFields }) => {
  it('answers the envelope and its payload, with every field of the reference and nothing undefined', async () => {
    const { status, text, type } = await ask(path, body(), client.token);
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
    const fields = JSON.parse(text) as Fields;
    expect(Object.keys(fields).toSorted()).toEqual(
      [
        'errorCode',
        'errorMessage',
        'success',
        ...(payload === undefined ? [] : [payload]),
      ].toSorted(),
    );
    expect(fields['errorMessage']).toBeNull();
    if (payload === undefined || rowFields === undefined) return;
    const rows = [fields[payload]].flat();
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(Object.keys(row as Fields)).toEqual(rowFields);
  });

  it('answers 401 with an empty body without a token, and with a foreign one', async () => {
    for (const token of [undefined, 'eyJ.a.b'])
      expect(await ask(path, body(), token)).toEqual({ status: 401, text: '', type: null });
  });

  it.each(required)(
    'answers 400 as its framework does when %s is missing or of another type',
    async (field) => {
      const { [field]: _, ...rest } = body();
      const refused = async (wrong: Fields): Promise<Fields> => {
        const { status, text, type } = await ask(path, wrong, client.token);
        expect([status, type]).toEqual([400, 'application/problem+json; charset=utf-8']);
        const fields = JSON.parse(text) as Fields;
        expect(fields).toMatchObject({
          title: 'One or more validation errors occurred.',
          status: 400,
          traceId: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
        });
        return fields['errors'] as Fields;
      };
      expect(await refused(rest)).toEqual({
        $: [
          expect.stringMatching(
            new RegExp(
              `^JSON deserialization for type '\\w+' was missing required properties, including the following: ${field}$`,
            ),
          ),
        ],
      });
      // The first wrong value in the body's order is the one that is named.
      expect(await refused({ ...rest, [field]: [] })).toEqual({
        [`$.${field}`]: [
          expect.stringMatching(
            new RegExp(
              `^The JSON value could not be converted to [\\w.]+\\. Path: \\$\\.${field} \\| LineNumber: 0 \\| BytePositionInLine: \\d+\\.$`,
            ),
          ),
        ],
      });
    },
  );

  it('is found without case, and takes no GET', async () => {
    expect((await ask(path.toUpperCase(), {}, client.token)).status).toBe(
      required.length > 0 ? 400 : 200,
    );
    expect((await ask(path, undefined, client.token, 'GET')).status).toBe(405);
  });
});

it.each([
  'Fill/search',
  'MarketData/quotes',
  'Position/1',
  'Order/cancelAll',
  'Position/close',
  'Position/closeContractPartial',
  'Position/modifyStopLoss',
])('answers 404 to %s, which some clients call', async (path) => {
  expect(await ask(path, { accountId }, client.token)).toEqual({
    status: 404,
    text: '',
    type: null,
  });
});

it('prints what is not set as null', async () => {
  const [, resting] = await client.rows('Order/search', 'orders', { startTimestamp: since });
  expect(resting).toMatchObject({ stopPrice: null, filledPrice: null, customTag: null });
  const [opening] = (
    await client.rows('Trade/search', 'trades', { startTimestamp: since })
  ).toReversed();
  expect(opening).toMatchObject({ profitAndLoss: null });
});

it.each([
  ['Order/searchOpen', 'orders'],
  ['Order/search', 'orders'],
  ['Position/searchOpen', 'positions'],
  ['Trade/search', 'trades'],
])('%s answers code 1 for an account there is not, with an empty list', async (path, list) => {
  expect(await client.post(path, { accountId: 1, startTimestamp: since })).toEqual({
    [list]: [],
    success: false,
    errorCode: 1,
    errorMessage: null,
  });
});
