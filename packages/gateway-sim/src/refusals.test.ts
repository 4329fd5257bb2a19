import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from './index.ts';
import { manualGatewayClock, startGateway } from './index.ts';
import type { Fields } from './testing/gateway-client.ts';
import { gatewayClient } from './testing/gateway-client.ts';

// Every refusal text that is known of the gateway, each with what causes it there.
const oco = { accounts: [{ id: 700_001, name: 'PRAC-V2-1', bracketMode: 'auto-oco' as const }] };
const account = (settings: object) => ({
  accounts: [{ id: 700_001, name: 'PRAC-V2-1', ...settings }],
});
/** A Monday, 15:30 in Chicago. */
const afterHours = {
  session: 'topstep' as const,
  clock: manualGatewayClock(Date.UTC(2026, 8, 21, 20, 30)),
};

const refusedPlaces: readonly [
  text: string,
  errorCode: number,
  order: Fields,
  options: GatewayOptions,
][] = [
  [
    'Invalid limit price. Price is not aligned to tick size.',
    2,
    { type: 1, limitPrice: 24000.1 },
    {},
  ],
  [
    'Invalid stop price. Price is not aligned to tick size.',
    2,
    { type: 4, stopPrice: 24000.1 },
    {},
  ],
  ['Invalid stop price', 2, { type: 4, stopPrice: 23000 }, {}],
  ['Invalid price', 2, { type: 1 }, {}],
  [
    'Trading is currently unavailable. The instrument is not in an active trading status.',
    2,
    {},
    afterHours,
  ],
  ['Not enough margin.', 3, { size: 2 }, account({ balance: 1000, marginPerContract: 600 })],
  ['Trail Distance not set.', 2, { type: 5 }, {}],
  [
    'Invalid trail price. Price is not aligned to tick size.',
    2,
    { type: 5, trailPrice: 23990.1 },
    {},
  ],
  [
    'Cannot trail without a last price',
    2,
    { type: 5, trailPrice: 23990 },
    { trailingRefusals: { MNQ: 'no-last-price' } },
  ],
  [
    'Invalid symbol',
    2,
    { type: 5, trailPrice: 23990 },
    { trailingRefusals: { MNQ: 'unknown-symbol' } },
  ],
  ['Trail Distance exceeds maximum (1000)', 2, { type: 5, trailPrice: 23000 }, {}],
  [
    'Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.',
    2,
    { stopLossBracket: { ticks: -40, type: 4 } },
    {},
  ],
  [
    'Invalid stop loss ticks (40). Ticks should be less than zero when longing.',
    2,
    { stopLossBracket: { ticks: 40, type: 4 } },
    oco,
  ],
  [
    'Invalid take profit ticks (30). Ticks should be less than zero when going short.',
    2,
    { side: 1, takeProfitBracket: { ticks: 30, type: 1 } },
    oco,
  ],
  [
    'Invalid stop loss ticks (-50). Stop loss tick value should be at least 4 ticks.',
    2,
    { side: 1, stopLossBracket: { ticks: -50, type: 4 } },
    oco,
  ],
  [
    'Invalid stop loss ticks (1). Price should be at least 4 ticks away.',
    2,
    { side: 1, stopLossBracket: { ticks: 1, type: 4 } },
    oco,
  ],
  ['Invalid stop loss type (99)', 2, { stopLossBracket: { ticks: -40, type: 99 } }, oco],
  ['Invalid order size specified', 2, { size: 0 }, {}],
  ['Invalid order type specified', 2, { type: 3 }, {}],
  ['Invalid stop loss type (Limit)', 2, { stopLossBracket: { ticks: -40, type: 1 } }, oco],
];

describe('a place', () => {
  it.each(refusedPlaces)(
    'is refused with "%s", code %d',
    async (errorMessage, errorCode, order, options) => {
      await using gateway = await startGateway({ priceStepMs: 0, ...options });
      const client = await gatewayClient(gateway);
      const refused = await client.place({ customTag: 'once', ...order });
      expect(refused).toEqual({
        orderId: expect.any(Number),
        success: false,
        errorCode,
        errorMessage,
      });
      // A refused order is an order all the same, and its tag is spent.
      expect(gateway.truth().orders).toEqual([
        expect.objectContaining({
          id: refused['orderId'],
          status: 5,
          fillVolume: 0,
          customTag: 'once',
        }),
      ]);
      expect(await client.place({ customTag: 'once' })).toEqual({
        orderId: null,
        success: false,
        errorCode: 2,
        errorMessage: 'Specified custom tag is already in use',
      });
    },
  );

  it.each([
    [{ side: 7 }, 'Invalid order side specified'],
    [{ side: -1 }, 'Invalid order side specified'],
    [{ type: 0 }, 'Invalid order type specified'],
    [{ type: 99 }, 'Invalid order type specified'],
  ])(
    'with %j, which no enumeration has, is refused with code 2, and nothing trades',
    async (order, errorMessage) => {
      await using gateway = await startGateway({ priceStepMs: 0 });
      const client = await gatewayClient(gateway);
      const answer = await fetch(`${gateway.url}/api/Order/place`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}` },
        body: JSON.stringify({
          accountId: 700_001,
          contractId: client.contractId,
          type: 2,
          side: 0,
          size: 1,
          ...order,
        }),
      });
      expect([answer.status, await answer.text()]).toEqual([
        200,
        `{"orderId":null,"success":false,"errorCode":2,"errorMessage":"${errorMessage}"}`,
      ]);
      expect(gateway.truth()).toMatchObject({ orders: [], fills: [], positions: [] });
    },
  );

  it('of a side that there is not sells by option', async () => {
    await using gateway = await startGateway({ priceStepMs: 0, differences: ['sides-unchecked'] });
    expect(await (await gatewayClient(gateway)).place({ side: 7 })).toMatchObject({
      success: true,
    });
    expect(gateway.truth().orders).toEqual([expect.objectContaining({ status: 2, side: 1 })]);
  });

  it('is refused with code 4 after a violation', async () => {
    await using gateway = await startGateway({
      priceStepMs: 0,
      ...account({ restriction: 'violation' }),
    });
    expect(await (await gatewayClient(gateway)).place({})).toEqual({
      orderId: null,
      success: false,
      errorCode: 4,
      errorMessage: null,
    });
  });
});

describe('a modify', () => {
  it.each([
    ['Trail Distance not set.', { limitPrice: 23000 }, {}],
    ['Invalid trail price. Price is not aligned to tick size.', { trailPrice: 23990.1 }, {}],
  ] as const)(
    'of a trailing stop is refused with "%s", code 3',
    async (errorMessage, change, options) => {
      await using gateway = await startGateway({ priceStepMs: 0, ...options });
      const client = await gatewayClient(gateway);
      const { orderId } = await client.place({ type: 5, side: 1, trailPrice: 23990 });
      expect(await client.post('Order/modify', { accountId: 700_001, orderId, ...change })).toEqual(
        { success: false, errorCode: 3, errorMessage },
      );
      // A place allows at most 1000 ticks, a modify has no such guard.
      expect(
        await client.post('Order/modify', { accountId: 700_001, orderId, trailPrice: 23000 }),
      ).toEqual({ success: true, errorCode: 0, errorMessage: null });
    },
  );
});

describe('an account that may not', () => {
  it.each([
    ['follower', 'Follower accounts cannot cancel orders'],
    ['live', 'Live accounts not supported'],
  ] as const)('(%s) is refused a cancel with "%s", code 6', async (restriction, errorMessage) => {
    await using gateway = await startGateway({ priceStepMs: 0, ...account({ restriction }) });
    const client = await gatewayClient(gateway);
    const { orderId } = await client.place({ type: 1, limitPrice: 23000 });
    expect(await client.post('Order/cancel', { accountId: 700_001, orderId })).toEqual({
      success: false,
      errorCode: 6,
      errorMessage,
    });
    expect(gateway.truth().orders[0]?.status).toBe(1);
  });

  it('(live) is refused a partial close with code 9 and no text, and may close whole', async () => {
    await using gateway = await startGateway({
      priceStepMs: 0,
      ...account({ restriction: 'live' }),
    });
    const client = await gatewayClient(gateway);
    await client.place({ size: 2 });
    const position = { accountId: 700_001, contractId: client.contractId };
    expect(await client.post('Position/partialCloseContract', { ...position, size: 1 })).toEqual({
      success: false,
      errorCode: 9,
      errorMessage: null,
    });
    expect(await client.post('Position/closeContract', position)).toMatchObject({ success: true });
  });
});

it.each([
  ['SortBy', { sortBy: 2 }],
  ['SortDirection', { sortDirection: -1 }],
  ['PageSize', { pageSize: 0 }],
  ['PageOffset', { pageOffset: -1 }],
  ['Filter.Statuses', { filter: { accountId: 700_001, statuses: [1, 9] } }],
])('the newer query is answered with 400 when its %s is none', async (name, body) => {
  await using gateway = await startGateway({ priceStepMs: 0 });
  const answer = await (
    await gatewayClient(gateway)
  ).post('Order/v2/query', { filter: { accountId: 700_001 }, ...body });
  expect(answer).toMatchObject({
    status: 400,
    errors: { [name]: [`The field ${name} is invalid.`] },
  });
});

it('a partial close while the market is closed is refused with code 6 and no text, a whole one with code 5 and the text', async () => {
  const clock = manualGatewayClock(Date.UTC(2026, 8, 21, 19));
  await using gateway = await startGateway({ priceStepMs: 0, session: 'topstep', clock });
  const client = await gatewayClient(gateway);
  await client.place({ size: 2 });
  clock.advance(90 * 60_000);
  const position = { accountId: 700_001, contractId: client.contractId };
  expect(await client.post('Position/partialCloseContract', { ...position, size: 1 })).toEqual({
    success: false,
    errorCode: 6,
    errorMessage: null,
  });
  expect(await client.post('Position/closeContract', position)).toMatchObject({
    success: false,
    errorCode: 5,
    errorMessage: expect.stringContaining('not in an active trading status'),
  });
});
