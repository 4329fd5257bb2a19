import type { OwnOcoOptions } from '@hotpath/core';
import { memoryJournal } from '@hotpath/core';
import { afterEach, describe, expect, it } from 'vitest';
import { mortalBroker } from '../src/world/mortal-broker.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';
import { OwnOcoTrial, bracket, status } from './own-oco-trial.ts';

const trial = new OwnOcoTrial();
afterEach(() => trial.end());

describe('own OCO on an account that refuses brackets', () => {
  it("sends the entry plain, then a stop and a target whose ids are made from the entry's", async () => {
    const { broker, alarms } = await trial.start([24_000]);
    expect(
      await trial.world.during(
        broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 2,
          clientOrderId: 'entry-1',
          bracket,
        }),
      ),
    ).toMatchObject({ kind: 'accepted' });
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
    expect(trial.shown('entry-1_s1')).toEqual({
      side: 1,
      size: 2,
      filled: 0,
      status: status.working,
      price: 24_000.25 - 5,
    });
    expect(trial.shown('entry-1_t1')).toEqual({
      side: 1,
      size: 2,
      filled: 0,
      status: status.working,
      price: 24_000.25 + 10,
    });
    await trial.world.pass(10_000, 100);
    expect(trial.orders()).toHaveLength(3);
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
      [String(trial.byTag('entry-1')?.id), false],
      [String(trial.byTag('entry-1')?.id), false],
    ]);
  });

  it.each([
    ['target', [24_000, 24_011], 'entry-1_t1', 'entry-1_s1'],
    ['stop', [24_000, 23_990], 'entry-1_s1', 'entry-1_t1'],
  ] as const)('cancels the sibling when the %s fills', async (_name, prices, filled, sibling) => {
    const { broker } = await trial.start(prices);
    await trial.world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
    trial.world.gateway.stepPrices();
    await trial.world.until(() => trial.byTag(sibling)?.status === status.cancelled, 5_000);
    expect(trial.shown(filled)).toMatchObject({ filled: 2, status: status.filled });
    expect([trial.held(), trial.orders().length]).toEqual([0, 3]);
  });

  it('resizes the legs with every part of the entry that fills, and the sibling with every part of a leg', async () => {
    const { broker } = await trial.start([24_000, 24_000, 24_000, 24_011, 24_011], {
      gateway: { largestFill: 1 },
    });
    await trial.world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 3,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    for (const filled of [1, 2, 3]) {
      await trial.world.until(
        () =>
          trial.byTag('entry-1_s1')?.size === filled && trial.byTag('entry-1_t1')?.size === filled,
        5_000,
      );
      expect(trial.held()).toBe(filled);
      trial.world.gateway.stepPrices();
    }
    // One of three is out by the target: the stop stands for two.
    await trial.world.until(() => trial.byTag('entry-1_s1')?.size === 2, 5_000);
    expect(trial.shown('entry-1_t1')).toMatchObject({ size: 3, filled: 1, status: status.working });
    trial.world.gateway.stepPrices();
    await trial.world.until(() => trial.byTag('entry-1_s1')?.size === 1, 5_000);
    trial.world.gateway.stepPrices();
    await trial.world.until(() => trial.byTag('entry-1_s1')?.status === status.cancelled, 5_000);
    expect([trial.held(), trial.orders().length]).toEqual([0, 3]);
  });

  it('trails with the stop, and resizes it without touching its price', async () => {
    const { broker } = await trial.start([24_000, 24_000, 24_004], { gateway: { largestFill: 1 } });
    await trial.world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket: { stopLossTicks: 20, trailing: true },
      }),
    );
    await trial.world.until(() => trial.byTag('entry-1_s1')?.type === 5, 5_000);
    trial.world.gateway.stepPrices();
    await trial.world.until(() => trial.byTag('entry-1_s1')?.size === 2, 5_000);
    trial.world.gateway.stepPrices();
    expect(trial.byTag('entry-1_s1')).toMatchObject({
      stopPrice: 23_999.25,
      status: status.working,
    });
    expect(trial.orders()).toHaveLength(2);
  });

  it('leaves a stop where its author moved it', async () => {
    const { broker } = await trial.start([24_000, 24_000], { gateway: { largestFill: 1 } });
    await trial.world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
    await trial.world.during(
      broker.modifyOrder({ clientOrderId: 'entry-1_s1', stopPrice: 23_998 }),
    );
    trial.world.gateway.stepPrices();
    await trial.world.until(
      () => trial.byTag('entry-1_s1')?.size === 2 && trial.byTag('entry-1_t1')?.size === 2,
      5_000,
    );
    expect(trial.shown('entry-1_s1')).toMatchObject({ price: 23_998 });
  });

  it('cancels both legs of a position that was closed, before the close is told', async () => {
    const { broker, alarms } = await trial.start([24_000]);
    await trial.world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'sell',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
    expect(trial.shown('entry-1_s1')).toEqual({
      side: 0,
      size: 2,
      filled: 0,
      status: status.working,
      price: 24_000 + 5,
    });
    expect(await trial.world.during(broker.closePosition({ symbol: 'MNQ' }))).toMatchObject({
      became: 'flat',
    });
    expect([trial.shown('entry-1_s1')?.status, trial.shown('entry-1_t1')?.status]).toEqual([
      status.cancelled,
      status.cancelled,
    ]);
    await trial.world.pass(20_000, 200);
    expect([trial.held(), alarms.length, trial.orders().length]).toEqual([0, 0, 4]);
  });

  it('takes off its legs what another order took off the position, the oldest entry first', async () => {
    const { broker } = await trial.start([24_000]);
    for (const clientOrderId of ['first', 'second'])
      await trial.world.during(
        broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 2,
          clientOrderId,
          bracket,
        }),
      );
    await trial.world.until(
      () =>
        trial.byTag('second_t1')?.status === status.working &&
        trial.byTag('first_t1')?.status === status.working,
      5_000,
    );
    await trial.world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'sell', quantity: 3 }));
    await trial.world.until(
      () =>
        trial.byTag('first_s1')?.status === status.cancelled &&
        trial.byTag('second_s1')?.size === 1 &&
        trial.byTag('second_t1')?.size === 1,
      10_000,
    );
    expect(trial.shown('first_t1')?.status).toBe(status.cancelled);
  });

  it('finds fills while the order stream is down', async () => {
    const { broker } = await trial.start([24_000, 23_998, 24_011]);
    await trial.world.during(
      broker.placeLimitOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        limitPrice: 23_999,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    trial.world.gateway.faults.add({
      endpoint: 'hubs/user',
      fault: { kind: 'status', status: 503 },
    });
    trial.world.gateway.dropHubs('user');
    await trial.world.pass(500, 100);
    trial.world.gateway.stepPrices();
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 15_000);
    trial.world.gateway.stepPrices();
    await trial.world.until(() => trial.byTag('entry-1_s1')?.status === status.cancelled, 15_000);
    expect([trial.held(), trial.orders().length]).toEqual([0, 3]);
  });

  it('is not refused by the limits of the author, and does not count against them', async () => {
    trial.world = await simulatedWorld({ rateLimit: { everythingElse: 'off' } });
    const { broker } = await mortalBroker(trial.world, {
      journal: memoryJournal(),
      ownOco: { whenUnprotected: 'leave' },
      limits: { maxContracts: 2, maxOpenOrders: 1, maxOrdersPerMinute: 2 },
    });
    await trial.world.pass(2_000, 100);
    const entry = { symbol: 'MNQ', side: 'buy', quantity: 1, bracket } as const;
    expect(
      await trial.world.during(broker.placeMarketOrder({ ...entry, clientOrderId: 'first' })),
    ).toMatchObject({ kind: 'accepted' });
    await trial.world.until(() => trial.byTag('first_t1')?.status === status.working, 5_000);
    expect(
      await trial.world.during(broker.placeMarketOrder({ ...entry, clientOrderId: 'second' })),
    ).toMatchObject({ kind: 'accepted' });
    await trial.world.until(() => trial.byTag('second_t1')?.status === status.working, 5_000);
    expect(
      await trial.world.during(broker.placeMarketOrder({ ...entry, clientOrderId: 'third' })),
    ).toMatchObject({ kind: 'not-sent', code: 'LIMIT_EXCEEDED' });
  });

  it('refuses an id that leaves no room for its legs, and a bracket without the option', async () => {
    const { broker } = await trial.start([24_000]);
    const order = { symbol: 'MNQ', side: 'buy', quantity: 1, bracket } as const;
    expect(
      await broker.placeMarketOrder({ ...order, clientOrderId: 'e'.repeat(44) }),
    ).toMatchObject({ kind: 'not-sent', code: 'INVALID_ORDER', field: 'clientOrderId' });
    const plain = await trial.world.connect({ journal: memoryJournal() });
    expect(await trial.world.during(plain.placeMarketOrder(order))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('Position Brackets'),
    });
  });
});

it('own OCO is refused where it could not be kept', async () => {
  trial.world = await simulatedWorld();
  await expect(
    trial.world.connect({ ownOco: { whenUnprotected: 'never' } as unknown as OwnOcoOptions }),
  ).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    problems: [expect.stringContaining('ownOco.whenUnprotected')],
  });
  await expect(
    trial.world.connect(
      { ownOco: { whenUnprotected: 'close' } },
      { capabilities: { modify: 'none' } },
    ),
  ).rejects.toMatchObject({ problems: ['ownOco: needs an adapter that modifies orders in place'] });
});
