import type { PositionSurprise } from '@hotpath/core';
import { afterEach, describe, expect, it } from 'vitest';
import { OwnOcoTrial, bracket, status } from './own-oco-trial.ts';

const trial = new OwnOcoTrial();
afterEach(() => trial.end());

describe('a position that is left unprotected', () => {
  const entry = {
    symbol: 'MNQ',
    side: 'buy',
    quantity: 2,
    clientOrderId: 'entry-1',
    bracket,
  } as const;
  const refuseStops = (count?: number): void =>
    void trial.world.gateway.faults.add({
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
    const { broker, alarms } = await trial.start([24_000], {
      ownOco: { whenUnprotected: 'close' },
    });
    await trial.world.during(broker.placeMarketOrder(entry).finally(() => refuseStops()));
    await trial.world.until(() => alarms.length > 0 && trial.held() === 0, 10_000);
    await trial.world.pass(10_000, 200);
    expect(alarms).toMatchObject([
      { position: { quantity: 2 }, message: expect.stringContaining('entry-1') },
    ]);
    expect(trial.orders().filter(({ status: at }) => at === status.working)).toEqual([]);
    expect(
      trial
        .orders()
        .filter(({ side, fillVolume }) => side === 1 && fillVolume > 0)
        .map(({ fillVolume }) => fillVolume),
    ).toEqual([2]);
  });

  it('is not what a stop stands for that was one request too many: it is placed again', async () => {
    const { broker, alarms } = await trial.start([24_000], {
      ownOco: { whenUnprotected: 'close' },
      rateLimited: 'refused',
    });
    await trial.world.during(
      broker.placeMarketOrder(entry).finally(
        () =>
          void trial.world.gateway.faults.add({
            endpoint: 'Order/place',
            count: 1,
            fault: { kind: 'status', status: 429 },
          }),
      ),
    );
    await trial.world.until(
      () => trial.orders().some(({ type, status: at }) => type === 4 && at === status.working),
      20_000,
    );
    expect([alarms, trial.held()]).toEqual([[], 2]);
  });

  it('is told and left, and its stop is tried again under ids of its own', async () => {
    const { broker, alarms } = await trial.start([24_000]);
    await trial.world.during(broker.placeMarketOrder(entry).finally(() => refuseStops(3)));
    await trial.world.until(
      () => trial.orders().some(({ type, status: at }) => type === 4 && at === status.working),
      20_000,
    );
    expect(alarms).toHaveLength(1);
    await trial.world.until(
      () => trial.orders().some(({ type, status: at }) => type === 1 && at === status.working),
      20_000,
    );
    expect(trial.held()).toBe(2);
    expect(trial.world.gateway.truth().duplicateTags).toEqual({});
  });

  it('is told when somebody else ends its stop, which is not placed again', async () => {
    const { broker, alarms } = await trial.start([24_000], {
      ownOco: { whenUnprotected: 'leave', protectWithinMs: 3_000 },
    });
    await trial.world.during(broker.placeMarketOrder(entry));
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
    await trial.world.during(broker.cancelOrder({ clientOrderId: 'entry-1_s1' }));
    await trial.world.until(() => alarms.length === 1, 10_000);
    await trial.world.pass(30_000, 500);
    expect([trial.held(), trial.orders().length, alarms.length]).toEqual([2, 3, 1]);
  });

  it('is not told, nor left, where the bot computed and had not read of the stop that works', async () => {
    const { broker, alarms } = await trial.start([24_000], {
      ownOco: { whenUnprotected: 'close' },
    });
    broker.once('order.filled', () => {
      // One turn later its stop has been written, and nothing of it has come back.
      setImmediate(() => {
        trial.world.clock.standStill(20_000);
        trial.world.clock.advance(1);
      });
    });
    await trial.world.during(broker.placeMarketOrder(entry));
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
    await trial.world.pass(10_000, 100);
    expect([trial.held(), alarms, trial.shown('entry-1_s1')?.status]).toEqual([
      2,
      [],
      status.working,
    ]);
  });

  it('takes off only what is its own, where others hold the contract too', async () => {
    const { broker, alarms } = await trial.start([24_000], {
      ownOco: { whenUnprotected: 'close', protectWithinMs: 1_000 },
    });
    await trial.world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 3 }));
    await trial.world.during(broker.placeMarketOrder(entry));
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
    await trial.world.during(broker.cancelOrder({ clientOrderId: 'entry-1_s1' }));
    await trial.world.until(() => alarms.length === 1 && trial.held() === 3, 10_000);
    await trial.world.pass(10_000, 500);
    expect([trial.held(), trial.shown('entry-1_t1')?.status]).toEqual([3, status.cancelled]);
  });

  it('is not told of what a flatten or a halt takes down', async () => {
    const { broker, alarms } = await trial.start([24_000], {
      ownOco: { whenUnprotected: 'close' },
    });
    await trial.world.during(broker.placeMarketOrder(entry));
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
    expect(await trial.world.during(broker.flatten())).toMatchObject({ complete: true });
    await trial.world.during(broker.placeMarketOrder({ ...entry, clientOrderId: 'entry-2' }));
    await trial.world.until(() => trial.byTag('entry-2_t1')?.status === status.working, 5_000);
    expect(await trial.world.during(broker.halt())).toMatchObject({ complete: true });
    await trial.world.pass(20_000, 500);
    expect([
      trial.held(),
      alarms.length,
      trial.orders().filter(({ status: at }) => at === status.working).length,
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
      const { broker } = await trial.start([24_000, 24_011, 23_990], {
        ownOco: { whenUnprotected },
      });
      const reversed: PositionSurprise[] = [];
      broker.on('position.reversed', (surprise) => void reversed.push(surprise));
      await trial.world.during(
        broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 1,
          clientOrderId: 'entry-1',
          bracket,
        }),
      );
      await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
      // The market goes there and back before the sibling's cancel can reach the venue.
      trial.world.gateway.stepPrices();
      trial.world.gateway.stepPrices();
      await trial.world.until(() => reversed.length === 1, 10_000);
      await trial.world.pass(5_000, 100);
      expect([trial.held(), reversed[0]?.position?.side]).toEqual([left, 'sell']);
    },
  );
});
