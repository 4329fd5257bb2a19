import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';
import { hubTap } from '../testing/hub-tap.ts';

/** The price stands at 24000 / 24000.25; before the first step the book shows 2 and 5 contracts on each side. */
const csv = 'price\n24000\n24000\n24001\n';
const options = (more: GatewayOptions = {}): GatewayOptions => ({
  clock: manualGatewayClock(),
  priceStepMs: 0,
  replay: { MNQ: { kind: 'ticks', csv } },
  matching: { fills: 'book' },
  ...more,
});
const trades = async (client: GatewayClient): Promise<unknown[]> =>
  (await client.rows('Trade/search', 'trades'))
    .toReversed()
    .map(({ size, price }) => [size, price]);

describe('fills by the book', () => {
  it('take what the depth shows, level by level, and the rest of a market order with the next steps', async () => {
    await using gateway = await startGateway(options());
    const client = await gatewayClient(gateway);
    const { orderId } = await client.place({ size: 12 });
    expect(await trades(client)).toEqual([
      [2, 24000.25],
      [5, 24000.5],
    ]);
    expect(await client.rows('Order/searchOpen', 'orders')).toEqual([
      expect.objectContaining({ id: orderId, status: 1, type: 2, size: 12, fillVolume: 7 }),
    ]);
    // After one step there are 3 and 5.
    gateway.stepPrices();
    expect(await trades(client)).toEqual([
      [2, 24000.25],
      [5, 24000.5],
      [3, 24000.25],
      [2, 24000.5],
    ]);
    expect(gateway.truth().orders[0]).toMatchObject({
      status: 2,
      fillVolume: 12,
      filledPrice: expect.closeTo((24000.25 * 5 + 24000.5 * 7) / 12, 6),
    });
  });

  it('show the same sizes as the depth of the market hub', async () => {
    await using gateway = await startGateway(options());
    const client = await gatewayClient(gateway);
    await using tap = await hubTap(gateway, client.token, 'market');
    await tap.connection.invoke('SubscribeContractMarketDepth', client.contractId);
    gateway.stepPrices();
    await tap.settled();
    expect(tap.records[0]).toMatch(
      /"type":3,"price":24000\.25,"volume":3,"currentVolume":0\}.*"type":1,"price":24000\.5,"volume":5,/,
    );
    await client.place({ size: 8 });
    expect(await trades(client)).toEqual([
      [3, 24000.25],
      [5, 24000.5],
    ]);
  });

  it('never go beyond a limit, and leave the rest of the order working', async () => {
    await using gateway = await startGateway(options());
    const client = await gatewayClient(gateway);
    await using tap = await hubTap(gateway, client.token, 'user');
    await client.place({ type: 1, limitPrice: 24000.25, size: 4 });
    await tap.settled();
    expect(tap.told()).toEqual([
      'order 1',
      'order 1',
      'trade at 24000.25, result none',
      'position 2',
      'account',
    ]);
    expect(tap.records[1]).toContain(
      '"status":1,"type":1,"side":0,"size":4,"limitPrice":24000.25,"fillVolume":2,"filledPrice":24000.25',
    );
    // Others find nothing left at that price until the next step.
    await client.place({ type: 1, limitPrice: 24000.25, size: 1 });
    expect(gateway.truth().orders[1]).toMatchObject({ status: 1, fillVolume: 0 });
    gateway.stepPrices();
    expect(gateway.truth().orders.map(({ status, fillVolume }) => [status, fillVolume])).toEqual([
      [2, 4],
      [2, 1],
    ]);
  });

  it('close a position in several trades, each with its own part of the result', async () => {
    await using gateway = await startGateway(options());
    const client = await gatewayClient(gateway);
    await client.place({ size: 3 });
    await using tap = await hubTap(gateway, client.token, 'user');
    await client.post('Position/closeContract', {
      accountId: 700_001,
      contractId: client.contractId,
    });
    await tap.settled();
    expect(tap.told()).toEqual([
      'order 6',
      'trade at 24000, result -1.3333',
      'trade at 24000.25, result none',
      'trade at 23999.75, result -1.1667',
      'trade at 24000.5, result none',
      'order 2',
      'position 0',
      'account',
    ]);
  });

  it('take as many times more as the book is larger, in depth as well', async () => {
    await using gateway = await startGateway(
      options({ matching: { fills: 'book', bookSize: 100 } }),
    );
    const client = await gatewayClient(gateway);
    await client.place({ size: 900 });
    expect(gateway.truth().orders[0]).toMatchObject({ status: 1, fillVolume: 700 });
    expect(await trades(client)).toEqual([
      [200, 24000.25],
      [500, 24000.5],
    ]);
  });

  it('keep a reached stop reached until all of it has traded', async () => {
    await using gateway = await startGateway(
      options({ replay: { MNQ: { kind: 'ticks', csv: 'price\n24000\n24010\n24000\n24000\n' } } }),
    );
    const client = await gatewayClient(gateway);
    await client.place({ type: 4, stopPrice: 24005, size: 12 });
    gateway.stepPrices();
    expect(gateway.truth().orders[0]).toMatchObject({ status: 1, fillVolume: 8 });
    gateway.stepPrices();
    expect(gateway.truth().orders[0]).toMatchObject({ status: 2, fillVolume: 12 });
    expect((await trades(client)).at(-1)).toEqual([4, 24000.25]);
  });
});

describe('stops by option', () => {
  it('fill some ticks beyond the market, the same way for the same seed', async () => {
    const prices = async (seed: number): Promise<unknown[]> => {
      await using gateway = await startGateway({
        clock: manualGatewayClock(),
        seed,
        priceStepMs: 0,
        matching: { stopSlippageTicks: 2 },
        replay: { MNQ: { kind: 'ticks', csv: 'price\n24000\n24010\n' } },
      });
      const client = await gatewayClient(gateway);
      for (let count = 0; count < 12; count += 1)
        await client.place({ type: 4, stopPrice: 24005, customTag: `s${count}` });
      gateway.stepPrices();
      return gateway.truth().orders.map(({ filledPrice }) => filledPrice);
    };
    const first = await prices(1);
    expect(new Set(first)).toEqual(new Set([24010.25, 24010.5, 24010.75]));
    expect(await prices(1)).toEqual(first);
    expect(await prices(2)).not.toEqual(first);
  });
});
