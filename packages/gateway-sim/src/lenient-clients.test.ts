import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { expect, it } from 'vitest';
import { manualGatewayClock, startGateway } from './index.ts';
import type { Fields } from './testing/gateway-client.ts';
import { gatewayClient } from './testing/gateway-client.ts';

// Clients that others wrote, and that the framework behind the live gateway lets in.
it('lets a client that sends lower-case names, trailing slashes and no start time trade from login to close', async () => {
  await using gateway = await startGateway({ priceStepMs: 0 });
  let token = '';
  const post = async (path: string, body: Fields): Promise<Fields> => {
    const response = await fetch(`${gateway.url}/api/${path}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== '' && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    expect([path, response.status]).toEqual([path, 200]);
    const fields = (await response.json()) as Fields;
    expect(fields).toMatchObject({ success: true, errorCode: 0, errorMessage: null });
    return fields;
  };
  token = String((await post('auth/loginkey', { username: 'demo', apikey: 'demo-key' }))['token']);
  const connection = new HubConnectionBuilder()
    .withUrl(`${gateway.url}/hubs/user/?access_token=${token}`, {
      skipNegotiation: true,
      transport: HttpTransportType.WebSockets,
    })
    .configureLogging(LogLevel.None)
    .build();
  const heard: unknown[] = [];
  connection.on(
    'GatewayUserTrade',
    ({ data }: { data: Fields }) => void heard.push(data['orderId']),
  );
  await connection.start();
  await connection.invoke('subscribetrades', 700_001);

  const [account] = (await post('account/search', { onlyactiveaccounts: true }))[
    'accounts'
  ] as Fields[];
  const contracts = (await post('contract/search', { searchtext: 'mnq', live: false }))[
    'contracts'
  ] as Fields[];
  const contractid = contracts.find(({ name }) => String(name).startsWith('MNQ'))?.['id'];
  const accountid = account?.['id'];
  await post('history/retrievebars', {
    contractid,
    live: false,
    starttime: '2026-09-01',
    endtime: '2026-09-02',
    unit: 2,
    unitnumber: 5,
    limit: 10,
    includepartialbar: false,
  });
  const { orderId } = await post('order/place', {
    accountid,
    contractid,
    type: 1,
    side: 0,
    size: 2,
    limitprice: 23000,
    customtag: 'entry',
  });
  await post('order/modify', { accountid, orderid: orderId, limitprice: 24500 });
  expect(
    (await post('order/search', { accountid, starttimestamp: '2020-01-01T00:00:00' }))['orders'],
  ).toEqual([expect.objectContaining({ id: orderId, status: 2, customTag: 'entry' })]);
  expect((await post('position/searchopen', { accountid }))['positions']).toEqual([
    expect.objectContaining({ size: 2 }),
  ]);
  await post('position/partialclosecontract', { accountid, contractid, size: 1 });
  await post('position/closecontract', { accountid, contractid });
  // No start: the documentation asks for one, the gateway's own schema does not.
  const trades = (await post('trade/search', { accountid }))['trades'] as Fields[];
  expect(trades.map(({ side, size }) => [side, size])).toEqual([
    [1, 1],
    [1, 1],
    [0, 2],
  ]);
  expect((await post('position/searchopen', { accountid }))['positions']).toEqual([]);
  await connection.invoke('UnsubscribeTrades', 700_001);
  expect(heard[0]).toBe(orderId);
  await connection.stop();
  await post('auth/logout', {});
});

it('serves a negotiated hub and the ping with a slash at the end, and strikes such requests with faults all the same', async () => {
  await using gateway = await startGateway({ priceStepMs: 0 });
  const { token } = await gatewayClient(gateway);
  const negotiated = await fetch(
    `${gateway.url}/hubs/market/negotiate/?negotiateVersion=1&access_token=${token}`,
    { method: 'POST' },
  );
  expect(await negotiated.json()).toMatchObject({
    negotiateVersion: 1,
    availableTransports: [{ transport: 'WebSockets' }],
  });
  expect((await fetch(`${gateway.url}/api/Status/ping/`)).status).toBe(200);
  gateway.faults.add({
    endpoint: 'Position/searchOpen',
    count: 1,
    fault: { kind: 'status', status: 503 },
  });
  const ask = async (): Promise<number> =>
    (
      await fetch(`${gateway.url}/api/Position/searchOpen/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: '{"ACCOUNTID":700001}',
      })
    ).status;
  expect([await ask(), await ask()]).toEqual([503, 200]);
  gateway.faults.add({
    endpoint: 'Position/searchOpen',
    accountId: 700_001,
    fault: { kind: 'status', status: 502 },
  });
  expect(await ask()).toBe(502);
});

it('finds an order by the very time that its row shows, on either side, and not by one that is later', async () => {
  const clock = manualGatewayClock(Date.UTC(2026, 8, 21, 14, 0, 0, 123));
  await using gateway = await startGateway({ clock, priceStepMs: 0 });
  const client = await gatewayClient(gateway);
  await client.place({});
  const at = '2026-09-21T14:00:00.1234037+00:00';
  const found = async (startTimestamp: string): Promise<number> =>
    (await client.rows('Order/search', 'orders', { startTimestamp })).length +
    (await client.rows('Trade/search', 'trades', { startTimestamp })).length;
  const [row] = await client.rows('Order/search', 'orders', { startTimestamp: '2026-09-21' });
  expect(row?.['creationTimestamp']).toBe('2026-09-21T14:00:00.123403+00:00');
  expect([
    await found(at),
    await found(String(row?.['creationTimestamp'])),
    await found('2026-09-21T14:00:00.123404Z'),
    await found('2026-09-21T16:00:00.1234037+02:00'),
  ]).toEqual([2, 2, 0, 2]);
});
