import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../index.ts';
import { startGateway } from '../index.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

const quiet = { priceStepMs: 0, rateLimit: { everythingElse: 'off' } } as const;
const replayOf = (kind: 'bars' | 'ticks', csv: string): Pick<GatewayOptions, 'replay'> => ({
  replay: { MNQ: { kind, csv } },
});

describe('partial fills', () => {
  it('fill a few contracts at each price step, and the rest can be cancelled', async () => {
    await using gateway = await startGateway({
      ...quiet,
      largestFill: 2,
      ...replayOf('ticks', 'price\n24000\n24001\n24002\n'),
    });
    const client = await gatewayClient(gateway);
    const { orderId } = await client.place({ size: 5 });
    expect(await client.rows('Order/searchOpen', 'orders')).toEqual([
      expect.objectContaining({ status: 1, size: 5, fillVolume: 2, filledPrice: 24000.25 }),
    ]);
    gateway.stepPrices();
    expect(await client.rows('Position/searchOpen', 'positions')).toEqual([
      expect.objectContaining({ size: 4, averagePrice: 24000.75 }),
    ]);
    expect(
      await client.post('Order/modify', { accountId: 700_001, orderId, size: 4 }),
    ).toMatchObject({ errorCode: 3 });
    gateway.stepPrices();
    expect(gateway.truth().orders[0]).toMatchObject({
      status: 2,
      fillVolume: 5,
      filledPrice: 24001.05,
    });
    const next = await client.place({ size: 5 });
    expect(
      await client.post('Order/cancel', { accountId: 700_001, orderId: next['orderId'] }),
    ).toMatchObject({ success: true });
    expect(gateway.truth().orders[1]).toMatchObject({ status: 3, fillVolume: 2 });
  });
});

describe('replay', () => {
  it('plays bars as open, far end, other end, close', async () => {
    await using gateway = await startGateway({
      ...quiet,
      ...replayOf('bars', 'time,open,high,low,close,volume\n1,24000,24010,23990,24005,8\n'),
    });
    const client = await gatewayClient(gateway);
    const bought: unknown[] = [];
    for (let step = 0; step < 5; step += 1) {
      await client.place({});
      bought.push(gateway.truth().orders.at(-1)?.filledPrice);
      gateway.stepPrices();
    }
    expect(bought).toEqual([24000.25, 23990.25, 24010.25, 24005.25, 24005.25]);
  });

  it('plays quotes with bid, ask and last', async () => {
    await using gateway = await startGateway({
      ...quiet,
      ...replayOf('ticks', 'Bid,Ask,Last\n24000,24002,24001\n'),
    });
    await (await gatewayClient(gateway)).place({ side: 1 });
    expect(gateway.truth().orders[0]?.filledPrice).toBe(24000);
  });

  it.each([
    ['price\n24000.1\n', /line 2: 24000.1 is not a multiple of the tick size 0.25/],
    ['price\n', /no rows/],
    ['amount\n5\n', /line 2: needs a price/],
  ])('refuses %j by line', async (csv, text) => {
    await expect(startGateway({ ...quiet, ...replayOf('ticks', csv) })).rejects.toThrow(text);
  });
});

describe('by option', () => {
  it('refuses for want of margin, but lets a position be closed', async () => {
    await using gateway = await startGateway({
      ...quiet,
      accounts: [{ id: 700_001, name: 'PRAC-V2-1', balance: 1000, marginPerContract: 400 }],
    });
    const client = await gatewayClient(gateway);
    expect(await client.place({ size: 2 })).toMatchObject({ success: true });
    expect(await client.place({ size: 1 })).toMatchObject({
      success: false,
      errorCode: 3,
      errorMessage: 'Not enough margin.',
    });
    expect(await client.place({ size: 2, side: 1 })).toMatchObject({ success: true });
  });

  it('cancels resting orders with a close, which it leaves alone by default', async () => {
    for (const closeCancelsOrders of [true, false]) {
      await using gateway = await startGateway({ ...quiet, closeCancelsOrders });
      const client = await gatewayClient(gateway);
      await client.place({});
      await client.place({ type: 1, limitPrice: 23000 });
      await client.post('Position/closeContract', {
        accountId: 700_001,
        contractId: client.contractId,
      });
      expect(await client.rows('Order/searchOpen', 'orders')).toHaveLength(
        closeCancelsOrders ? 0 : 1,
      );
    }
  });

  it('forgets old orders and fills, never those that work, and no tag', async () => {
    await using gateway = await startGateway({ ...quiet, keepHistory: 10 });
    const client = await gatewayClient(gateway);
    await client.place({ type: 1, limitPrice: 23000, customTag: 'resting' });
    for (let index = 0; index < 60; index += 1) await client.place({ customTag: `t${index}` });
    const { orders, fills, forgotten } = gateway.truth();
    expect(orders.length).toBeLessThanOrEqual(32);
    expect(orders.length + forgotten.orders).toBe(61);
    expect(fills.length + forgotten.fills).toBe(60);
    expect(await client.rows('Order/searchOpen', 'orders')).toEqual([
      expect.objectContaining({ customTag: 'resting' }),
    ]);
    expect(await client.place({ customTag: 't0' })).toMatchObject({
      errorMessage: 'Specified custom tag is already in use',
    });
  });
});
