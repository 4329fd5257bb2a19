import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientOrderId, OrderId } from '../brand.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { Order } from '../order.ts';
import type { ExitWorld } from '../testing/exit-world.ts';
import { exitOrder, exitWorld } from '../testing/exit-world.ts';
import { answered, silent } from '../testing/scripted-executor.ts';

let world: ExitWorld;
afterEach(() => world.over());

describe('K02: a close without an answer', () => {
  it('that nothing shows is sent once more after settleMs, and no more', async () => {
    world = await exitWorld();
    world.close();
    await world.pass(14_000);
    expect(world.sent).toEqual(['close']);
    await world.pass(12_000);
    expect(world.sent).toEqual(['close', 'close']);
    await world.pass(60_000);
    expect(world.sent).toEqual(['close', 'close']);
    expect(world.ends).toMatchObject([{ kind: 'unknown', code: 'ABSENT' }]);
  });

  it('that was answered with nothing that decides is sent once more after repeatAfterMs', async () => {
    world = await exitWorld();
    world.script = () =>
      answered({ is: 'ambiguous', code: 'SERVER_ERROR', message: '502', arrived: false });
    world.close();
    await world.pass(3_000);
    expect(world.sent).toEqual(['close']);
    await world.pass(3_000);
    expect(world.sent).toEqual(['close', 'close']);
  });

  it('that was sent once more is accepted once nothing is held', async () => {
    world = await exitWorld();
    world.close();
    await world.pass(26_000);
    world.held = 0;
    await world.pass(11_000);
    expect(world.ends).toMatchObject([{ kind: 'accepted', became: 'flat' }]);
  });

  it('whose repeat the venue took is accepted, also when its order has not filled in all that time', async () => {
    world = await exitWorld();
    world.script = (_, index) => (index === 0 ? silent('RESET') : answered({ is: 'accepted' }));
    world.close();
    await world.pass(60_000);
    expect(world.sent).toEqual(['close', 'close']);
    expect(world.ends).toMatchObject([
      { kind: 'accepted', operation: 'close', became: 'not-yet-flat', remainingQuantity: 2 },
    ]);
  });

  it('whose repeat the venue refused proves nothing of the first one', async () => {
    world = await exitWorld();
    world.script = (_, index) =>
      index === 0
        ? silent('RESET')
        : answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 5, message: 'no' });
    world.close();
    await world.pass(60_000);
    expect(world.ends).toMatchObject([{ kind: 'unknown', code: 'ABSENT' }]);
  });

  it('is accepted by its one order, whatever is held again since', async () => {
    world = await exitWorld();
    world.close();
    await world.pass(2_000);
    world.stream(exitOrder({ quantity: 2, filledQuantity: 2 }));
    world.held = 3;
    await world.pass(40_000);
    expect(world.sent).toEqual(['close']);
    expect(world.ends).toMatchObject([
      { kind: 'accepted', operation: 'close', became: 'not-yet-flat', remainingQuantity: 3 },
    ]);
  });

  it.each([
    ['the position changed', () => void (world.held = 1)],
    [
      'an order shows that may be its own',
      () => world.stream(exitOrder({ quantity: 2, filledQuantity: 0, status: 'working' })),
    ],
    ['the stream had a gap', () => (world.stream('gap'), world.stream('live'))],
  ])('is never sent again when %s', async (_, happens) => {
    world = await exitWorld();
    world.close();
    await world.pass(2_000);
    happens();
    await world.pass(90_000);
    expect(world.sent).toEqual(['close']);
    expect(world.ends).toMatchObject([{ kind: 'unknown', code: 'ABSENT' }]);
  });
});

describe('K06: a second close, while the first is unknown', () => {
  it('joins it, and a flatten too', async () => {
    world = await exitWorld();
    world.close();
    await world.pass(13_000);
    world.close();
    const flattening = world.scripted.broker.flatten();
    await world.pass(1_000);
    expect(world.sent).toEqual(['close']);
    world.held = 0;
    await world.pass(16_000);
    expect(world.ends).toMatchObject([{ became: 'flat' }, { became: 'flat' }]);
    expect(world.ends[0]).toBe(world.ends[1]);
    expect((await flattening).complete).toBe(true);
  });
});

describe('K04: a reduce without an answer', () => {
  it("is accepted by the one order of its size that is nobody else's", async () => {
    world = await exitWorld();
    world.stream(exitOrder({ orderId: '40' as OrderId }));
    world.reduce();
    await world.pass(500);
    world.held = 1;
    world.stream(exitOrder());
    await world.pass(1_500);
    expect(world.ends).toMatchObject([
      { kind: 'accepted', operation: 'reduce', became: 'reduced', remainingQuantity: 1 },
    ]);
  });

  it.each([
    [
      'two orders fit',
      () => (world.stream(exitOrder()), world.stream(exitOrder({ orderId: '51' as OrderId }))),
    ],
    [
      'the order has another size',
      () => world.stream(exitOrder({ quantity: 2, filledQuantity: 2 })),
    ],
    ['the order has a tag', () => world.stream(exitOrder({ clientOrderId: 'x' as ClientOrderId }))],
    ['only the position is smaller', () => undefined],
    [
      'the stream had a gap',
      () => (world.stream('gap'), world.stream(exitOrder()), world.stream('live')),
    ],
  ])('proves nothing when %s', async (_, happens) => {
    world = await exitWorld();
    world.reduce();
    await world.pass(500);
    happens();
    world.held = 1;
    await world.pass(90_000);
    expect(world.ends).toMatchObject([{ kind: 'unknown', code: 'ABSENT' }]);
    expect(world.sent).toEqual(['reduce']);
  });

  it('proves nothing while another reduce of the contract was under way', async () => {
    world = await exitWorld();
    world.script = (_, index) => (index === 0 ? answered({ is: 'accepted' }) : silent('RESET'));
    world.held = 3;
    world.reduce();
    await world.pass(250);
    world.held = 2;
    await world.pass(1_000);
    world.reduce();
    await world.pass(250);
    world.stream(exitOrder());
    await world.pass(90_000);
    expect(world.ends).toMatchObject([{ kind: 'accepted' }, { kind: 'unknown', code: 'ABSENT' }]);
  });
});

describe('K06: exits of one contract that nobody waited for', () => {
  beforeEach(async () => {
    world = await exitWorld();
    world.held = 3;
    world.script = () =>
      new Promise(
        (resolve) => void world.clock.setTimer(2_000, () => resolve(answered({ is: 'accepted' }))),
      );
  });

  it('a close is sent when the bot has been told of the reduce, for what is held then', async () => {
    world.reduce();
    await world.pass(250);
    world.close();
    await world.pass(1_000);
    expect(world.sent).toEqual(['reduce']);
    world.held = 2;
    await world.pass(2_000);
    expect(world.sent).toEqual(['reduce', 'close']);
    world.held = 0;
    await world.pass(4_000);
    expect(world.ends).toMatchObject([
      { became: 'reduced', remainingQuantity: 2 },
      { became: 'flat' },
    ]);
  });

  it('a close is not sent at all when the reduce took everything', async () => {
    world.held = 1;
    world.reduce();
    await world.pass(250);
    world.close();
    world.held = 0;
    await world.pass(4_000);
    expect(world.sent).toEqual(['reduce']);
    expect(world.ends).toMatchObject([
      { operation: 'close', became: 'already-flat' },
      { operation: 'reduce', became: 'flat' },
    ]);
  });

  it('a second reduce waits for the first one and is held against what is left', async () => {
    world.held = 1;
    world.reduce();
    await world.pass(250);
    world.reduce();
    await world.pass(1_000);
    expect(world.sent).toEqual(['reduce']);
    world.held = 0;
    await world.pass(4_000);
    expect(world.sent).toEqual(['reduce']);
    expect(world.ends).toMatchObject([{ became: 'flat' }, { became: 'already-flat' }]);
  });

  it('one that was only checked holds nobody up', async () => {
    void world.scripted.broker.reducePosition({ symbol: 'MNQ', quantity: 1, dryRun: true });
    await world.pass(250);
    world.close();
    await world.pass(250);
    expect(world.sent).toEqual(['close']);
    world.held = 0;
    await world.pass(4_000);
    expect(world.ends).toMatchObject([{ became: 'flat' }]);
  });
});

describe('a reduce by an order with an id', () => {
  const fail = (): never => {
    throw new Error('no space left on device');
  };
  const own = (fields: Partial<Order>): Order =>
    exitOrder({
      orderId: '70' as OrderId,
      clientOrderId: world.tags.at(-1) as ClientOrderId,
      foreign: false,
      ...fields,
    });

  it('H03: works while the broker is halted', async () => {
    world = await exitWorld({ reduceWith: 'tagged-order' });
    world.held = 3;
    world.script = (delivery) =>
      delivery.request.template.operation === 'close'
        ? answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 5, message: 'no' })
        : new Promise(
            (resolve) =>
              void world.clock.setTimer(2_000, () =>
                resolve(answered({ is: 'accepted', orderId: '70' })),
              ),
          );
    const halting = world.scripted.broker.halt();
    await world.pass(60_000);
    expect(await halting).toMatchObject({ complete: false });
    world.sent.length = 0;
    world.reduce();
    await world.pass(500);
    world.stream(own({ status: 'working', filledQuantity: 0 }));
    await world.pass(500);
    world.held = 2;
    world.stream(own({ status: 'filled', updatedAt: 2 }));
    await world.pass(4_000);
    expect(world.sent).toEqual(['place']);
    expect(world.ends).toMatchObject([
      { kind: 'accepted', operation: 'reduce', became: 'reduced', remainingQuantity: 2 },
    ]);
  });

  it('is known while nobody knows its end, also when its line could not be written', async () => {
    const journal = memoryJournal();
    world = await exitWorld({
      reduceWith: 'tagged-order',
      journal: {
        ...journal,
        append: (record) => (record.kind === 'intent' ? fail() : journal.append(record)),
      },
    });
    world.held = 3;
    world.reduce();
    await world.pass(14_000);
    expect(world.scripted.broker.getIntent(String(world.tags[0]))).toMatchObject({
      state: 'unknown',
    });
    world.held = 2;
    world.stream(own({}));
    await world.pass(4_000);
    expect(world.ends).toMatchObject([
      { kind: 'accepted', operation: 'reduce', became: 'reduced' },
    ]);
    expect(world.scripted.broker.getIntent(String(world.tags[0]))).toMatchObject({
      state: 'accepted',
    });
  });
});

describe('K01: a close that the venue has taken', () => {
  it('is told once it shows, at the latest after outcomeWithinMs', async () => {
    world = await exitWorld();
    world.script = () => answered({ is: 'accepted' });
    world.close();
    await world.pass(2_000);
    expect(world.ends).toEqual([]);
    world.held = 0;
    await world.pass(1_000);
    expect(world.ends).toMatchObject([{ kind: 'accepted', became: 'flat' }]);
    world.held = 2;
    world.close();
    await world.pass(13_000);
    expect(world.ends[1]).toMatchObject({
      kind: 'accepted',
      became: 'not-yet-flat',
      remainingQuantity: 2,
    });
  });
});
