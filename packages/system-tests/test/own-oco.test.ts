import type { Broker, OwnOcoOptions, PositionSurprise } from '@hotpath/core';
import { memoryJournal } from '@hotpath/core';
import type { GatewayOptions, OrderTruth } from '@hotpath/gateway-sim';
import { afterEach, describe, expect, it } from 'vitest';
import { mortalBroker } from '../src/world/mortal-broker.ts';
import type { SimulatedWorld } from '../src/world/simulated-world.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';

let world: SimulatedWorld;
afterEach(() => world.close());

const status = { working: 1, filled: 2, cancelled: 3, rejected: 5 } as const;
const quotes = (prices: readonly number[]): string =>
  `bid,ask,last\n${prices.map((bid) => `${bid},${bid + 0.25},${bid}`).join('\n')}\n`;
/** A world whose account refuses brackets, as most do, at these prices. */
async function start(
  prices: readonly number[],
  {
    gateway = {},
    ownOco = { whenUnprotected: 'leave' },
    rateLimited,
  }: {
    readonly gateway?: GatewayOptions;
    readonly ownOco?: OwnOcoOptions;
    readonly rateLimited?: 'refused';
  } = {},
): Promise<{ readonly broker: Broker<'fast' | 'fallback'>; readonly alarms: PositionSurprise[] }> {
  world = await simulatedWorld({
    rateLimit: { everythingElse: 'off' },
    replay: { MNQ: { kind: 'ticks', csv: quotes(prices) } },
    ...gateway,
  });
  const { broker } = await mortalBroker(world, { journal: memoryJournal(), ownOco, rateLimited });
  const alarms: PositionSurprise[] = [];
  broker.on('position.unprotected', (alarm) => void alarms.push(alarm));
  await world.until(
    async () => (await broker.getPositions({ fresh: false }), broker.executors().fast.available),
    5_000,
  );
  await world.pass(2_000, 100);
  return { broker, alarms };
}
const orders = (): readonly OrderTruth[] => world.gateway.truth().orders;
const byTag = (tag: string): OrderTruth | undefined =>
  orders().find(({ customTag }) => customTag === tag);
const shown = (tag: string) => {
  const order = byTag(tag);
  return (
    order && {
      side: order.side,
      size: order.size,
      filled: order.fillVolume,
      status: order.status,
      price: order.stopPrice ?? order.limitPrice,
    }
  );
};
const held = (): number => {
  const sizes = world.gateway
    .truth()
    .positions.map((row) => ({ ...row }) as { readonly size: number; readonly type: number })
    .map(({ size, type }) => (type === 1 ? size : -size));
  return sizes.reduce((sum, size) => sum + size, 0);
};
const bracket = { stopLossTicks: 20, takeProfitTicks: 40 };

describe('own OCO on an account that refuses brackets', () => {
  it("sends the entry plain, then a stop and a target whose ids are made from the entry's", async () => {
    const { broker, alarms } = await start([24_000]);
    expect(
      await world.during(
        broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 2,
          clientOrderId: 'entry-1',
          bracket,
        }),
      ),
    ).toMatchObject({ kind: 'accepted' });
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    expect(shown('entry-1_s1')).toEqual({
      side: 1,
      size: 2,
      filled: 0,
      status: status.working,
      price: 24_000.25 - 5,
    });
    expect(shown('entry-1_t1')).toEqual({
      side: 1,
      size: 2,
      filled: 0,
      status: status.working,
      price: 24_000.25 + 10,
    });
    await world.pass(10_000, 100);
    expect(orders()).toHaveLength(3);
    expect(alarms).toEqual([]);
    const { records } = await broker.explain('entry-1');
    expect(records.map((record) => (record.kind === 'oco' ? record.step : record.kind))).toEqual([
      'armed',
      'intent',
      'outcome',
      'leg',
      'leg',
    ]);
    const legs = (await broker.getOpenOrders()).filter(
      ({ parentOrderId }) => parentOrderId !== undefined,
    );
    expect(legs.map(({ parentOrderId, foreign }) => [parentOrderId, foreign])).toEqual([
      [String(byTag('entry-1')?.id), false],
      [String(byTag('entry-1')?.id), false],
    ]);
  });

  it.each([
    ['target', [24_000, 24_011], 'entry-1_t1', 'entry-1_s1'],
    ['stop', [24_000, 23_990], 'entry-1_s1', 'entry-1_t1'],
  ] as const)('cancels the sibling when the %s fills', async (_name, prices, filled, sibling) => {
    const { broker } = await start(prices);
    await world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    world.gateway.stepPrices();
    await world.until(() => byTag(sibling)?.status === status.cancelled, 5_000);
    expect(shown(filled)).toMatchObject({ filled: 2, status: status.filled });
    expect([held(), orders().length]).toEqual([0, 3]);
  });

  it('resizes the legs with every part of the entry that fills, and the sibling with every part of a leg', async () => {
    const { broker } = await start([24_000, 24_000, 24_000, 24_011, 24_011], {
      gateway: { largestFill: 1 },
    });
    await world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 3,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    for (const filled of [1, 2, 3]) {
      await world.until(
        () => byTag('entry-1_s1')?.size === filled && byTag('entry-1_t1')?.size === filled,
        5_000,
      );
      expect(held()).toBe(filled);
      world.gateway.stepPrices();
    }
    // One of three is out by the target: the stop stands for two.
    await world.until(() => byTag('entry-1_s1')?.size === 2, 5_000);
    expect(shown('entry-1_t1')).toMatchObject({ size: 3, filled: 1, status: status.working });
    world.gateway.stepPrices();
    await world.until(() => byTag('entry-1_s1')?.size === 1, 5_000);
    world.gateway.stepPrices();
    await world.until(() => byTag('entry-1_s1')?.status === status.cancelled, 5_000);
    expect([held(), orders().length]).toEqual([0, 3]);
  });

  it('trails with the stop, and resizes it without touching its price', async () => {
    const { broker } = await start([24_000, 24_000, 24_004], { gateway: { largestFill: 1 } });
    await world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket: { stopLossTicks: 20, trailing: true },
      }),
    );
    await world.until(() => byTag('entry-1_s1')?.type === 5, 5_000);
    world.gateway.stepPrices();
    await world.until(() => byTag('entry-1_s1')?.size === 2, 5_000);
    world.gateway.stepPrices();
    expect(byTag('entry-1_s1')).toMatchObject({ stopPrice: 23_999.25, status: status.working });
    expect(orders()).toHaveLength(2);
  });

  it('leaves a stop where its author moved it', async () => {
    const { broker } = await start([24_000, 24_000], { gateway: { largestFill: 1 } });
    await world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    await world.during(broker.modifyOrder({ clientOrderId: 'entry-1_s1', stopPrice: 23_998 }));
    world.gateway.stepPrices();
    await world.until(
      () => byTag('entry-1_s1')?.size === 2 && byTag('entry-1_t1')?.size === 2,
      5_000,
    );
    expect(shown('entry-1_s1')).toMatchObject({ price: 23_998 });
  });

  it('cancels both legs of a position that was closed, before the close is told', async () => {
    const { broker, alarms } = await start([24_000]);
    await world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'sell',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    expect(shown('entry-1_s1')).toEqual({
      side: 0,
      size: 2,
      filled: 0,
      status: status.working,
      price: 24_000 + 5,
    });
    expect(await world.during(broker.closePosition({ symbol: 'MNQ' }))).toMatchObject({
      became: 'flat',
    });
    expect([shown('entry-1_s1')?.status, shown('entry-1_t1')?.status]).toEqual([
      status.cancelled,
      status.cancelled,
    ]);
    await world.pass(20_000, 200);
    expect([held(), alarms.length, orders().length]).toEqual([0, 0, 4]);
  });

  it('takes off its legs what another order took off the position, the oldest entry first', async () => {
    const { broker } = await start([24_000]);
    for (const clientOrderId of ['first', 'second'])
      await world.during(
        broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 2,
          clientOrderId,
          bracket,
        }),
      );
    await world.until(
      () =>
        byTag('second_t1')?.status === status.working &&
        byTag('first_t1')?.status === status.working,
      5_000,
    );
    await world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'sell', quantity: 3 }));
    await world.until(
      () =>
        byTag('first_s1')?.status === status.cancelled &&
        byTag('second_s1')?.size === 1 &&
        byTag('second_t1')?.size === 1,
      10_000,
    );
    expect(shown('first_t1')?.status).toBe(status.cancelled);
  });

  it('finds fills while the order stream is down', async () => {
    const { broker } = await start([24_000, 23_998, 24_011]);
    await world.during(
      broker.placeLimitOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        limitPrice: 23_999,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    world.gateway.faults.add({ endpoint: 'hubs/user', fault: { kind: 'status', status: 503 } });
    world.gateway.dropHubs('user');
    await world.pass(500, 100);
    world.gateway.stepPrices();
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 15_000);
    world.gateway.stepPrices();
    await world.until(() => byTag('entry-1_s1')?.status === status.cancelled, 15_000);
    expect([held(), orders().length]).toEqual([0, 3]);
  });

  it('is not refused by the limits of the author, and does not count against them', async () => {
    world = await simulatedWorld({ rateLimit: { everythingElse: 'off' } });
    const { broker } = await mortalBroker(world, {
      journal: memoryJournal(),
      ownOco: { whenUnprotected: 'leave' },
      limits: { maxContracts: 2, maxOpenOrders: 1, maxOrdersPerMinute: 2 },
    });
    await world.pass(2_000, 100);
    const entry = { symbol: 'MNQ', side: 'buy', quantity: 1, bracket } as const;
    expect(
      await world.during(broker.placeMarketOrder({ ...entry, clientOrderId: 'first' })),
    ).toMatchObject({ kind: 'accepted' });
    await world.until(() => byTag('first_t1')?.status === status.working, 5_000);
    expect(
      await world.during(broker.placeMarketOrder({ ...entry, clientOrderId: 'second' })),
    ).toMatchObject({ kind: 'accepted' });
    await world.until(() => byTag('second_t1')?.status === status.working, 5_000);
    expect(
      await world.during(broker.placeMarketOrder({ ...entry, clientOrderId: 'third' })),
    ).toMatchObject({ kind: 'not-sent', code: 'LIMIT_EXCEEDED' });
  });

  it('refuses an id that leaves no room for its legs, and a bracket without the option', async () => {
    const { broker } = await start([24_000]);
    const order = { symbol: 'MNQ', side: 'buy', quantity: 1, bracket } as const;
    expect(
      await broker.placeMarketOrder({ ...order, clientOrderId: 'e'.repeat(44) }),
    ).toMatchObject({ kind: 'not-sent', code: 'INVALID_ORDER', field: 'clientOrderId' });
    const plain = await world.connect({ journal: memoryJournal() });
    expect(await world.during(plain.placeMarketOrder(order))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('Position Brackets'),
    });
  });

  it('goes on with an entry that the venue does not show any more', async () => {
    let requests = 0;
    world = await simulatedWorld({
      log: ({ path }) => void (requests += path.startsWith('/api/') ? 1 : 0),
      rateLimit: { everythingElse: 'off' },
      keepHistory: 1,
      replay: { MNQ: { kind: 'ticks', csv: quotes([24_000, 24_011]) } },
    });
    const journal = memoryJournal();
    const first = await mortalBroker(world, { journal, ownOco: { whenUnprotected: 'leave' } });
    await world.pass(2_000, 100);
    await world.during(
      first.broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    for (let other = 1; byTag('entry-1') && other < 100; other += 1) {
      const clientOrderId = `other-${other}`;
      await world.during(
        first.broker.placeLimitOrder({
          symbol: 'MES',
          side: 'buy',
          quantity: 1,
          limitPrice: 1_000,
          clientOrderId,
        }),
      );
      await world.during(first.broker.cancelOrder({ clientOrderId }));
    }
    first.kill();
    expect(byTag('entry-1')).toBeUndefined();
    await world.pass(25 * 3_600_000, 60_000);
    await mortalBroker(world, { journal, ownOco: { whenUnprotected: 'leave' } });
    await world.pass(60_000, 500);
    expect([shown('entry-1_s1'), shown('entry-1_t1')]).toMatchObject([
      { size: 2, status: status.working },
      { size: 2, status: status.working },
    ]);
    // Nor is it asked for again and again while the stream is down: others need what the rate limit has.
    world.gateway.faults.add({ endpoint: 'hubs/user', fault: { kind: 'status', status: 503 } });
    world.gateway.dropHubs('user');
    await world.pass(2_000, 500);
    requests = 0;
    await world.pass(60_000, 500);
    expect(requests).toBeGreaterThan(5);
    expect(requests).toBeLessThan(28);
    world.gateway.stepPrices();
    await world.until(() => byTag('entry-1_s1')?.status !== status.working, 10_000);
    expect([held(), orders().filter(({ status: at }) => at === status.working)]).toEqual([0, []]);
  });

  it.each([
    ['soon', 60_000],
    ['later', 660_000],
  ])(
    'lets go of legs that ended while it was away and that the venue has forgotten, %s, and goes on holding the others against the position',
    async (_name, awayMs) => {
      world = await simulatedWorld({
        rateLimit: { everythingElse: 'off' },
        keepHistory: 1,
        replay: { MNQ: { kind: 'ticks', csv: quotes([24_000]) } },
      });
      const journal = memoryJournal();
      const first = await mortalBroker(world, { journal, ownOco: { whenUnprotected: 'leave' } });
      await world.pass(2_000, 100);
      await world.during(
        first.broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 2,
          clientOrderId: 'entry-1',
          bracket,
        }),
      );
      await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
      first.kill();
      const somebody = await world.connect();
      await world.during(somebody.cancelAllOrders({ foreign: true }));
      await world.during(somebody.closePosition({ symbol: 'MNQ' }));
      for (let other = 1; byTag('entry-1_s1') && other < 100; other += 1) {
        const clientOrderId = `other-${other}`;
        await world.during(
          somebody.placeLimitOrder({
            symbol: 'MES',
            side: 'buy',
            quantity: 1,
            limitPrice: 1_000,
            clientOrderId,
          }),
        );
        await world.during(somebody.cancelOrder({ clientOrderId }));
      }
      await world.pass(awayMs, 1_000);
      // Nor does the venue say what a cancel of one came to.
      const fault = world.gateway.faults.add({
        endpoint: 'Order/cancel',
        fault: { kind: 'status', status: 500 },
      });
      const { broker } = await mortalBroker(world, {
        journal,
        ownOco: { whenUnprotected: 'leave' },
        settleMs: 2_000,
        lookupAfterMs: 100,
      });
      await world.pass(30_000, 500);
      world.gateway.faults.remove(fault);
      await world.during(
        broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 3,
          clientOrderId: 'entry-2',
          bracket,
        }),
      );
      await world.until(() => byTag('entry-2_s1')?.size === 3, 5_000);
      await world.during(somebody.reducePosition({ symbol: 'MNQ', quantity: 1 }));
      await world.until(() => byTag('entry-2_s1')?.size === 2, 20_000);
      await world.pass(660_000, 1_000);
      await world.during(somebody.reducePosition({ symbol: 'MNQ', quantity: 1 }));
      await world.until(() => byTag('entry-2_s1')?.size === 1, 20_000);
      const { records } = await broker.explain('entry-1');
      expect(records.at(-1)).toMatchObject({ kind: 'oco', step: 'ended' });
      expect(
        orders().filter(
          ({ status: at, customTag }) =>
            at === status.working && customTag?.startsWith('entry-1') === true,
        ),
      ).toEqual([]);
    },
  );

  it('does not take for gone what a close that fills in parts meets: what another entry sold meanwhile', async () => {
    const { broker } = await start([24_000, 24_000, 24_000, 24_000, 24_000], {
      gateway: { largestFill: 2 },
    });
    const market = { symbol: 'MNQ', quantity: 3, bracket } as const;
    await world.during(
      broker.placeMarketOrder({ ...market, side: 'sell', clientOrderId: 'entry-1' }),
    );
    world.gateway.stepPrices();
    await world.until(() => byTag('entry-1_s1')?.size === 3, 5_000);
    // Two of three are bought back, and one is to come.
    const closing = broker.closePosition({ symbol: 'MNQ' });
    await world.until(() => held() === -1, 5_000);
    await world.during(
      broker.placeMarketOrder({ ...market, side: 'buy', clientOrderId: 'entry-2' }),
    );
    expect(held()).toBe(1);
    await world.pass(20_000, 500);
    world.gateway.stepPrices();
    await world.until(() => held() === 3, 5_000);
    await world.during(closing);
    await world.until(() => byTag('entry-2_s1')?.size === 3, 20_000);
    await world.until(() => byTag('entry-1_s1')?.status === status.cancelled, 20_000);
  });

  it('lets go of an entry that was never sent, and protects the next one under its id by its own bracket', async () => {
    const { broker } = await start([24_000]);
    const order = { symbol: 'MNQ', side: 'buy', quantity: 1, clientOrderId: 'entry-1' } as const;
    const refused = await world.during(
      broker.placeMarketOrder({ ...order, bracket, signal: AbortSignal.abort() }),
    );
    // In the tick in which it is told: whoever tries again does so at once.
    const again = broker.placeMarketOrder({
      ...order,
      side: 'sell',
      bracket: { stopLossTicks: 60 },
    });
    expect(refused).toMatchObject({ kind: 'not-sent', code: 'ABORTED' });
    expect(await world.during(again)).toMatchObject({ kind: 'accepted' });
    await world.until(() => byTag('entry-1_s1')?.status === status.working, 5_000);
    expect(shown('entry-1_s1')).toEqual({
      side: 0,
      size: 1,
      filled: 0,
      status: status.working,
      price: 24_000 + 15,
    });
    await world.during(
      broker.placeMarketOrder({
        ...order,
        clientOrderId: 'entry-2',
        bracket,
        signal: AbortSignal.abort(),
      }),
    );
    await world.pass(1_000, 100);
    const { records } = await broker.explain('entry-2');
    expect(records.map((record) => (record.kind === 'oco' ? record.step : record.kind))).toEqual([
      'armed',
      'ended',
    ]);
  });

  it('steps round an id that the author used', async () => {
    const { broker } = await start([24_000]);
    await world.during(
      broker.placeLimitOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        limitPrice: 23_000,
        clientOrderId: 'entry-1_s1',
      }),
    );
    await world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await world.until(
      () =>
        byTag('entry-1_s2')?.status === status.working &&
        byTag('entry-1_t1')?.status === status.working,
      5_000,
    );
    expect(shown('entry-1_s1')).toMatchObject({ side: 0, status: status.working });
  });
});

describe('a position that is left unprotected', () => {
  const entry = {
    symbol: 'MNQ',
    side: 'buy',
    quantity: 2,
    clientOrderId: 'entry-1',
    bracket,
  } as const;
  const refuseStops = (count?: number): void =>
    void world.gateway.faults.add({
      endpoint: 'Order/place',
      ...(count !== undefined && { count }),
      fault: {
        kind: 'answer',
        errorCode: 2,
        errorMessage: 'Invalid stop price',
        at: 'before-accepting',
      },
    });

  it('is told and closed, where the author chose so', async () => {
    const { broker, alarms } = await start([24_000], { ownOco: { whenUnprotected: 'close' } });
    await world.during(broker.placeMarketOrder(entry).finally(() => refuseStops()));
    await world.until(() => alarms.length > 0 && held() === 0, 10_000);
    await world.pass(10_000, 200);
    expect(alarms).toMatchObject([
      { position: { quantity: 2 }, message: expect.stringContaining('entry-1') },
    ]);
    expect(orders().filter(({ status: at }) => at === status.working)).toEqual([]);
    expect(
      orders()
        .filter(({ side, fillVolume }) => side === 1 && fillVolume > 0)
        .map(({ fillVolume }) => fillVolume),
    ).toEqual([2]);
  });

  it('is not what a stop stands for that was one request too many: it is placed again', async () => {
    const { broker, alarms } = await start([24_000], {
      ownOco: { whenUnprotected: 'close' },
      rateLimited: 'refused',
    });
    await world.during(
      broker.placeMarketOrder(entry).finally(
        () =>
          void world.gateway.faults.add({
            endpoint: 'Order/place',
            count: 1,
            fault: { kind: 'status', status: 429 },
          }),
      ),
    );
    await world.until(
      () => orders().some(({ type, status: at }) => type === 4 && at === status.working),
      20_000,
    );
    expect([alarms, held()]).toEqual([[], 2]);
  });

  it('is told and left, and its stop is tried again under ids of its own', async () => {
    const { broker, alarms } = await start([24_000]);
    await world.during(broker.placeMarketOrder(entry).finally(() => refuseStops(3)));
    await world.until(
      () => orders().some(({ type, status: at }) => type === 4 && at === status.working),
      20_000,
    );
    expect(alarms).toHaveLength(1);
    await world.until(
      () => orders().some(({ type, status: at }) => type === 1 && at === status.working),
      20_000,
    );
    expect(held()).toBe(2);
    expect(world.gateway.truth().duplicateTags).toEqual({});
  });

  it('is told when somebody else ends its stop, which is not placed again', async () => {
    const { broker, alarms } = await start([24_000], {
      ownOco: { whenUnprotected: 'leave', protectWithinMs: 3_000 },
    });
    await world.during(broker.placeMarketOrder(entry));
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    await world.during(broker.cancelOrder({ clientOrderId: 'entry-1_s1' }));
    await world.until(() => alarms.length === 1, 10_000);
    await world.pass(30_000, 500);
    expect([held(), orders().length, alarms.length]).toEqual([2, 3, 1]);
  });

  it('is not told, nor left, where the bot computed and had not read of the stop that works', async () => {
    const { broker, alarms } = await start([24_000], { ownOco: { whenUnprotected: 'close' } });
    broker.once('order.filled', () => {
      // One turn later its stop has been written, and nothing of it has come back.
      setImmediate(() => {
        world.clock.standStill(20_000);
        world.clock.advance(1);
      });
    });
    await world.during(broker.placeMarketOrder(entry));
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    await world.pass(10_000, 100);
    expect([held(), alarms, shown('entry-1_s1')?.status]).toEqual([2, [], status.working]);
  });

  it('takes off only what is its own, where others hold the contract too', async () => {
    const { broker, alarms } = await start([24_000], {
      ownOco: { whenUnprotected: 'close', protectWithinMs: 1_000 },
    });
    await world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 3 }));
    await world.during(broker.placeMarketOrder(entry));
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    await world.during(broker.cancelOrder({ clientOrderId: 'entry-1_s1' }));
    await world.until(() => alarms.length === 1 && held() === 3, 10_000);
    await world.pass(10_000, 500);
    expect([held(), shown('entry-1_t1')?.status]).toEqual([3, status.cancelled]);
  });

  it('is not told of what a flatten or a halt takes down', async () => {
    const { broker, alarms } = await start([24_000], { ownOco: { whenUnprotected: 'close' } });
    await world.during(broker.placeMarketOrder(entry));
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    expect(await world.during(broker.flatten())).toMatchObject({ complete: true });
    await world.during(broker.placeMarketOrder({ ...entry, clientOrderId: 'entry-2' }));
    await world.until(() => byTag('entry-2_t1')?.status === status.working, 5_000);
    expect(await world.during(broker.halt())).toMatchObject({ complete: true });
    await world.pass(20_000, 500);
    expect([
      held(),
      alarms.length,
      orders().filter(({ status: at }) => at === status.working).length,
    ]).toEqual([0, 0, 0]);
  });
});

describe('a stop and a target that both fill', () => {
  it.each([
    ['close', 0],
    ['leave', -1],
  ] as const)(
    'are told, and what they took too much is bought back by choice (%s)',
    async (whenUnprotected, left) => {
      const { broker } = await start([24_000, 24_011, 23_990], { ownOco: { whenUnprotected } });
      const reversed: PositionSurprise[] = [];
      broker.on('position.reversed', (surprise) => void reversed.push(surprise));
      await world.during(
        broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 1,
          clientOrderId: 'entry-1',
          bracket,
        }),
      );
      await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
      // The market goes there and back before the sibling's cancel can reach the venue.
      world.gateway.stepPrices();
      world.gateway.stepPrices();
      await world.until(() => reversed.length === 1, 10_000);
      await world.pass(5_000, 100);
      expect([held(), reversed[0]?.position?.side]).toEqual([left, 'sell']);
    },
  );
});

it('own OCO is refused where it could not be kept', async () => {
  world = await simulatedWorld();
  await expect(
    world.connect({ ownOco: { whenUnprotected: 'never' } as unknown as OwnOcoOptions }),
  ).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    problems: [expect.stringContaining('ownOco.whenUnprotected')],
  });
  await expect(
    world.connect({ ownOco: { whenUnprotected: 'close' } }, { capabilities: { modify: 'none' } }),
  ).rejects.toMatchObject({ problems: ['ownOco: needs an adapter that modifies orders in place'] });
});
