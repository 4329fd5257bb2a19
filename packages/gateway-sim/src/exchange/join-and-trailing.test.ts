import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../index.ts';
import { startGateway } from '../index.ts';
import type { Fields, GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

let gateway: Gateway;
let client: GatewayClient;
// Bid and ask lie one tick of 0.25 apart; the last price is the bid.
const csv =
  'bid,ask,last\n24000,24000.25,24000\n24002,24002.25,24002\n24004,24004.25,24004\n24001,24001.25,24001\n23999,23999.25,23999\n';
beforeEach(async () => {
  gateway = await startGateway({
    priceStepMs: 0,
    rateLimit: { everythingElse: 'off' },
    replay: { MNQ: { kind: 'ticks', csv } },
  });
  client = await gatewayClient(gateway);
});
afterEach(() => gateway.close());

const open = async (): Promise<Fields | undefined> =>
  (await client.rows('Order/searchOpen', 'orders'))[0];
const only = () => gateway.truth().orders[0];

describe('a join order', () => {
  it.each([
    ['bid', 6, 0, 24000],
    ['ask', 7, 1, 24000.25],
  ] as const)(
    'rests at the best %s without a price of its own',
    async (_name, type, side, limitPrice) => {
      expect(await client.place({ type, side })).toMatchObject({ success: true });
      expect(await open()).toMatchObject({ type, side, status: 1, limitPrice, stopPrice: null });
    },
  );

  it('stays where it was put when the market moves, and fills when it comes back', async () => {
    await client.place({ type: 6, side: 0 });
    for (let step = 0; step < 3; step += 1) gateway.stepPrices();
    expect(only()).toMatchObject({ status: 1, limitPrice: 24000 });
    gateway.stepPrices();
    expect(only()).toMatchObject({ status: 2, filledPrice: 23999.25 });
  });

  it('can be moved by its price', async () => {
    const { orderId } = await client.place({ type: 7, side: 1 });
    expect(
      await client.post('Order/modify', { accountId: 700_001, orderId, limitPrice: 24010 }),
    ).toMatchObject({ success: true });
    expect(await open()).toMatchObject({ limitPrice: 24010 });
  });
});

describe('a trailing stop', () => {
  it('takes its price as absolute and reads back as a distance', async () => {
    await client.place({ type: 5, side: 1, trailPrice: 23997 });
    expect(await open()).toMatchObject({
      status: 1,
      stopPrice: 23997,
      trailDistance: -12,
      trailPrice: -3,
    });
  });

  it('follows the price up, never down, and sells where it is reached', async () => {
    await client.place({ type: 5, side: 1, trailPrice: 23996 });
    const stops: unknown[] = [];
    for (let step = 0; step < 3; step += 1) {
      gateway.stepPrices();
      stops.push(only()?.stopPrice);
    }
    expect(stops).toEqual([23998, 24000, 24000]);
    expect(only()?.status).toBe(1);
    gateway.stepPrices();
    expect(only()).toMatchObject({ status: 2, filledPrice: 23999 });
  });

  it('follows the price down when it buys', async () => {
    await client.place({ type: 5, side: 0, trailPrice: 24006 });
    for (let step = 0; step < 4; step += 1) gateway.stepPrices();
    expect(only()).toMatchObject({ status: 1, stopPrice: 24005 });
  });

  it('counts its distance anew from a modified price', async () => {
    const { orderId } = await client.place({ type: 5, side: 1, trailPrice: 23990 });
    expect(
      await client.post('Order/modify', { accountId: 700_001, orderId, trailPrice: 23995 }),
    ).toMatchObject({ success: true });
    expect(await open()).toMatchObject({ stopPrice: 23995, trailDistance: -20, trailPrice: -5 });
  });
});
