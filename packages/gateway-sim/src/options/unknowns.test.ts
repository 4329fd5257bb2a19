import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Gateway, GatewayOptions, ManualGatewayClock, Unknowns } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';
import { hubTap } from '../testing/hub-tap.ts';

// What nobody has seen of the live gateway, both ways; the first of each pair is the default.
const oco = { accounts: [{ id: 700_001, name: 'PRAC-V2-1', bracketMode: 'auto-oco' as const }] };
const brackets = {
  stopLossBracket: { ticks: -40, type: 4 },
  takeProfitBracket: { ticks: 40, type: 1 },
};
const since = { startTimestamp: '2020-01-01T00:00:00Z' };

async function ways(
  unknowns: readonly (Unknowns | undefined)[],
  look: (client: GatewayClient, clock: ManualGatewayClock, gateway: Gateway) => Promise<unknown>,
  options: GatewayOptions = {},
): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (const chosen of unknowns) {
    const clock = manualGatewayClock();
    await using gateway = await startGateway({
      clock,
      priceStepMs: 0,
      bracketActivationMs: 0,
      ...options,
      ...(chosen && { unknowns: chosen }),
    });
    seen.push(await look(await gatewayClient(gateway), clock, gateway));
  }
  return seen;
}

describe('tags', () => {
  it('that are empty are none, so that a client can send one with every order', async () => {
    const look = async (client: GatewayClient) => {
      await client.place({ customTag: '' });
      const { errorMessage } = await client.place({ customTag: '' });
      return [
        errorMessage,
        ...(await client.rows('Order/search', 'orders', since)).map(({ customTag }) => customTag),
      ];
    };
    expect(await ways([undefined, { emptyTag: 'a-tag' }], look)).toEqual([
      [null, null, null],
      ['Specified custom tag is already in use', ''],
    ]);
  });

  it('are at most 64 characters long, those of legs included', async () => {
    const look = async (client: GatewayClient) => {
      const place = async (length: number, more: object = {}) =>
        (await client.place({ customTag: `${length}${'x'.repeat(length - 2)}`, ...more }))[
          'errorMessage'
        ];
      return [
        await place(64),
        await place(65),
        await place(61, brackets),
        await place(62, brackets),
      ];
    };
    expect(await ways([undefined, { longestTag: 0 }], look, oco)).toEqual([
      [null, 'Invalid custom tag', null, 'Invalid custom tag'],
      [null, null, null, null],
    ]);
  });
});

it('a refused order is an order with an id and keeps its tag, or only where that was recorded', async () => {
  const look = async (client: GatewayClient) => {
    const misaligned = await client.place({ type: 1, limitPrice: 24000.1, customTag: 'off' });
    const tooNear = await client.place({
      stopLossBracket: { ticks: -2, type: 4 },
      customTag: 'near',
    });
    const again = await client.place({ customTag: 'off' });
    return [
      misaligned['orderId'] === null,
      tooNear['orderId'] === null,
      again['success'],
      (await client.rows('Order/search', 'orders', since)).length,
    ];
  };
  expect(await ways([undefined, { refusedOrders: 'recorded' }], look, oco)).toEqual([
    [false, false, false, 2],
    [true, false, true, 2],
  ]);
});

describe('bracket legs', () => {
  it('can be given a size of their own', async () => {
    const look = async (client: GatewayClient) => {
      const { orderId } = await client.place({ size: 2, ...brackets });
      const { errorCode } = await client.post('Order/modify', {
        accountId: 700_001,
        orderId: Number(orderId) + 1,
        size: 1,
      });
      return [
        errorCode,
        ...(await client.rows('Order/searchOpen', 'orders')).map(({ size }) => size),
      ];
    };
    expect(await ways([undefined, { legSize: 'refused' }], look, oco)).toEqual([
      [0, 1, 2],
      [3, 2, 2],
    ]);
  });

  it('cannot be moved while they are suspended', async () => {
    const look = async (client: GatewayClient) => {
      const { orderId } = await client.place({ type: 1, limitPrice: 23000, ...brackets });
      const { errorCode } = await client.post('Order/modify', {
        accountId: 700_001,
        orderId: Number(orderId) + 2,
        limitPrice: 23999,
      });
      const [leg] = (
        await client.rows('Order/v2/query', 'orders', {
          filter: { accountId: 700_001, statuses: [8] },
        })
      ).filter(({ type }) => type === 1);
      return [errorCode, leg?.['limitPrice']];
    };
    expect(await ways([undefined, { suspendedLegs: 'taken' }], look, oco)).toEqual([
      [3, null],
      [0, 23999],
    ]);
  });

  it('may be as near as one tick where they are targets, or not by option', async () => {
    const near = { takeProfitBracket: { ticks: 3, type: 1 } };
    const look = async (client: GatewayClient) => {
      const { errorMessage } = await client.place(near);
      return [
        errorMessage,
        (await client.place({ side: 1, takeProfitBracket: { ticks: -4, type: 1 } }))['errorCode'],
      ];
    };
    expect(await ways([undefined, { leastTargetTicks: 4 }], look, oco)).toEqual([
      [null, 0],
      ['Invalid take profit ticks (3). Price should be at least 4 ticks away.', 0],
    ]);
  });

  it('work though their position was closed before they did, or are refused, or gone without a word', async () => {
    const look = async (client: GatewayClient, clock: ManualGatewayClock, gateway: Gateway) => {
      await using user = await hubTap(gateway, client.token, 'user');
      const { orderId } = await client.place(brackets);
      await client.post('Position/closeContract', {
        accountId: 700_001,
        contractId: client.contractId,
      });
      clock.advance(25);
      await user.settled();
      const legs = (
        await client.rows('Order/v2/query', 'orders', { filter: { accountId: 700_001 } })
      ).filter(({ parentOrderId }) => parentOrderId === orderId);
      const told = user.records
        .filter((record) => record.includes(`"parentOrderId":${String(orderId)}`))
        .map((record) => /"status":(\d)/.exec(record)?.[1]);
      return [legs.map(({ status }) => status), told.slice(2)];
    };
    const options = { ...oco, bracketActivationMs: 25 };
    expect(
      await ways([undefined, { legsOfClosed: 'refused' }, { legsOfClosed: 'lost' }], look, options),
    ).toEqual([
      [
        [1, 1],
        ['1', '1'],
      ],
      [
        [5, 5],
        ['5', '5'],
      ],
      [[3, 3], []],
    ]);
  });

  it('name their entry and sibling in rows of REST', async () => {
    const look = async (client: GatewayClient) => {
      await client.place(brackets);
      return (await client.rows('Order/searchOpen', 'orders')).map((row) => [
        'parentOrderId' in row,
        'linkedOrderId' in row,
      ]);
    };
    expect(await ways([undefined, { restLegLinks: false }], look, oco)).toEqual([
      [
        [true, false],
        [true, true],
      ],
      [
        [false, false],
        [false, false],
      ],
    ]);
  });
});

it('a limit order beyond the market keeps its type', async () => {
  const look = async (client: GatewayClient) => {
    await client.place({ type: 1, limitPrice: 24500 });
    await client.place({ type: 1, limitPrice: 23000 });
    return (await client.rows('Order/search', 'orders', since)).map(
      ({ type, status, filledPrice }) => [type, status, filledPrice],
    );
  };
  expect(await ways([undefined, { crossingLimits: 'market' }], look)).toEqual([
    [
      [1, 2, 24000.25],
      [1, 1, null],
    ],
    [
      [2, 2, 24000.25],
      [1, 1, null],
    ],
  ]);
});

it('the contract filter of the newer query does nothing', async () => {
  const look = async (client: GatewayClient) => {
    await client.place({});
    return (
      await client.rows('Order/v2/query', 'orders', {
        filter: { accountId: 700_001, contractId: 'CON.F.US.EP.Z26' },
      })
    ).length;
  };
  expect(await ways([undefined, { queryContract: 'applied' }], look)).toEqual([1, 0]);
});

it('trades of REST have commissions', async () => {
  const look = async (client: GatewayClient) => {
    await client.place({});
    return (await client.rows('Trade/search', 'trades')).map((row) => row['commissions']);
  };
  expect(await ways([undefined, { restCommissions: false }], look)).toEqual([[0.25], [undefined]]);
});

it('asking for active accounts leaves none out', async () => {
  const look = async (client: GatewayClient) => [
    (await client.rows('Account/search', 'accounts', { onlyActiveAccounts: true })).length,
    (await client.rows('Account/search', 'accounts', { onlyActiveAccounts: false })).length,
  ];
  expect(await ways([undefined, { onlyActiveAccounts: 'locked' }], look)).toEqual([
    [3, 3],
    [2, 3],
  ]);
});

it('the ping answers everybody, or those alone who have a token', async () => {
  const look = async ({ token }: GatewayClient, _clock: ManualGatewayClock, { url }: Gateway) => {
    const ping = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await fetch(`${url}/api/Status/ping`, { headers })).status;
    return [
      await ping({}),
      await ping({ authorization: 'Bearer none' }),
      await ping({ authorization: `Bearer ${token}` }),
    ];
  };
  expect(await ways([undefined, { ping: 'needs-token' }], look)).toEqual([
    [200, 200, 200],
    [401, 401, 200],
  ]);
});

it('a hub ends a handshake of another version without a word, after two seconds', async () => {
  /** What a bare socket has heard before two seconds and after them. */
  const heard = async (version: number, unknowns: Unknowns): Promise<[string[], string[]]> => {
    const clock = manualGatewayClock();
    await using gateway = await startGateway({ clock, priceStepMs: 0, unknowns });
    const { token } = await gatewayClient(gateway);
    const socket = new WebSocket(
      `${gateway.url.replace('http', 'ws')}/hubs/user?access_token=${token}`,
    );
    const records: string[] = [];
    socket.on('message', (data: Buffer) =>
      records.push(
        ...data
          .toString()
          .split('\u001E')
          .filter((record) => record !== ''),
      ),
    );
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(`{"protocol":"json","version":${version}}\u001E`);
    socket.send('{"type":1,"invocationId":"1","target":"SubscribeAccounts","arguments":[]}\u001E');
    const ponged = new Promise((resolve) => socket.once('pong', resolve));
    socket.ping();
    await ponged;
    // The gateway has read all of it by now; what it answers leaves within the next turns.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const before = [...records];
    clock.advance(2000);
    if (before.length === 0) await closed.then(() => records.push('closed'));
    socket.terminate();
    return [before, records.slice(before.length)];
  };
  const taken = [['{}', '{"type":3,"invocationId":"1","result":null}'], []];
  expect(await heard(0, {})).toEqual([[], ['closed']]);
  expect(await heard(1, {})).toEqual(taken);
  expect(await heard(2, {})).toEqual(taken);
  expect(await heard(0, { otherVersions: 'taken' })).toEqual(taken);
});
