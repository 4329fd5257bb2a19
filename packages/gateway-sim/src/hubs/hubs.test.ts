import type { HubConnection } from '@microsoft/signalr';
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Gateway, GatewayOptions, ManualGatewayClock } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { Fields, GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

// Driven by the stock client, as a bot author would.
let clock: ManualGatewayClock;
let gateway: Gateway;
let client: GatewayClient;
const connections: HubConnection[] = [];
const userEvents = [
  'GatewayUserAccount',
  'GatewayUserOrder',
  'GatewayUserPosition',
  'GatewayUserTrade',
];
const marketEvents = ['GatewayQuote', 'GatewayTrade', 'GatewayDepth'];
const options: GatewayOptions = {
  priceStepMs: 0,
  rateLimit: { everythingElse: 'off' },
  accounts: [
    { id: 700_001, name: 'PRAC-V2-1', bracketMode: 'auto-oco' },
    { id: 700_002, name: 'PRAC-V2-2' },
  ],
};

/** What a connection was told: the event and its arguments. */
type Heard = [string, ...unknown[]][];

async function connect(
  hub: 'user' | 'market',
  how: 'direct' | 'negotiated' = 'direct',
): Promise<{ connection: HubConnection; heard: Heard }> {
  const url = `${gateway.url}/hubs/${hub}?access_token=${client.token}`;
  const documented = {
    skipNegotiation: true,
    transport: HttpTransportType.WebSockets,
    accessTokenFactory: () => client.token,
    timeout: 10_000,
  };
  const connection = new HubConnectionBuilder()
    .withUrl(url, how === 'direct' ? documented : {})
    .withAutomaticReconnect([0, 0, 10])
    .configureLogging(LogLevel.None)
    .build();
  connections.push(connection);
  const heard: Heard = [];
  for (const event of [...userEvents, ...marketEvents])
    connection.on(event, (...given: unknown[]) => void heard.push([event, ...given]));
  await connection.start();
  return { connection, heard };
}
async function subscribeUser(connection: HubConnection, accountId = 700_001): Promise<void> {
  await connection.invoke('SubscribeAccounts');
  for (const kind of ['Orders', 'Positions', 'Trades'])
    await connection.invoke(`Subscribe${kind}`, accountId);
}
/** An answered call comes after every event that was sent before it. */
const settled = (connection: HubConnection) => connection.invoke('UnsubscribeTrades', 1);
const dataOf = (entry: Heard[number]): Fields => (entry[1] as { data: Fields }).data;

beforeEach(async () => {
  clock = manualGatewayClock();
  gateway = await startGateway({ ...options, clock });
  client = await gatewayClient(gateway);
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.stop()));
  await gateway.close();
});

describe('connecting', () => {
  it.each(['direct', 'negotiated'] as const)('serves a stock client %s', async (how) => {
    const { connection, heard } = await connect('user', how);
    await subscribeUser(connection);
    await client.place({ customTag: 'seen' });
    await settled(connection);
    expect(heard.map(([event]) => event)).toEqual([
      'GatewayUserOrder',
      'GatewayUserTrade',
      'GatewayUserOrder',
      'GatewayUserPosition',
      'GatewayUserAccount',
    ]);
  });

  it.each(['', '?access_token=eyJ.a.b'])(
    'answers 401 to the upgrade and to negotiation with the token "%s"',
    async (query) => {
      const status = await new Promise((resolve) =>
        new WebSocket(`${gateway.url.replace('http', 'ws')}/hubs/user${query}`)
          .on('unexpected-response', (_request, response) => resolve(response.statusCode))
          .on('error', () => {}),
      );
      expect(status).toBe(401);
      expect(
        (await fetch(`${gateway.url}/hubs/user/negotiate${query}`, { method: 'POST' })).status,
      ).toBe(401);
    },
  );

  it('answers 404 to a hub that there is not', async () => {
    const status = await new Promise((resolve) =>
      new WebSocket(`${gateway.url.replace('http', 'ws')}/hubs/chat`)
        .on('unexpected-response', (_request, response) => resolve(response.statusCode))
        .on('error', () => {}),
    );
    expect(status).toBe(404);
  });

  it('names an unknown method and a missing argument in the answer, and goes on', async () => {
    const { connection } = await connect('user');
    await expect(connection.invoke('SubscribeEverything')).rejects.toThrow('Method does not exist');
    await expect(connection.invoke('SubscribeOrders')).rejects.toThrow('binding arguments');
    await connection.invoke('SubscribeOrders', 700_001);
  });

  it('pings, and closes on what is not a record of the protocol', async () => {
    const socket = new WebSocket(
      `${gateway.url.replace('http', 'ws')}/hubs/user?access_token=${client.token}`,
    );
    const received: string[] = [];
    socket.on('message', (data: Buffer) => void received.push(data.toString()));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"protocol":"json","version":1}\u001E');
    await vi.waitFor(() => expect(received).toEqual(['{}\u001E']));
    clock.advance(15_000);
    await vi.waitFor(() => expect(received[1]).toBe('{"type":6}\u001E'));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send('nonsense');
    await closed;
    expect(received.at(-1)).toContain('"type":7');
  });
});

describe('user hub', () => {
  it('wraps rows, and leaves out nulls and decimals that are zero', async () => {
    const { connection, heard } = await connect('user');
    await subscribeUser(connection);
    await client.place({ customTag: 'row' });
    await client.post('Position/closeContract', {
      accountId: 700_001,
      contractId: client.contractId,
    });
    await settled(connection);
    const time = '2026-09-21T14:00:00+00:00';
    expect(heard[2]).toEqual([
      'GatewayUserOrder',
      {
        action: 1,
        data: {
          id: 3_400_000_001,
          accountId: 700_001,
          contractId: client.contractId,
          symbolId: 'F.US.MNQ',
          creationTimestamp: time,
          updateTimestamp: time,
          status: 2,
          type: 2,
          side: 0,
          size: 1,
          fillVolume: 1,
          filledPrice: 24000.25,
          customTag: 'row',
        },
      },
    ]);
    const trades = heard.filter(([event]) => event === 'GatewayUserTrade');
    expect(
      trades.map((entry) => [
        (entry[1] as Fields)['action'],
        'profitAndLoss' in dataOf(entry),
        dataOf(entry)['commissions'],
      ]),
    ).toEqual([
      [0, false, 0.25],
      [0, true, 0.25],
      // The trade that opened the position, once more.
      [0, false, 0.25],
    ]);
    expect(
      heard.filter(([event]) => event === 'GatewayUserPosition').map(([, row]) => row),
    ).toMatchObject([
      { action: 1, data: { type: 1, size: 1, averagePrice: 24000.25 } },
      { action: 2, data: { type: 0, size: 0, averagePrice: 24000.25 } },
    ]);
  });

  it('tells of brackets in the recorded order', async () => {
    const { connection, heard } = await connect('user');
    await subscribeUser(connection);
    await client.place({
      customTag: 'e',
      stopLossBracket: { ticks: -40, type: 4 },
      takeProfitBracket: { ticks: 40, type: 1 },
    });
    clock.advance(25);
    await settled(connection);
    expect(
      heard.map(([event, ...rest]) =>
        event === 'GatewayUserOrder'
          ? [dataOf([event, ...rest])['customTag'], dataOf([event, ...rest])['status']]
          : event,
      ),
    ).toEqual([
      ['e-SL', 8],
      ['e', 6],
      ['e-TP', 8],
      'GatewayUserTrade',
      ['e', 2],
      'GatewayUserPosition',
      'GatewayUserAccount',
      'GatewayUserAccount',
      ['e-TP', 1],
      ['e-SL', 1],
    ]);
  });

  it('tells of a refusal without its reason', async () => {
    const { connection, heard } = await connect('user');
    await subscribeUser(connection);
    await client.place({ type: 1, limitPrice: 24000.1, customTag: 'no' });
    await settled(connection);
    expect(heard.map((entry) => dataOf(entry)['status'])).toEqual([5]);
    expect(JSON.stringify(heard)).not.toContain('aligned');
  });

  it('tells nothing of before the subscription, of other accounts, and after the end of it', async () => {
    await client.place({});
    const { connection, heard } = await connect('user');
    await connection.invoke('SubscribeOrders', 700_002);
    await connection.invoke('SubscribeOrders', 700_001);
    await connection.invoke('UnsubscribeOrders', 700_001);
    await client.place({});
    await settled(connection);
    expect(heard).toEqual([]);
    await client.place({ accountId: 700_002 });
    await settled(connection);
    expect(heard).toHaveLength(2);
  });

  it('sends flat rows by option', async () => {
    await gateway.close();
    gateway = await startGateway({ ...options, hubPayloads: 'flat' });
    client = await gatewayClient(gateway);
    const { connection, heard } = await connect('user');
    await connection.invoke('SubscribeOrders', 700_001);
    await client.place({ customTag: 'flat' });
    await settled(connection);
    expect(heard[0]).toEqual([
      'GatewayUserOrder',
      expect.objectContaining({ customTag: 'flat', status: 6 }),
    ]);
  });
});

describe('a dropped connection', () => {
  it('reconnects, has forgotten its subscriptions, and hears nothing of the gap', async () => {
    const { connection, heard } = await connect('user');
    await subscribeUser(connection);
    const reconnected = new Promise((resolve) => connection.onreconnected(resolve));
    gateway.dropHubs('user');
    await client.place({ customTag: 'in the gap' });
    await reconnected;
    await client.place({ customTag: 'not subscribed' });
    await settled(connection);
    expect(heard).toEqual([]);
    await subscribeUser(connection);
    await client.place({ customTag: 'again' });
    await settled(connection);
    expect(heard.map(([event]) => event)).toContain('GatewayUserTrade');
    expect(JSON.stringify(heard)).not.toMatch(/gap|not subscribed/);
  });

  it('hears of the exchange after a reset', async () => {
    const { connection, heard } = await connect('user');
    await subscribeUser(connection);
    gateway.reset();
    await client.place({});
    await settled(connection);
    expect(heard).toHaveLength(5);
  });
});

describe('market hub', () => {
  it('sends a fuller quote first and then what changed, trades and depth as arrays with nulls at times', async () => {
    const { connection, heard } = await connect('market');
    for (const kind of ['Quotes', 'Trades', 'MarketDepth'])
      await connection.invoke(`SubscribeContract${kind}`, client.contractId);
    for (let step = 0; step < 40; step += 1) gateway.stepPrices();
    await connection.invoke('UnsubscribeContractTrades', 'none');
    const of = (event: string) =>
      heard
        .filter(([target]) => target === event)
        .map(([, contractId, payload]) => (expect(contractId).toBe(client.contractId), payload));
    const [first, ...later] = of('GatewayQuote') as Fields[];
    const time = '2026-09-21T14:00:00+00:00';
    expect(first).toMatchObject({
      symbol: 'F.US.MNQ',
      lastPrice: expect.any(Number),
      bestBid: expect.any(Number),
      bestAsk: expect.any(Number),
      open: 24000,
      volume: expect.any(Number),
      timestamp: time,
      contract: client.contractId,
    });
    expect(later.some((quote) => !('bestBid' in quote))).toBe(true);
    const trades = of('GatewayTrade') as unknown[][];
    expect(trades).toHaveLength(40);
    expect(trades[0]?.[0]).toMatchObject({
      symbolId: 'F.US.MNQ',
      price: expect.any(Number),
      volume: expect.any(Number),
      contractId: client.contractId,
      timestamp: time,
    });
    expect(trades.some((rows) => rows.includes(null))).toBe(true);
    const depth = of('GatewayDepth') as unknown[][];
    expect(depth[0]?.[0]).toEqual({
      contractId: client.contractId,
      timestamp: time,
      type: 4,
      price: expect.any(Number),
      volume: expect.any(Number),
      currentVolume: 0,
    });
    expect(depth.some((rows) => rows.includes(null))).toBe(true);
    // What was merged is where the market stands: the next buy pays the ask.
    const merged = [first, ...later].reduce((state, quote) => ({ ...state, ...quote }), {});
    await client.place({});
    expect(gateway.truth().orders[0]?.filledPrice).toBe(merged?.['bestAsk']);
  });

  it('stops with the end of a subscription', async () => {
    const { connection, heard } = await connect('market');
    await connection.invoke('SubscribeContractTrades', client.contractId);
    gateway.stepPrices();
    await connection.invoke('UnsubscribeContractTrades', client.contractId);
    gateway.stepPrices();
    await connection.invoke('UnsubscribeContractQuotes', client.contractId);
    expect(heard).toHaveLength(1);
  });
});

describe('faults of the hubs', () => {
  const tags = async (
    fault: Parameters<Gateway['faults']['add']>[0]['fault'],
    selector: object = {},
  ) => {
    const { connection, heard } = await connect('user');
    await connection.invoke('SubscribeTrades', 700_001);
    gateway.faults.add({ hub: 'user', event: 'GatewayUserTrade', fault, ...selector });
    for (let index = 0; index < 3; index += 1) await client.place({});
    await connection.invoke('UnsubscribeOrders', 700_001);
    return {
      connection,
      ids: () => heard.map((entry) => Number(dataOf(entry)['id']) - 3_000_000_000),
    };
  };

  it.each([
    ['event-duplicate', [1, 2, 2, 3]],
    ['event-drop', [1, 3]],
    ['event-reorder', [1, 3, 2]],
  ] as const)('%s turns three events into %j', async (kind, expected) => {
    expect((await tags({ kind }, { nth: 2 })).ids()).toEqual(expected);
  });

  it('delay an event', async () => {
    const { connection, ids } = await tags({ kind: 'event-delay', byMs: 500 }, { nth: 1 });
    expect(ids()).toEqual([2, 3]);
    clock.advance(500);
    await connection.invoke('UnsubscribeOrders', 700_001);
    expect(ids()).toEqual([2, 3, 1]);
  });

  it('drop the connection in place of an event', async () => {
    const { connection } = await connect('user');
    await connection.invoke('SubscribeTrades', 700_001);
    const reconnecting = new Promise((resolve) => connection.onreconnecting(resolve));
    gateway.faults.add({ id: 'cut', hub: 'user', fault: { kind: 'hub-drop' } });
    await client.place({});
    await reconnecting;
    expect(gateway.faults.counts()).toEqual({ cut: { matched: 1, struck: 1 } });
  });

  it('leave a connection open and mute', async () => {
    const { connection, heard } = await connect('user');
    await connection.invoke('SubscribeTrades', 700_001);
    gateway.faults.add({ hub: 'user', count: 1, fault: { kind: 'hub-mute', forMs: 1000 } });
    await client.place({});
    await client.place({});
    clock.advance(1000);
    await client.place({});
    await connection.invoke('UnsubscribeOrders', 700_001);
    expect(heard).toHaveLength(1);
  });
});
