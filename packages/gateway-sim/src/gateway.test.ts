import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway, OrderTruth } from './index.ts';
import { startGateway } from './index.ts';

// Driven by plain fetch: a client that knows nothing of the code behind it.
let gateway: Gateway;
let token: string;
const accountId = 700_001;
type Fields = Record<string, unknown>;

async function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${token}` },
) {
  const response = await fetch(`${gateway.url}/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, fields: (text === '' ? {} : JSON.parse(text)) as Fields, text };
}
async function rows(path: string, list: string, body: Fields = {}): Promise<Fields[]> {
  const { fields } = await post(path, { accountId, ...body });
  expect(fields).toMatchObject({ success: true, errorCode: 0, errorMessage: null });
  return fields[list] as Fields[];
}
async function contractId(name: string): Promise<string> {
  const { fields } = await post('Contract/search', { searchText: name, live: false });
  return String(
    (fields['contracts'] as Fields[]).find((contract) =>
      String(contract['name']).startsWith(name),
    )?.['id'],
  );
}
const place = async (order: Fields) =>
  (
    await post('Order/place', {
      accountId,
      type: 2,
      side: 0,
      size: 1,
      contractId: await contractId('MNQ'),
      ...order,
    })
  ).fields;

beforeEach(async () => {
  // The price moves only when a test says so.
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
  token = String(
    (await post('Auth/loginKey', { userName: 'Demo', apiKey: 'demo-key' }, {})).fields['token'],
  );
});
afterEach(() => gateway.close());

describe('auth', () => {
  it('gives a signed token with an end a day from now', () => {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      iat: number;
      exp: number;
    };
    expect(claims.exp - claims.iat).toBe(86_400);
  });

  it('refuses a wrong key in the envelope', async () => {
    expect(await post('Auth/loginKey', { userName: 'demo', apiKey: 'wrong' }, {})).toMatchObject({
      status: 200,
      fields: { token: null, success: false, errorCode: 3, errorMessage: null },
    });
  });

  it.each([
    ['none', {}],
    ['a made-up one', { authorization: 'Bearer eyJ.abc.def' }],
  ])(
    'answers 401 with an empty body to a request with a token that is %s',
    async (_name, headers) => {
      expect(await post('Order/searchOpen', { accountId }, headers)).toEqual({
        status: 401,
        fields: {},
        text: '',
      });
    },
  );

  it('validate gives a new token and leaves the old one valid; logout ends one', async () => {
    const { fields } = await post('Auth/validate', undefined);
    const replacement = { authorization: `Bearer ${String(fields['newToken'])}` };
    expect((await post('Order/searchOpen', { accountId }, replacement)).status).toBe(200);
    expect((await post('Order/searchOpen', { accountId })).status).toBe(200);
    await post('Auth/logout', undefined);
    expect((await post('Order/searchOpen', { accountId })).status).toBe(401);
  });

  it('revokes every token when told to', async () => {
    gateway.revokeTokens();
    expect((await post('Order/searchOpen', { accountId })).status).toBe(401);
  });
});

describe('binding', () => {
  it('answers 400 with problem details that name the field', async () => {
    const { status, fields } = await post('Order/place', {
      accountId,
      contractId: 'x',
      type: 2,
      side: 0,
    });
    expect([status, fields['status'], fields['errors']]).toEqual([
      400,
      400,
      {
        $: [
          "JSON deserialization for type 'PlaceOrderRequest' was missing required properties, including the following: size",
        ],
      },
    ]);
  });

  it('answers 404 to an unknown path, 405 to a GET, and the ping', async () => {
    expect((await post('Order/cancelAll', {})).status).toBe(404);
    expect((await fetch(`${gateway.url}/api/Order/place`)).status).toBe(405);
    expect(await (await fetch(`${gateway.url}/api/Status/ping`)).json()).toBe('pong');
  });
});

describe('orders', () => {
  it('fills a market order at once and books the position', async () => {
    const placed = await place({ customTag: 'a' });
    expect(placed).toMatchObject({ success: true, errorCode: 0 });
    expect(Number(placed['orderId'])).toBeGreaterThan(2 ** 31);
    const { fields } = await post('Order/searchById', { accountId, orderId: placed['orderId'] });
    expect(fields['order']).toMatchObject({
      status: 2,
      fillVolume: 1,
      filledPrice: 24000.25,
      customTag: 'a',
      limitPrice: null,
      stopPrice: null,
    });
    expect(await rows('Position/searchOpen', 'positions')).toEqual([
      expect.objectContaining({ type: 1, size: 1, averagePrice: 24000.25 }),
    ]);
  });

  it('refuses a tag that was used before, whatever its case, rejected orders included', async () => {
    await place({ customTag: 'once' });
    expect(await place({ customTag: 'ONCE' })).toEqual({
      orderId: null,
      success: false,
      errorCode: 2,
      errorMessage: 'Specified custom tag is already in use',
    });
    await place({ customTag: 'refused', type: 1, limitPrice: 24000.1 });
    expect(await place({ customTag: 'refused' })).toMatchObject({ success: false, errorCode: 2 });
    expect(gateway.truth().duplicateTags).toEqual({ ONCE: 1, refused: 1 });
  });

  it.each([
    [{ type: 1, limitPrice: 24000.1 }, 'Invalid limit price. Price is not aligned to tick size.'],
    [{ type: 4, stopPrice: 24000.1 }, 'Invalid stop price. Price is not aligned to tick size.'],
    [{ type: 4, side: 0, stopPrice: 23000 }, 'Invalid stop price'],
    [{ type: 5 }, 'Trail Distance not set.'],
    [{ type: 5, trailPrice: 20000 }, 'Trail Distance exceeds maximum (1000)'],
  ])('refuses %j with the known text and keeps the refused order', async (order, text) => {
    const refused = await place(order);
    expect(refused).toMatchObject({
      success: false,
      errorCode: 2,
      errorMessage: text,
      orderId: expect.any(Number),
    });
    const [row] = await rows('Order/search', 'orders', { startTimestamp: '2020-01-01T00:00:00Z' });
    expect(row).toMatchObject({ id: refused['orderId'], status: 5, fillVolume: 0 });
  });

  it.each([
    [{ accountId: 1 }, 1],
    [{ accountId: 700_003 }, 10],
    [{ contractId: 'CON.F.US.XXX.Z26' }, 8],
  ])('refuses %j with code %d', async (order, errorCode) => {
    expect(await place(order)).toMatchObject({ success: false, errorCode, orderId: null });
  });

  it('refuses an expired contract with code 9', async () => {
    const active = await contractId('MNQ');
    const { fields } = await post('Contract/searchById', { contractId: active });
    expect(fields['contract']).toMatchObject({
      activeContract: true,
      tickSize: 0.25,
      tickValue: 0.5,
    });
    const [, , , root, month = ''] = active.split('.');
    const letters = 'HMUZ';
    const before = letters.charAt((letters.indexOf(month.charAt(0)) + 3) % 4);
    const year = before === 'Z' ? String(Number(month.slice(1)) - 1) : month.slice(1);
    expect(await place({ contractId: `CON.F.US.${root}.${before}${year}` })).toMatchObject({
      success: false,
      errorCode: 9,
    });
  });

  it('rests a limit order, lists it as open, moves it and cancels it', async () => {
    const placed = await place({ type: 1, limitPrice: 23000, customTag: 'rest' });
    const orderId = placed['orderId'];
    expect(await rows('Order/searchOpen', 'orders')).toEqual([
      expect.objectContaining({ id: orderId, status: 1, limitPrice: 23000 }),
    ]);
    expect(
      (await post('Order/modify', { accountId, orderId, limitPrice: 23000.25, size: 3 })).fields,
    ).toEqual({ success: true, errorCode: 0, errorMessage: null });
    expect(
      (await post('Order/modify', { accountId, orderId, limitPrice: 23000.3 })).fields,
    ).toMatchObject({ errorCode: 3 });
    expect(await rows('Order/searchOpen', 'orders')).toEqual([
      expect.objectContaining({ limitPrice: 23000.25, size: 3 }),
    ]);
    expect((await post('Order/cancel', { accountId, orderId })).fields).toMatchObject({
      success: true,
    });
    expect((await post('Order/cancel', { accountId, orderId })).fields).toMatchObject({
      success: false,
      errorCode: 2,
    });
    expect((await post('Order/modify', { accountId, orderId, size: 1 })).fields).toMatchObject({
      success: false,
      errorCode: 2,
    });
    const [truth] = gateway.truth().orders;
    expect(truth?.states.map(({ status }) => status)).toEqual([6, 1, 3]);
    expect(truth?.requests.map(({ path }) => path)).toEqual([
      '/api/Order/place',
      '/api/Order/modify',
      '/api/Order/modify',
      '/api/Order/cancel',
      '/api/Order/cancel',
    ]);
  });

  it('fills a resting limit order when the price reaches it, without any request', async () => {
    await place({ type: 1, limitPrice: 23999.5, customTag: 'rest' });
    const status = () => gateway.truth().orders[0]?.status;
    expect(status()).toBe(1);
    for (let step = 0; step < 10_000 && status() === 1; step += 1) gateway.stepPrices();
    expect(status()).toBe(2);
    expect(gateway.truth().orders[0]?.filledPrice).toBeLessThanOrEqual(23999.5);
  });

  it('pages the newer query by rows and reports the count', async () => {
    for (let index = 0; index < 5; index += 1) await place({ customTag: `t${index}` });
    const { fields } = await post('Order/v2/query', {
      filter: { accountId },
      pageSize: 2,
      pageOffset: 1,
      sortDirection: 1,
      includeTotalCount: true,
    });
    expect((fields['orders'] as Fields[]).map((order) => order['customTag'])).toEqual(['t3', 't2']);
    expect(fields['totalCount']).toBe(5);
    expect((await post('Order/v2/query', {})).status).toBe(400);
  });
});

describe('positions and trades', () => {
  it('realises profit in ticks and money, net of fees in the balance, and reverses in two half-turns', async () => {
    await place({ side: 0, size: 1 });
    await place({ side: 1, size: 3 });
    const trades = await rows('Trade/search', 'trades', { startTimestamp: '2020-01-01T00:00:00Z' });
    // Bought at the ask of 24000.25, sold at the bid of 24000: one tick of 0.50 lost.
    expect(
      trades.map((trade) => [trade['side'], trade['size'], trade['price'], trade['profitAndLoss']]),
    ).toEqual([
      [1, 2, 24000, null],
      [1, 1, 24000, -0.5],
      [0, 1, 24000.25, null],
    ]);
    expect(await rows('Position/searchOpen', 'positions')).toEqual([
      expect.objectContaining({ type: 2, size: 2, averagePrice: 24000 }),
    ]);
    const [account] = await rows('Account/search', 'accounts', { onlyActiveAccounts: true });
    expect(account?.['balance']).toBe(50_000 - 0.5 - 4 * (0.36 + 0.25));
  });

  it('re-averages when adding, closes in part and whole, and names a missing position', async () => {
    const MNQ = await contractId('MNQ');
    await place({ side: 0, size: 1 });
    gateway.stepPrices();
    await place({ side: 0, size: 1 });
    const [position] = await rows('Position/searchOpen', 'positions');
    const fills = (
      await rows('Trade/search', 'trades', { startTimestamp: '2020-01-01T00:00:00Z' })
    ).map((trade) => Number(trade['price']));
    expect(position).toMatchObject({
      size: 2,
      averagePrice: fills.reduce((sum, price) => sum + price, 0) / 2,
    });
    expect(
      (await post('Position/partialCloseContract', { accountId, contractId: MNQ, size: 3 })).fields,
    ).toMatchObject({ errorCode: 5 });
    expect(
      (await post('Position/partialCloseContract', { accountId, contractId: MNQ, size: 1 })).fields,
    ).toMatchObject({ success: true });
    expect(
      (await post('Position/closeContract', { accountId, contractId: MNQ })).fields,
    ).toMatchObject({ success: true });
    expect(await rows('Position/searchOpen', 'positions')).toEqual([]);
    expect(
      (await post('Position/closeContract', { accountId, contractId: MNQ })).fields,
    ).toMatchObject({ errorCode: 2 });
  });

  it('trades a tick of 0.0000005 exactly', async () => {
    const yen = await contractId('6J');
    const placed = await place({ contractId: yen, type: 1, limitPrice: 0.0066995 });
    expect(placed).toMatchObject({ success: true });
    expect(await place({ contractId: yen, type: 1, limitPrice: 0.0066997 })).toMatchObject({
      errorMessage: 'Invalid limit price. Price is not aligned to tick size.',
    });
  });
});

describe('limits and record', () => {
  it('answers 429 beyond its window', async () => {
    await using tight = await startGateway({
      priceStepMs: 0,
      rateLimit: { everythingElse: { requests: 3, windowMs: 60_000 } },
    });
    const ping = () =>
      fetch(`${tight.url}/api/Auth/loginKey`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ userName: 'demo', apiKey: 'demo-key' }),
      });
    const statuses = [];
    for (let index = 0; index < 5; index += 1) statuses.push((await ping()).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it('shows the record over HTTP as it is in the process', async () => {
    await place({ customTag: 'recorded' });
    const response = await fetch(`${gateway.url}/sim/truth`);
    const truth = (await response.json()) as { orders: OrderTruth[] };
    expect(truth.orders).toEqual(JSON.parse(JSON.stringify(gateway.truth().orders)));
    expect(truth.orders[0]?.requests[0]?.body).toContain('"recorded"');
  });

  it('counts what came twice: by tag, and by content under another tag', async () => {
    const wanted = { type: 1, limitPrice: 23000, size: 2 };
    await place({ ...wanted, customTag: 'first' });
    await place({ ...wanted, customTag: 'first' });
    await place({ ...wanted, customTag: 'again' });
    await place({ ...wanted, customTag: 'off tick', limitPrice: 23000.1 });
    await place({ ...wanted, customTag: 'other', limitPrice: 23000.25 });
    expect(gateway.truth().duplicateTags).toEqual({ first: 1 });
    expect(gateway.truth().duplicateIntents).toEqual({
      [`700001 ${await contractId('MNQ')} 1 0 2 23000 - -`]: 1,
    });
  });

  it('keeps keys out of the record', async () => {
    await place({ customTag: 'recorded' });
    expect(JSON.stringify(gateway.truth())).not.toContain('demo-key');
  });

  it('moves prices the same way for the same seed', async () => {
    const pricesOf = async (seed: number) => {
      await using sim = await startGateway({
        seed,
        priceStepMs: 0,
        rateLimit: { everythingElse: 'off' },
      });
      const headers = { 'content-type': 'application/json', authorization: '' };
      const ask = async (path: string, body: object): Promise<Fields> =>
        (await (
          await fetch(`${sim.url}/api/${path}`, {
            method: 'POST',
            headers,
            body: JSON.stringify(body),
          })
        ).json()) as Fields;
      headers.authorization = `Bearer ${String((await ask('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' }))['token'])}`;
      const order = { accountId, contractId: await contractId('MNQ'), type: 2, side: 0, size: 1 };
      for (let index = 0; index < 20; index += 1) {
        sim.stepPrices();
        await ask('Order/place', order);
      }
      return sim.truth().orders.map(({ filledPrice }) => filledPrice);
    };
    const first = await pricesOf(7);
    expect(await pricesOf(7)).toEqual(first);
    expect(await pricesOf(8)).not.toEqual(first);
  });
});
