import { describe, expect, it } from 'vitest';
import type { GatewayDifference, GatewayOptions } from '../index.ts';
import { gatewayDifferences, manualGatewayClock, startGateway } from '../index.ts';
import type { Fields, GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';
import type { HubTap } from '../testing/hub-tap.ts';
import { hubTap } from '../testing/hub-tap.ts';

// Each difference that can be switched on, seen from outside: what a client sees by default, and what it sees then.
interface Look {
  readonly client: GatewayClient;
  readonly user: HubTap;
  /** Status and body of a request as it stands. */
  readonly ask: (
    path: string,
    body: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<{ status: number; body: Fields }>;
  readonly stepPrices: () => void;
}
const accountId = 700_001;
const statusOf = async (asked: Promise<{ status: number }>): Promise<number> =>
  (await asked).status;
const first = async ({ user }: Look, what: string): Promise<string> => {
  await user.settled();
  return user.records.find((record) => record.includes(what)) ?? '';
};
const window = {
  live: false,
  startTime: '2026-09-21T13:00:00Z',
  endTime: '2026-09-21T14:00:00Z',
  unit: 2,
  unitNumber: 5,
  limit: 2,
  includePartialBar: false,
};

const looks: Readonly<
  Record<
    GatewayDifference,
    {
      readonly sees: (look: Look) => Promise<unknown>;
      readonly byDefault: unknown;
      readonly switchedOn: unknown;
    }
  >
> = {
  'names-by-case': {
    sees: ({ ask }) => statusOf(ask('Position/searchOpen', '{"accountid":700001}')),
    byDefault: 200,
    switchedOn: 400,
  },
  'no-trailing-slash': {
    sees: ({ ask }) => statusOf(ask('Position/searchOpen/', '{"accountId":700001}')),
    byDefault: 200,
    switchedOn: 404,
  },
  'any-content-type': {
    sees: ({ ask }) =>
      statusOf(
        ask('Position/searchOpen', '{"accountId":700001}', { 'content-type': 'text/plain' }),
      ),
    byDefault: 415,
    switchedOn: 200,
  },
  'plain-problems': {
    sees: async ({ ask }) =>
      Object.keys((await ask('Position/searchOpen', '{"accountId":"x"}')).body['errors'] as Fields),
    byDefault: ['$.accountId'],
    switchedOn: ['accountId'],
  },
  'trade-search-needs-start': {
    sees: ({ ask }) => statusOf(ask('Trade/search', '{"accountId":700001}')),
    byDefault: 200,
    switchedOn: 400,
  },
  // What the machine's zone is shows only on a machine with another one: see zoneless-times.test.ts of the system tests.
  'local-times': {
    sees: ({ ask }) =>
      statusOf(ask('Trade/search', '{"accountId":700001,"startTimestamp":"2026-09-21T14:00:00"}')),
    byDefault: 200,
    switchedOn: 200,
  },
  'no-order-query': {
    sees: async ({ ask }) => [
      await statusOf(ask('Order/v2/query', '{"filter":{"accountId":700001}}')),
      await statusOf(ask('Order/searchById', '{"accountId":700001,"orderId":1}')),
    ],
    byDefault: [200, 200],
    switchedOn: [404, 404],
  },
  'opaque-tokens': {
    sees: ({ client }) =>
      Promise.resolve(client.token.split('.').length === 3 && client.token.startsWith('eyJ')),
    byDefault: true,
    switchedOn: false,
  },
  'live-data': {
    sees: async ({ client }) =>
      (await client.rows('Contract/search', 'contracts', { searchText: 'MNQ', live: true })).length,
    byDefault: 0,
    switchedOn: 1,
  },
  'search-by-name': {
    sees: async ({ client }) =>
      (await client.rows('Contract/search', 'contracts', { searchText: 'NQ', live: false })).length,
    byDefault: 4,
    switchedOn: 2,
  },
  'no-old-contracts': {
    sees: async ({ client }) =>
      (await client.post('Contract/searchById', { contractId: 'CON.F.US.MNQ.H24' }))['errorCode'],
    byDefault: 0,
    switchedOn: 1,
  },
  'bars-oldest-first': {
    sees: async ({ client }) =>
      (
        await client.rows('History/retrieveBars', 'bars', {
          contractId: client.contractId,
          ...window,
        })
      ).map(({ t }) => String(t).slice(14, 16)),
    byDefault: ['55', '50'],
    switchedOn: ['50', '55'],
  },
  'one-digit-years': {
    sees: async (look) => (
      await look.client.place({}),
      /"contractDisplayName":"(\w+)"/.exec(await first(look, 'Position'))?.[1]
    ),
    byDefault: 'MNQZ26',
    switchedOn: 'MNQZ6',
  },
  'sides-unchecked': {
    sees: async ({ client }) => (await client.place({ side: 7 }))['success'],
    byDefault: false,
    switchedOn: true,
  },
  'pending-resting-orders': {
    sees: async (look) => (
      await look.client.place({ type: 1, limitPrice: 23000 }),
      await look.user.settled(),
      look.user.told()
    ),
    byDefault: ['order 1'],
    switchedOn: ['order 6', 'order 1'],
  },
  'orders-before-trades': {
    sees: async (look) => (
      await look.client.place({}),
      await look.user.settled(),
      look.user.told()[1]
    ),
    byDefault: 'trade at 24000.25, result none',
    switchedOn: 'order 2',
  },
  'update-at-fill': {
    sees: async ({ client, stepPrices }) => {
      await client.place({ type: 1, limitPrice: 24000, side: 0, customTag: 'rests' });
      const before = (
        await client.rows('Order/search', 'orders', { startTimestamp: '2020-01-01' })
      )[0]?.['updateTimestamp'];
      stepPrices();
      const [row] = await client.rows('Order/search', 'orders', { startTimestamp: '2020-01-01' });
      return [row?.['status'], row?.['updateTimestamp'] === before];
    },
    byDefault: [2, true],
    switchedOn: [2, false],
  },
  'padded-hub-times': {
    sees: async (look) => (
      await look.client.place({}),
      /"creationTimestamp":"([^"]+)"/.exec(await first(look, 'Trade'))?.[1]
    ),
    byDefault: '2026-09-21T14:00:00+00:00',
    switchedOn: '2026-09-21T14:00:00.0000000+00:00',
  },
  'nulls-on-hubs': {
    sees: async (look) => (
      await look.client.place({}),
      (await first(look, 'Order')).includes('"filledPrice":null')
    ),
    byDefault: false,
    switchedOn: true,
  },
  'hub-methods-by-case': {
    sees: ({ user }) =>
      user.connection.invoke('subscribeaccounts').then(
        () => 'done',
        () => 'refused',
      ),
    byDefault: 'done',
    switchedOn: 'refused',
  },
};

async function seen(
  options: GatewayOptions,
  sees: (look: Look) => Promise<unknown>,
): Promise<unknown> {
  const clock = manualGatewayClock();
  await using gateway = await startGateway({
    clock,
    priceStepMs: 0,
    replay: { MNQ: { kind: 'ticks', csv: 'price\n24000\n23990\n' } },
    ...options,
  });
  const client = await gatewayClient(gateway);
  await using user = await hubTap(gateway, client.token, 'user', accountId);
  const ask: Look['ask'] = async (path, body, headers) => {
    const response = await fetch(`${gateway.url}/api/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${client.token}`,
        ...headers,
      },
      body,
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Fields };
  };
  const stepPrices = (): void => {
    clock.advance(1000);
    gateway.stepPrices();
  };
  // Awaited here, or everything would be closed before it has looked.
  return await sees({ client, user, ask, stepPrices });
}

describe('a difference that can be switched on', () => {
  it.each(gatewayDifferences)('is not there by default, and then is: %s', async (name) => {
    const { sees, byDefault, switchedOn } = looks[name];
    expect(await seen({}, sees)).toEqual(byDefault);
    expect(await seen({ differences: [name] }, sees)).toEqual(switchedOn);
  });
});
