import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import type { ExitWorld } from '../testing/exit-world.ts';
import { exitOrder, exitWorld } from '../testing/exit-world.ts';
import { answered } from '../testing/scripted-executor.ts';

let world: ExitWorld;
afterEach(() => world.over());

describe.each(['venue-call', 'tagged-order'] as const)(
  'K06: an exit behind an order that takes the position off, by %s',
  (reduceWith) => {
    const work = (fields: Partial<Order> = {}): void => {
      const order = exitOrder({
        status: 'working',
        quantity: 2,
        filledQuantity: 0,
        updatedAt: 1,
        ...fields,
      });
      world.listed = order.status === 'working' ? [order] : [];
      world.stream(order);
    };
    beforeEach(async () => {
      world = await exitWorld({ reduceWith });
      world.script = () => answered({ is: 'accepted', orderId: '70' });
      world.held = 3;
      work();
    });

    it('is held against what is left when that has filled', async () => {
      world.reduce(2);
      await world.pass(1_000);
      world.held = 1;
      work({ status: 'filled', filledQuantity: 2, updatedAt: 2 });
      await world.pass(4_000);
      expect([world.sent, world.ends]).toMatchObject([
        [],
        [{ kind: 'not-sent', code: 'CLOSE_UNSETTLED', field: 'quantity' }],
      ]);
    });

    it('is not sent against a position that was turned round meanwhile', async () => {
      world.reduce(1);
      await world.pass(1_000);
      world.held = -1;
      work({ status: 'filled', filledQuantity: 2, updatedAt: 2 });
      await world.pass(4_000);
      expect([world.sent, world.ends]).toMatchObject([
        [],
        [{ kind: 'not-sent', code: 'CLOSE_UNSETTLED', field: 'symbol' }],
      ]);
      world.held = 0;
    });

    it('is not sent late', async () => {
      world.reduce(1, 1_000);
      await world.pass(4_000);
      expect([world.sent, world.ends]).toMatchObject([
        [],
        [{ kind: 'not-sent', code: 'DEADLINE_PASSED' }],
      ]);
    });

    it('is not said to be closed by an order that takes off less than is held', async () => {
      world.close();
      await world.pass(14_000);
      expect([world.sent, world.ends]).toMatchObject([
        [],
        [{ kind: 'not-sent', code: 'CLOSE_UNSETTLED', field: 'symbol' }],
      ]);
    });

    it('waits no longer than the broker is open', async () => {
      world.close();
      await world.pass(500);
      void world.scripted.broker.close();
      await world.pass(2_000);
      expect([world.sent, world.ends]).toMatchObject([[], [{ kind: 'not-sent' }]]);
    });
  },
);

describe('K06: a close while an exit is at work that no event told of', () => {
  const untold = (fields: Partial<Order> = {}): Order =>
    exitOrder({ status: 'working', quantity: 2, filledQuantity: 0, updatedAt: 1, ...fields });
  const taken = async (): Promise<void> => {
    world.script = () => answered({ is: 'accepted' });
    world.close();
    await world.pass(14_000);
    expect([world.sent, world.ends]).toMatchObject([
      ['close'],
      [{ kind: 'accepted', became: 'not-yet-flat' }],
    ]);
  };
  beforeEach(async () => {
    world = await exitWorld();
  });

  it('is not sent beside the order of an earlier close, by the list of orders', async () => {
    await taken();
    world.made = [untold()];
    world.close();
    await world.pass(1_000);
    expect(world.sent).toEqual(['close']);
    world.held = 0;
    world.made = [untold({ status: 'filled', filledQuantity: 2, updatedAt: 2 })];
    await world.pass(4_000);
    expect([world.sent, world.ends.at(-1)]).toMatchObject([
      ['close'],
      { kind: 'accepted', became: 'already-flat' },
    ]);
  });

  it('is sent once the list shows that the earlier one is through', async () => {
    await taken();
    world.made = [untold({ status: 'filled', filledQuantity: 2, updatedAt: 2 })];
    world.close();
    await world.pass(500);
    expect(world.sent).toEqual(['close', 'close']);
    world.held = 0;
    await world.pass(2_000);
  });

  it('asks nothing of an exit of the other side', async () => {
    await taken();
    world.held = -2;
    world.made = [untold({ side: 'buy', orderId: '51' as OrderId })];
    world.close();
    await world.pass(250);
    expect(world.sent).toEqual(['close', 'close']);
    world.held = 0;
    await world.pass(2_000);
  });

  it('asks no more once it was answered', async () => {
    await taken();
    world.stream(untold({ status: 'filled', filledQuantity: 2, updatedAt: 2 }));
    // Not asked: the event has told of its end.
    world.made = [untold({ orderId: '51' as OrderId })];
    world.close();
    await world.pass(250);
    expect(world.sent).toEqual(['close', 'close']);
    world.held = 0;
    await world.pass(2_000);
  });

  it('is not sent while the list lacks an order that is pending', async () => {
    world.script = () => answered({ is: 'accepted' });
    world.stream(untold({ status: 'pending' }));
    world.shown = { is: 'found', order: untold({ status: 'pending' }) };
    world.close();
    await world.pass(2_000);
    expect(world.sent).toEqual([]);
    world.shown = {
      is: 'found',
      order: untold({ status: 'filled', filledQuantity: 1, updatedAt: 2 }),
    };
    world.held = 1;
    await world.pass(2_000);
    expect(world.sent).toEqual(['close']);
    world.held = 0;
    await world.pass(2_000);
  });

  it('is sent where the venue knows nothing of the order that the list lacks', async () => {
    world.script = () => answered({ is: 'accepted' });
    world.stream(untold({ status: 'pending' }));
    world.close();
    await world.pass(1_000);
    expect(world.sent).toEqual(['close']);
    world.held = 0;
    await world.pass(2_000);
  });

  it('is not sent again where the list of orders shows it', async () => {
    world.script = () =>
      answered({ is: 'ambiguous', code: 'SERVER_ERROR', message: 'half an answer', arrived: true });
    world.close();
    await world.pass(2_000);
    world.made = [untold()];
    await world.pass(24_000);
    expect([world.sent, world.ends]).toMatchObject([
      ['close'],
      [{ kind: 'unknown', code: 'ABSENT' }],
    ]);
    // Called again it waits for the one at work.
    world.close();
    await world.pass(2_000);
    world.held = 0;
    world.made = [untold({ status: 'filled', filledQuantity: 2, updatedAt: 2 })];
    await world.pass(2_000);
    expect([world.sent, world.ends.at(-1)]).toMatchObject([
      ['close'],
      { kind: 'accepted', became: 'already-flat' },
    ]);
  });
});

it('K06: a close before the first events is not sent beside an order of an earlier process', async () => {
  world = await exitWorld({ isLive: false });
  world.listed = [exitOrder({ status: 'working', quantity: 2, filledQuantity: 0 })];
  world.close();
  await world.pass(2_000);
  expect(world.sent).toEqual([]);
  world.listed = [];
  world.held = 0;
  world.shown = { is: 'found', order: exitOrder({ quantity: 2, filledQuantity: 2, updatedAt: 2 }) };
  await world.pass(2_000);
  expect([world.sent, world.ends]).toMatchObject([
    [],
    [{ kind: 'accepted', became: 'already-flat' }],
  ]);
});

it('a reduce by an order with an id is not sent where the venue does not say what still works', async () => {
  world = await exitWorld({ reduceWith: 'tagged-order' });
  world.held = 3;
  world.stream(exitOrder({ status: 'working', quantity: 2, filledQuantity: 0 }));
  world.listed = undefined;
  world.reduce();
  await world.pass(14_000);
  expect([world.sent, world.ends]).toMatchObject([
    [],
    [{ kind: 'not-sent', code: 'CLOSE_UNSETTLED', field: 'symbol' }],
  ]);
});

it('a close before the first events leaves though the list of orders never comes', async () => {
  world = await exitWorld({ isLive: false });
  world.script = () => answered({ is: 'accepted' });
  world.listed = new Promise(() => undefined);
  world.close();
  await world.pass(1_000);
  expect(world.sent).toEqual([]);
  await world.pass(1_500);
  expect(world.sent).toEqual(['close']);
  world.held = 0;
  await world.pass(2_000);
});

it('positions are not behind what a bot was told of its exit, though no event has come', async () => {
  world = await exitWorld();
  const { broker, adapter } = world.scripted;
  world.script = () => {
    world.held -= 1;
    return answered({ is: 'accepted' });
  };
  world.reduce(1);
  await world.pass(500);
  expect(world.ends).toMatchObject([{ became: 'reduced', remainingQuantity: 1 }]);
  expect(await broker.getPositions()).toMatchObject([{ quantity: 1 }]);
  world.close();
  await world.pass(500);
  expect(world.ends.at(-1)).toMatchObject({ became: 'flat' });
  expect(await broker.getPositions()).toEqual([]);
  // What comes late is older than the word.
  const [contract] = adapter.contracts.values();
  if (!contract) throw new Error('there is no contract');
  adapter.context?.evidence({
    of: 'position',
    contractId: contract.id,
    position: {
      contractId: contract.id,
      side: 'buy',
      quantity: 1,
      averagePrice: 24_000,
      openedAt: 0,
      asOf: 0,
    },
    asOf: 0,
  });
  expect(await broker.getPositions()).toEqual([]);
  adapter.context?.evidence({
    of: 'position',
    contractId: contract.id,
    position: undefined,
    asOf: 1,
  });
  expect(await broker.getPositions()).toEqual([]);
});
