import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from './index.ts';
import { manualGatewayClock, startGateway } from './index.ts';

let gateway: Gateway;
type Fields = Record<string, unknown>;

async function ask(
  url: string,
  method = 'GET',
  body?: unknown,
  token?: string,
): Promise<{ status: number; fields: Fields; date: string | null }> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(url, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    fields: (text === '' ? {} : JSON.parse(text)) as Fields,
    date: response.headers.get('date'),
  };
}
async function login(): Promise<string> {
  return String(
    (
      await ask(`${gateway.url}/api/Auth/loginKey`, 'POST', {
        userName: 'demo',
        apiKey: 'demo-key',
      })
    ).fields['token'],
  );
}
const openOrders = (token: string) =>
  ask(`${gateway.url}/api/Order/searchOpen`, 'POST', { accountId: 700_001 }, token);

beforeEach(async () => {
  gateway = await startGateway({
    clock: manualGatewayClock(Date.UTC(2026, 8, 21, 14)),
    priceStepMs: 0,
  });
});
afterEach(() => gateway.close());

describe('/sim/clock', () => {
  it('reads, advances and sets the time, which Date headers and tokens follow', async () => {
    const token = await login();
    expect((await ask(`${gateway.url}/sim/clock`)).fields).toEqual({
      now: '2026-09-21T14:00:00.000Z',
      epochMs: Date.UTC(2026, 8, 21, 14),
      manual: true,
    });
    expect(
      (await ask(`${gateway.url}/sim/clock`, 'POST', { advanceMs: 86_399_000 })).fields,
    ).toMatchObject({ now: '2026-09-22T13:59:59.000Z' });
    expect(await openOrders(token)).toMatchObject({
      status: 200,
      date: 'Tue, 22 Sep 2026 13:59:59 GMT',
    });
    expect(
      (await ask(`${gateway.url}/sim/clock`, 'POST', { now: '2026-09-22T14:00:00Z' })).status,
    ).toBe(200);
    expect((await openOrders(token)).status).toBe(401);
  });

  it('refuses to go back, and what it does not know, with a text', async () => {
    expect(await ask(`${gateway.url}/sim/clock`, 'POST', { now: 0 })).toMatchObject({
      status: 400,
      fields: { error: expect.stringContaining('time does not go back') },
    });
    expect(await ask(`${gateway.url}/sim/clock`, 'POST', { advanceMs: -1 })).toMatchObject({
      status: 400,
      fields: { error: expect.stringContaining('advanceMs') },
    });
    expect(await ask(`${gateway.url}/sim/nothing`)).toMatchObject({
      status: 404,
      fields: { error: expect.stringContaining('GET /sim/truth') },
    });
  });

  it('says that the system clock cannot be set', async () => {
    await using system = await startGateway();
    expect(await ask(`${system.url}/sim/clock`, 'POST', { advanceMs: 1 })).toMatchObject({
      status: 409,
      fields: { error: expect.stringContaining('manual clock') },
    });
  });
});

describe('/sim/reset and /sim/revoke', () => {
  it('forgets orders and their tags, and starts the ids again', async () => {
    const token = await login();
    const [contract] = (
      await ask(
        `${gateway.url}/api/Contract/search`,
        'POST',
        { searchText: 'MNQ', live: false },
        token,
      )
    ).fields['contracts'] as Fields[];
    const place = () =>
      ask(
        `${gateway.url}/api/Order/place`,
        'POST',
        {
          accountId: 700_001,
          contractId: contract?.['id'],
          type: 2,
          side: 0,
          size: 1,
          customTag: 'x',
        },
        token,
      );
    const first = await place();
    expect(first.fields).toMatchObject({ success: true });
    expect((await place()).fields).toMatchObject({ success: false });
    expect((await ask(`${gateway.url}/sim/reset`, 'POST')).fields).toEqual({ reset: true });
    expect(gateway.truth()).toMatchObject({
      orders: [],
      fills: [],
      positions: [],
      duplicateTags: {},
    });
    expect((await place()).fields).toEqual(first.fields);
    expect(await ask(`${gateway.url}/sim/reset`, 'POST', { seed: 'x' })).toMatchObject({
      status: 400,
      fields: { error: expect.stringContaining('seed') },
    });
  });

  it('revokes the tokens of one user, or of all', async () => {
    const token = await login();
    await ask(`${gateway.url}/sim/revoke`, 'POST', { userName: 'someone-else' });
    expect((await openOrders(token)).status).toBe(200);
    await ask(`${gateway.url}/sim/revoke`, 'POST', { userName: 'Demo' });
    expect((await openOrders(token)).status).toBe(401);
    const next = await login();
    await ask(`${gateway.url}/sim/revoke`, 'POST');
    expect((await openOrders(next)).status).toBe(401);
  });
});

describe('where /sim is served', () => {
  it('is nowhere when it is off', async () => {
    await using off = await startGateway({ simPort: 'off' });
    expect(off.simUrl).toBeUndefined();
    expect((await fetch(`${off.url}/sim/truth`)).status).toBe(404);
  });

  it('is on a port of its own, and only there', async () => {
    await using apart = await startGateway({ simPort: 0 });
    expect(apart.simUrl).not.toBe(apart.url);
    expect((await fetch(`${apart.url}/sim/truth`)).status).toBe(404);
    expect((await ask(`${apart.simUrl ?? ''}/sim/truth`)).fields).toMatchObject({ orders: [] });
    expect((await fetch(`${apart.simUrl ?? ''}/api/Status/ping`)).status).toBe(404);
  });
});
