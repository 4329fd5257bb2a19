import { afterEach, describe, expect, it } from 'vitest';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import type { Trade } from '../trade.ts';
import { StateTrial, contractId, fill, id, position, settle } from '../testing/state-trial.ts';

const trial = new StateTrial();
afterEach(() => trial.end());

describe('a gap', () => {
  it('is told once, read over, and told to be over', async () => {
    const venue = {
      open: [testOrder({ orderId: id('1') })],
      orders: [] as Order[],
      positions: [position(1)],
      trades: [] as Trade[],
    };
    await trial.open({
      openOrders: () => venue.open,
      orders: () => venue.orders,
      positions: () => venue.positions,
      trades: () => venue.trades,
    });
    await trial.live();
    trial.told = [];
    trial.gap();
    trial.gap();
    venue.open = [];
    venue.orders = [
      testOrder({ orderId: id('1'), status: 'filled', filledQuantity: 1, updatedAt: 9 }),
    ];
    venue.positions = [position(2)];
    venue.trades = [fill('missed', '1', trial.clock.now())];
    await trial.live();
    expect(trial.namesTold()).toEqual([
      'stream.gap',
      'position.updated',
      'order.updated',
      'order.filled',
      'stream.synced',
    ]);
    expect(await trial.scripted.broker.getPositions()).toEqual([position(2)]);
  });

  it('looks up an order that is neither open nor in the span', async () => {
    let openOrders = [testOrder({ orderId: id('1') })];
    await trial.open({
      openOrders: () => openOrders,
      find: () => ({
        is: 'found',
        order: testOrder({ orderId: id('1'), status: 'cancelled', updatedAt: 4 }),
      }),
    });
    await trial.live();
    trial.gap();
    openOrders = [];
    await trial.live();
    expect(await trial.scripted.broker.getOpenOrders()).toEqual([]);
    expect(trial.scripted.adapter.lookups).toEqual([{ by: 'order-id', orderId: '1' }]);
  });

  it('is not over while the venue cannot be read, and is tried again and again', async () => {
    let reachable = false;
    let tries = 0;
    const positions = (): readonly Position[] => {
      tries += 1;
      if (!reachable) throw new Error('down');
      return [position(3)];
    };
    await trial.open({ positions });
    await trial.live();
    expect(tries).toBe(1);
    for (const wait of [500, 1000, 2000]) {
      trial.clock.advance(wait);
      await settle();
    }
    expect([tries, trial.namesTold()]).toEqual([4, []]);
    reachable = true;
    trial.clock.advance(4000);
    await settle();
    expect(trial.namesTold()).toEqual(['position.updated', 'account.updated', 'stream.synced']);
  });

  it('that comes while another is read over needs a reading of its own', async () => {
    let release: ((rows: readonly Order[]) => void) | undefined;
    let reads = 0;
    await trial.open({
      openOrders: () => (
        (reads += 1),
        reads === 1 ? new Promise((resolve) => (release = resolve)) : []
      ),
    });
    await trial.live();
    trial.gap();
    trial.bring({ of: 'stream-live', stream: 'orders', at: trial.clock.now() });
    release?.([]);
    await settle();
    expect(reads).toBe(2);
    expect(trial.namesTold().filter((name) => name === 'stream.synced')).toHaveLength(1);
  });

  it('does not let what was read before an event undo it', async () => {
    let release: ((rows: readonly Position[]) => void) | undefined;
    await trial.open({ positions: () => new Promise((resolve) => (release = resolve)) });
    trial.bring({ of: 'stream-live', stream: 'orders', at: trial.clock.now() });
    await settle();
    trial.bring({ of: 'position', contractId, position: position(5), asOf: trial.clock.now() });
    release?.([position(4)]);
    await settle();
    expect(await trial.scripted.broker.getPositions()).toEqual([position(5)]);
  });

  it('is what a sleeping machine had', async () => {
    await trial.open();
    await trial.live();
    trial.told = [];
    trial.clock.setWall(trial.clock.now() + 120_000);
    trial.clock.advance(1000);
    await settle();
    expect(
      trial.told.map(([name, payload]) => [name, (payload as { because?: string }).because]),
    ).toEqual([
      ['stream.gap', 'the wall clock stepped by 120000 ms'],
      ['stream.synced', undefined],
    ]);
    expect([trial.scripted.fast.resets, trial.scripted.fallback.resets]).toEqual([
      ['the wall clock stepped by 120000 ms'],
      ['the wall clock stepped by 120000 ms'],
    ]);
  });

  it('is what a machine had that slept while its monotonic clock went on, as on Windows and macOS', async () => {
    await trial.open();
    await trial.live();
    trial.told = [];
    const slept = trial.clock.now();
    trial.clock.standStill(120_000);
    trial.clock.advance(1);
    await settle();
    expect(trial.told.map(([name]) => name)).toEqual(['stream.gap', 'stream.synced']);
    expect(trial.told[0]?.[1]).toMatchObject({
      because: expect.stringContaining('nothing ran for'),
      at: expect.closeTo(slept, -3),
    });
    expect(trial.scripted.fast.resets).toEqual([expect.stringContaining('nothing ran for')]);
  });

  it('resets connections also where there is no stream, and for no less than a second', async () => {
    await trial.open({ streams: false });
    trial.clock.setWall(trial.clock.now() - 900);
    trial.clock.advance(1000);
    expect(trial.scripted.fast.resets).toEqual([]);
    trial.clock.setWall(trial.clock.now() - 60_000);
    trial.clock.advance(1000);
    expect(trial.scripted.fast.resets).toHaveLength(1);
  });

  it('at the start tells nothing of what was filled before it', async () => {
    await trial.open({
      trades: () => [fill('old', '1', trial.clock.now() - 1000)],
      orders: () => [testOrder({ orderId: id('1'), status: 'filled' })],
    });
    await trial.live();
    expect(trial.namesTold()).not.toContain('order.filled');
  });
});
