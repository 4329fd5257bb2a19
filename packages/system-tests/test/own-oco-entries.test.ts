import { memoryJournal } from '@hotpath/core';
import { afterEach, describe, expect, it } from 'vitest';
import { mortalBroker } from '../src/world/mortal-broker.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';
import { OwnOcoTrial, bracket, quotes, status } from './own-oco-trial.ts';

const trial = new OwnOcoTrial();
afterEach(() => trial.end());

describe('own OCO on an account that refuses brackets', () => {
  it('goes on with an entry that the venue does not show any more', async () => {
    let requests = 0;
    trial.world = await simulatedWorld({
      log: ({ path }) => void (requests += path.startsWith('/api/') ? 1 : 0),
      rateLimit: { everythingElse: 'off' },
      keepHistory: 1,
      replay: { MNQ: { kind: 'ticks', csv: quotes([24_000, 24_011]) } },
    });
    const journal = memoryJournal();
    const first = await mortalBroker(trial.world, {
      journal,
      ownOco: { whenUnprotected: 'leave' },
    });
    await trial.world.pass(2_000, 100);
    await trial.world.during(
      first.broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 2,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
    for (let other = 1; trial.byTag('entry-1') && other < 100; other += 1) {
      const clientOrderId = `other-${other}`;
      await trial.world.during(
        first.broker.placeLimitOrder({
          symbol: 'MES',
          side: 'buy',
          quantity: 1,
          limitPrice: 1_000,
          clientOrderId,
        }),
      );
      await trial.world.during(first.broker.cancelOrder({ clientOrderId }));
    }
    first.kill();
    expect(trial.byTag('entry-1')).toBeUndefined();
    await trial.world.pass(25 * 3_600_000, 60_000);
    await mortalBroker(trial.world, { journal, ownOco: { whenUnprotected: 'leave' } });
    await trial.world.pass(60_000, 500);
    expect([trial.shown('entry-1_s1'), trial.shown('entry-1_t1')]).toMatchObject([
      { size: 2, status: status.working },
      { size: 2, status: status.working },
    ]);
    // Nor is it asked for again and again while the stream is down: others need what the rate limit has.
    trial.world.gateway.faults.add({
      endpoint: 'hubs/user',
      fault: { kind: 'status', status: 503 },
    });
    trial.world.gateway.dropHubs('user');
    await trial.world.pass(2_000, 500);
    requests = 0;
    await trial.world.pass(60_000, 500);
    expect(requests).toBeGreaterThan(5);
    expect(requests).toBeLessThan(28);
    trial.world.gateway.stepPrices();
    await trial.world.until(() => trial.byTag('entry-1_s1')?.status !== status.working, 10_000);
    expect([
      trial.held(),
      trial.orders().filter(({ status: at }) => at === status.working),
    ]).toEqual([0, []]);
  });

  it.each([
    ['soon', 60_000],
    ['later', 660_000],
  ])(
    'lets go of legs that ended while it was away and that the venue has forgotten, %s, and goes on holding the others against the position',
    async (_name, awayMs) => {
      trial.world = await simulatedWorld({
        rateLimit: { everythingElse: 'off' },
        keepHistory: 1,
        replay: { MNQ: { kind: 'ticks', csv: quotes([24_000]) } },
      });
      const journal = memoryJournal();
      const first = await mortalBroker(trial.world, {
        journal,
        ownOco: { whenUnprotected: 'leave' },
      });
      await trial.world.pass(2_000, 100);
      await trial.world.during(
        first.broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 2,
          clientOrderId: 'entry-1',
          bracket,
        }),
      );
      await trial.world.until(() => trial.byTag('entry-1_t1')?.status === status.working, 5_000);
      first.kill();
      const somebody = await trial.world.connect();
      await trial.world.during(somebody.cancelAllOrders({ foreign: true }));
      await trial.world.during(somebody.closePosition({ symbol: 'MNQ' }));
      for (let other = 1; trial.byTag('entry-1_s1') && other < 100; other += 1) {
        const clientOrderId = `other-${other}`;
        await trial.world.during(
          somebody.placeLimitOrder({
            symbol: 'MES',
            side: 'buy',
            quantity: 1,
            limitPrice: 1_000,
            clientOrderId,
          }),
        );
        await trial.world.during(somebody.cancelOrder({ clientOrderId }));
      }
      await trial.world.pass(awayMs, 1_000);
      // Nor does the venue say what a cancel of one came to.
      const fault = trial.world.gateway.faults.add({
        endpoint: 'Order/cancel',
        fault: { kind: 'status', status: 500 },
      });
      const { broker } = await mortalBroker(trial.world, {
        journal,
        ownOco: { whenUnprotected: 'leave' },
        settleMs: 2_000,
        lookupAfterMs: 100,
      });
      await trial.world.pass(30_000, 500);
      trial.world.gateway.faults.remove(fault);
      await trial.world.during(
        broker.placeMarketOrder({
          symbol: 'MNQ',
          side: 'buy',
          quantity: 3,
          clientOrderId: 'entry-2',
          bracket,
        }),
      );
      await trial.world.until(() => trial.byTag('entry-2_s1')?.size === 3, 5_000);
      await trial.world.during(somebody.reducePosition({ symbol: 'MNQ', quantity: 1 }));
      await trial.world.until(() => trial.byTag('entry-2_s1')?.size === 2, 20_000);
      await trial.world.pass(660_000, 1_000);
      await trial.world.during(somebody.reducePosition({ symbol: 'MNQ', quantity: 1 }));
      await trial.world.until(() => trial.byTag('entry-2_s1')?.size === 1, 20_000);
      const { records } = await broker.explain('entry-1');
      expect(records.at(-1)).toMatchObject({ kind: 'oco', step: 'ended' });
      expect(
        trial
          .orders()
          .filter(
            ({ status: at, customTag }) =>
              at === status.working && customTag?.startsWith('entry-1') === true,
          ),
      ).toEqual([]);
    },
  );

  it('does not take for gone what a close that fills in parts meets: what another entry sold meanwhile', async () => {
    const { broker } = await trial.start([24_000, 24_000, 24_000, 24_000, 24_000], {
      gateway: { largestFill: 2 },
    });
    const market = { symbol: 'MNQ', quantity: 3, bracket } as const;
    await trial.world.during(
      broker.placeMarketOrder({ ...market, side: 'sell', clientOrderId: 'entry-1' }),
    );
    trial.world.gateway.stepPrices();
    await trial.world.until(() => trial.byTag('entry-1_s1')?.size === 3, 5_000);
    // Two of three are bought back, and one is to come.
    const closing = broker.closePosition({ symbol: 'MNQ' });
    await trial.world.until(() => trial.held() === -1, 5_000);
    await trial.world.during(
      broker.placeMarketOrder({ ...market, side: 'buy', clientOrderId: 'entry-2' }),
    );
    expect(trial.held()).toBe(1);
    await trial.world.pass(20_000, 500);
    trial.world.gateway.stepPrices();
    await trial.world.until(() => trial.held() === 3, 5_000);
    await trial.world.during(closing);
    await trial.world.until(() => trial.byTag('entry-2_s1')?.size === 3, 20_000);
    await trial.world.until(() => trial.byTag('entry-1_s1')?.status === status.cancelled, 20_000);
  });

  it('lets go of an entry that was never sent, and protects the next one under its id by its own bracket', async () => {
    const { broker } = await trial.start([24_000]);
    const order = { symbol: 'MNQ', side: 'buy', quantity: 1, clientOrderId: 'entry-1' } as const;
    const refused = await trial.world.during(
      broker.placeMarketOrder({ ...order, bracket, signal: AbortSignal.abort() }),
    );
    // In the tick in which it is told: whoever tries again does so at once.
    const again = broker.placeMarketOrder({
      ...order,
      side: 'sell',
      bracket: { stopLossTicks: 60 },
    });
    expect(refused).toMatchObject({ kind: 'not-sent', code: 'ABORTED' });
    expect(await trial.world.during(again)).toMatchObject({ kind: 'accepted' });
    await trial.world.until(() => trial.byTag('entry-1_s1')?.status === status.working, 5_000);
    expect(trial.shown('entry-1_s1')).toEqual({
      side: 0,
      size: 1,
      filled: 0,
      status: status.working,
      price: 24_000 + 15,
    });
    await trial.world.during(
      broker.placeMarketOrder({
        ...order,
        clientOrderId: 'entry-2',
        bracket,
        signal: AbortSignal.abort(),
      }),
    );
    await trial.world.pass(1_000, 100);
    const { records } = await broker.explain('entry-2');
    expect(records.map((record) => (record.kind === 'oco' ? record.step : record.kind))).toEqual([
      'armed',
      'ended',
    ]);
  });

  it('steps round an id that the author used', async () => {
    const { broker } = await trial.start([24_000]);
    await trial.world.during(
      broker.placeLimitOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        limitPrice: 23_000,
        clientOrderId: 'entry-1_s1',
      }),
    );
    await trial.world.during(
      broker.placeMarketOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        clientOrderId: 'entry-1',
        bracket,
      }),
    );
    await trial.world.until(
      () =>
        trial.byTag('entry-1_s2')?.status === status.working &&
        trial.byTag('entry-1_t1')?.status === status.working,
      5_000,
    );
    expect(trial.shown('entry-1_s1')).toMatchObject({ side: 0, status: status.working });
  });
});
