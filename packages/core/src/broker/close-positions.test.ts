import { describe, expect, it } from 'vitest';
import type { Contract } from '../contract.ts';
import type { Order } from '../order.ts';
import { MNQ, done, held, next, reads } from '../testing/held-positions.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import { answered, silent } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const disputed = answered({ is: 'disputed', venueCode: 2, message: 'Position not found' });

describe('invariant 8: close and reduce have outcomes too', () => {
  it.each([
    [
      'flat',
      done,
      [held(2)],
      [],
      { kind: 'accepted', became: 'flat', remainingQuantity: 0, deliveries: 1 },
    ],
    [
      'K01: not flat yet',
      done,
      [held(2)],
      [held(2)],
      { kind: 'accepted', became: 'not-yet-flat', remainingQuantity: 2 },
    ],
    [
      'K01: turned round',
      done,
      [held(2)],
      [held(1, 'sell')],
      { kind: 'accepted', became: 'reversed', remainingQuantity: 1 },
    ],
    [
      'K00: refused',
      answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 5, message: 'no' }),
      [held(2)],
      [held(2)],
      { kind: 'rejected', venueCode: 5 },
    ],
    ['K02: no answer, and flat', silent(), [held(2)], [], { kind: 'accepted', became: 'flat' }],
    [
      'K02: no answer, and held',
      silent(),
      [held(2)],
      [held(2)],
      { kind: 'unknown', code: 'NO_ANSWER' },
    ],
    ['K03: no position', disputed, [held(2)], [], { kind: 'accepted', became: 'already-flat' }],
    [
      'K03: no position, says the answer, and the read shows one',
      disputed,
      [held(2)],
      [held(2)],
      { kind: 'rejected', code: 'POSITION_NOT_FOUND' },
    ],
  ])(
    'a close says what is held after it (%s)',
    async (_name, delivery, before, after, expected) => {
      const { broker, fast, fallback } = await scriptedBroker({
        fast: () => delivery,
        adapter: { positions: reads(before, after) },
      });
      expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
        operation: 'close',
        ...expected,
      });
      expect([fast.deliveries.length, fallback.deliveries.length]).toEqual([1, 0]);
      await broker.close();
    },
  );

  it.each(['ticks', 'none'] as const)(
    'takes the legs of what it closed with it, whether or not new brackets are offered (%s)',
    async (brackets) => {
      const leg = testOrder({
        orderId: '7' as Order['orderId'],
        parentOrderId: '6' as Order['orderId'],
        type: 'stop',
        status: 'working',
      });
      const other = testOrder({
        orderId: '8' as Order['orderId'],
        type: 'limit',
        status: 'working',
      });
      const { broker, fast } = await scriptedBroker({
        fast: () => done,
        adapter: {
          capabilities: { brackets },
          positions: reads([held(2)], []),
          openOrders: () => [leg, other],
          find: () => ({ is: 'found', order: { ...leg, status: 'cancelled' } }),
        },
      });
      expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
        kind: 'accepted',
        became: 'flat',
      });
      expect(
        fast.deliveries.slice(1).map(({ request }) => JSON.parse(request.body) as unknown),
      ).toEqual([{ operation: 'cancel', orderId: '7' }]);
      await broker.close();
    },
  );

  it('sends nothing when the read shows that there is nothing to close', async () => {
    const { broker, fast } = await scriptedBroker({ fast: () => done });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'accepted',
      became: 'already-flat',
      deliveries: 0,
    });
    expect(fast.deliveries).toHaveLength(0);
    await broker.close();
  });

  it('sends nothing when the positions can not be read', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: () => done,
      adapter: { positions: () => Promise.reject(new Error('down')) },
    });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'not-sent',
      code: 'NOT_READY',
    });
    expect(fast.deliveries).toHaveLength(0);
    await broker.close();
  });

  it('a root closes every month of it that is held, a name only its own', async () => {
    const both = [held(1), held(3, 'buy', next)];
    const { broker, fast } = await scriptedBroker({
      fast: () => done,
      adapter: { contracts: [next, MNQ], positions: reads(both, []) },
    });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'accepted',
      became: 'flat',
    });
    expect(
      fast.deliveries
        .map(({ request }) => (JSON.parse(request.body) as { contract: Contract }).contract.name)
        .toSorted(),
    ).toEqual(['MNQH7', 'MNQZ6']);
    await broker.close();
    const one = await scriptedBroker({
      fast: () => done,
      adapter: { contracts: [next, MNQ], positions: reads(both, []) },
    });
    await one.broker.closePosition({ symbol: 'MNQH7' });
    expect(one.fast.deliveries).toHaveLength(1);
    await one.broker.close();
  });

  it('K06: a second close of a contract joins the first', async () => {
    let answer = (): void => undefined;
    const { broker, fast } = await scriptedBroker({
      fast: () => new Promise((resolve) => void (answer = () => resolve(done))),
      adapter: { positions: reads([held(1)], [held(1)], []) },
    });
    const [first, second] = [
      broker.closePosition({ symbol: 'MNQ' }),
      broker.closePosition({ symbol: 'MNQZ6' }),
    ];
    await new Promise(setImmediate);
    answer();
    expect(await first).toBe(await second);
    expect(fast.deliveries).toHaveLength(1);
    await broker.close();
  });
});

describe('while a close is not settled', () => {
  it('K02: nothing enters its contract for settleMs, other contracts and exits pass', async () => {
    const clock = createManualClock();
    const MES = testContract({ root: 'MES' });
    const { broker } = await scriptedBroker({
      clock,
      fast: ({ request }) =>
        request.template.operation === 'close'
          ? silent()
          : request.template.operation === 'place'
            ? answered({ is: 'accepted', orderId: `${request.body.length}${clock.monotonic()}` })
            : done,
      adapter: { contracts: [MNQ, MES], positions: reads([held(2)], []) },
    });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'accepted',
      became: 'flat',
    });
    const market = { side: 'buy', quantity: 1 } as const;
    expect(await broker.placeMarketOrder({ ...market, symbol: 'MNQ' })).toMatchObject({
      kind: 'not-sent',
      code: 'CLOSE_UNSETTLED',
      field: 'symbol',
      retry: 'new-id',
    });
    expect(await broker.placeMarketOrder({ ...market, symbol: 'MES' })).toMatchObject({
      kind: 'accepted',
    });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'accepted',
      became: 'already-flat',
    });
    clock.advance(15_000);
    expect(await broker.placeMarketOrder({ ...market, symbol: 'MNQ' })).toMatchObject({
      kind: 'accepted',
    });
    const closing = broker.close();
    clock.advance(10_000);
    await closing;
  });

  it('K02: a close that was answered holds nothing up', async () => {
    const { broker } = await scriptedBroker({
      fast: ({ request }) =>
        request.template.operation === 'place' ? answered({ is: 'accepted', orderId: '1' }) : done,
      adapter: { positions: reads([held(2)], []) },
    });
    await broker.closePosition({ symbol: 'MNQ' });
    expect(
      await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }),
    ).toMatchObject({ kind: 'accepted' });
    await broker.close();
  });

  it('K06: a reduce that waited has no more time than it was given', async () => {
    const clock = createManualClock();
    let answer: (() => void) | undefined;
    let looks = 0;
    const { broker, fast } = await scriptedBroker({
      clock,
      outcomeWithinMs: 12_000,
      fast: ({ request }) =>
        request.template.operation === 'close'
          ? new Promise(
              (resolve) =>
                (answer = () =>
                  resolve(
                    answered({
                      is: 'refused',
                      code: 'ORDER_REJECTED',
                      venueCode: 5,
                      message: 'no',
                    }),
                  )),
            )
          : done,
      adapter: {
        positions: () =>
          (looks += 1) < 3
            ? [held(3)]
            : new Promise((resolve) => void clock.setTimer(500, () => resolve([held(3)]))),
      },
    });
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
    };
    const closing = broker.closePosition({ symbol: 'MNQ' });
    await turns();
    const reducing = broker.reducePosition({ symbol: 'MNQ', quantity: 1, deadlineMs: 1_000 });
    await turns();
    clock.advance(900);
    answer?.();
    await turns();
    clock.advance(600);
    await turns();
    expect(await closing).toMatchObject({ kind: 'rejected' });
    expect(await reducing).toMatchObject({ kind: 'not-sent', code: 'DEADLINE_PASSED' });
    expect(fast.deliveries.map(({ request }) => request.template.operation)).toEqual(['close']);
    await broker.close();
  });

  it('K06: a reduce does not act on a read from before another one ended', async () => {
    let position = 3;
    let late: (() => void) | undefined;
    let looks = 0;
    const { broker, fast } = await scriptedBroker({
      fast: () => {
        position -= 2;
        return answered({ is: 'accepted', orderId: '7' });
      },
      reduceWith: 'tagged-order',
      adapter: {
        positions: () => {
          const shown = [held(position)];
          return (looks += 1) === 2
            ? new Promise((resolve) => (late = () => resolve(shown)))
            : shown;
        },
      },
    });
    const reduce = (): Promise<unknown> => broker.reducePosition({ symbol: 'MNQ', quantity: 2 });
    const [first, second] = [reduce(), reduce()];
    expect(await first).toMatchObject({
      kind: 'accepted',
      became: 'reduced',
      remainingQuantity: 1,
    });
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    late?.();
    expect(await second).toMatchObject({
      kind: 'not-sent',
      code: 'INVALID_ORDER',
      field: 'quantity',
    });
    expect(fast.deliveries).toHaveLength(1);
    await broker.close();
  });

  it('K06: a reduce waits for it, then acts on what is left', async () => {
    let answer: (() => void) | undefined;
    let positions = [held(3)];
    const { broker, fast } = await scriptedBroker({
      fast: ({ request }) =>
        request.template.operation === 'close'
          ? new Promise((resolve) => (answer = () => resolve(done)))
          : done,
      adapter: { positions: () => positions },
    });
    const closing = broker.closePosition({ symbol: 'MNQ' });
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    const reducing = broker.reducePosition({ symbol: 'MNQ', quantity: 1 });
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect(fast.deliveries.map(({ request }) => request.template.operation)).toEqual(['close']);
    positions = [];
    answer?.();
    expect(await closing).toMatchObject({ became: 'flat' });
    expect(await reducing).toMatchObject({ kind: 'accepted', became: 'already-flat' });
    expect(fast.deliveries).toHaveLength(1);
    await broker.close();
  });
});
