import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway, ManualGatewayClock } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

// The price stands at 24000 / 24000.25 until a row of the recording moves it.
const csv = 'price\n24000\n24003\n24005\n24012\n24013\n23990\n23980\n';
let clock: ManualGatewayClock;
let gateway: Gateway;
let client: GatewayClient;
const accounts = [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' as const }];
const legs = {
  stopLossBracket: { ticks: -40, type: 4 },
  takeProfitBracket: { ticks: 40, type: 1 },
};
const states = () =>
  Object.fromEntries(
    gateway
      .truth()
      .orders.map(({ customTag, states: passed }) => [
        customTag,
        passed.map(({ status }) => status),
      ]),
  );
const query = (body: object = {}) =>
  client.rows('Order/v2/query', 'orders', { filter: { accountId: 700_001, ...body } });

beforeEach(async () => {
  clock = manualGatewayClock();
  gateway = await startGateway({
    clock,
    accounts,
    priceStepMs: 0,
    replay: { MNQ: { kind: 'ticks', csv } },
    rateLimit: { everythingElse: 'off' },
  });
  client = await gatewayClient(gateway);
});
afterEach(() => gateway.close());

describe('what is refused', () => {
  it.each([
    [
      0,
      { stopLossBracket: { ticks: 40, type: 4 } },
      'Invalid stop loss ticks (40). Ticks should be less than zero when longing.',
    ],
    [
      0,
      { stopLossBracket: { ticks: -3, type: 4 } },
      'Invalid stop loss ticks (-3). Stop loss tick value should be at least 4 ticks.',
    ],
    [
      1,
      { stopLossBracket: { ticks: -50, type: 4 } },
      'Invalid stop loss ticks (-50). Stop loss tick value should be at least 4 ticks.',
    ],
    [
      1,
      { takeProfitBracket: { ticks: 30, type: 1 } },
      'Invalid take profit ticks (30). Ticks should be less than zero when going short.',
    ],
    [
      0,
      { takeProfitBracket: { ticks: -30, type: 1 } },
      'Invalid take profit ticks (-30). Ticks should be greater than zero when longing.',
    ],
    [0, { stopLossBracket: { ticks: -40, type: 1 } }, 'Invalid stop loss type (Limit)'],
    [0, { takeProfitBracket: { ticks: 40, type: 4 } }, 'Invalid take profit type (Stop)'],
  ])('side %i with %j: %s', async (side, brackets, errorMessage) => {
    expect(await client.place({ side, ...brackets, customTag: 'x' })).toMatchObject({
      success: false,
      errorCode: 2,
      errorMessage,
    });
    expect(states()).toEqual({ x: [6, 5] });
  });

  it('brackets on an account with Position Brackets, the default', async () => {
    await using plain = await startGateway({ priceStepMs: 0 });
    const refused = await (await gatewayClient(plain)).place(legs);
    expect(refused).toMatchObject({
      success: false,
      errorCode: 2,
      errorMessage:
        'Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.',
    });
  });

  it('an order whose leg would take a tag that is in use, and later a tag that a leg has taken', async () => {
    await client.place({ customTag: 'a-SL' });
    expect(await client.place({ customTag: 'a', ...legs })).toMatchObject({
      errorMessage: 'Specified custom tag is already in use',
    });
    await client.place({ customTag: 'b', ...legs });
    expect(await client.place({ customTag: 'b-tp' })).toMatchObject({
      errorMessage: 'Specified custom tag is already in use',
    });
  });
});

describe('a filled entry', () => {
  it('has suspended legs that only the newer query shows, then works them at its fill price', async () => {
    const { orderId } = await client.place({ customTag: 'e', ...legs });
    const id = Number(orderId);
    expect(states()).toEqual({ 'e-SL': [8], e: [6, 2], 'e-TP': [8] });
    expect(await client.rows('Order/searchOpen', 'orders')).toEqual([]);
    expect(
      await client.rows('Order/search', 'orders', { startTimestamp: '2020-01-01T00:00:00Z' }),
    ).toEqual([expect.objectContaining({ id })]);
    expect(
      (await query({ statuses: [8] })).map((row) => [
        row['id'],
        row['limitPrice'],
        row['stopPrice'],
      ]),
    ).toEqual([
      [id + 1, null, null],
      [id + 2, null, null],
    ]);
    clock.advance(24);
    expect(await client.rows('Order/searchOpen', 'orders')).toEqual([]);
    clock.advance(1);
    const [stop, target] = await client.rows('Order/searchOpen', 'orders');
    expect(stop).toMatchObject({
      id: id + 1,
      status: 1,
      type: 4,
      side: 1,
      size: 1,
      stopPrice: 23990.25,
      limitPrice: null,
      customTag: 'e-SL',
      parentOrderId: id,
      trailDistance: -40,
      trailPrice: -10,
    });
    expect(target).toMatchObject({
      id: id + 2,
      status: 1,
      type: 1,
      side: 1,
      limitPrice: 24010.25,
      customTag: 'e-TP',
      parentOrderId: id,
      linkedOrderId: id + 1,
    });
    expect(stop?.['creationTimestamp']).toBe(target?.['creationTimestamp']);
  });

  it('ends flat with its target filled and its stop cancelled', async () => {
    await client.place({ customTag: 'e', ...legs });
    clock.advance(25);
    for (let step = 0; step < 3; step += 1) gateway.stepPrices();
    expect(states()).toEqual({ e: [6, 2], 'e-SL': [8, 1, 3], 'e-TP': [8, 1, 2] });
    expect(gateway.truth().positions).toEqual([]);
  });

  it('ends flat with its stop filled and its target cancelled', async () => {
    await client.place({
      customTag: 'e',
      side: 1,
      stopLossBracket: { ticks: 12, type: 4 },
      takeProfitBracket: { ticks: -400, type: 1 },
    });
    clock.advance(25);
    gateway.stepPrices();
    expect(states()).toEqual({ e: [6, 2], 'e-SL': [8, 1, 2], 'e-TP': [8, 1, 3] });
  });

  it('trails with a stop-loss leg that trails', async () => {
    await client.place({ customTag: 'e', stopLossBracket: { ticks: -40, type: 5 } });
    clock.advance(25);
    const stopPrice = async () =>
      (await client.rows('Order/searchOpen', 'orders'))[0]?.['stopPrice'];
    expect(await stopPrice()).toBe(23990.25);
    for (let step = 0; step < 4; step += 1) gateway.stepPrices();
    expect(await stopPrice()).toBe(24003);
    gateway.stepPrices();
    expect(states()).toEqual({ e: [6, 2], 'e-SL': [8, 1, 2] });
  });
});

describe('an entry that rests', () => {
  it('takes its suspended legs with it when it is cancelled', async () => {
    const { orderId } = await client.place({ type: 1, limitPrice: 23950, customTag: 'e', ...legs });
    clock.advance(1000);
    expect(states()).toEqual({ e: [6, 1], 'e-SL': [8], 'e-TP': [8] });
    await client.post('Order/cancel', { accountId: 700_001, orderId });
    expect(states()).toEqual({ e: [6, 1, 3], 'e-SL': [8, 3], 'e-TP': [8, 3] });
  });

  it('keeps one leg when the other is cancelled or moved', async () => {
    const { orderId } = await client.place({ customTag: 'e', ...legs });
    const target = Number(orderId) + 2;
    expect(
      await client.post('Order/modify', { accountId: 700_001, orderId: target, limitPrice: 24011 }),
    ).toMatchObject({ success: false, errorCode: 3 });
    clock.advance(25);
    expect(
      await client.post('Order/modify', { accountId: 700_001, orderId: target, limitPrice: 24011 }),
    ).toMatchObject({ success: true });
    await client.post('Order/cancel', { accountId: 700_001, orderId: target });
    expect(states()).toEqual({ e: [6, 2], 'e-SL': [8, 1], 'e-TP': [8, 1, 3] });
  });
});
