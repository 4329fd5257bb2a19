import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadError } from '../errors/read-error.ts';
import { fileJournal } from '../journal/file-journal.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { Order } from '../order.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import { answered, notWritten, silent } from '../testing/scripted-executor.ts';
import { HaltTrial, MNQ, held, id } from '../testing/halt-trial.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const trial = new HaltTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

describe('flatten', () => {
  it('cancels every order, suspended and foreign ones too, then closes, then looks again', async () => {
    const { broker } = await trial.open();
    trial.venue.orders = [
      testOrder({ orderId: id('1') }),
      testOrder({ orderId: id('2'), status: 'suspended' }),
    ];
    trial.venue.positions = [held(3)];
    const report = await trial.passing(broker.flatten());
    expect(report).toMatchObject({
      complete: true,
      left: { orders: [], positions: [], unread: undefined, unsettled: [] },
    });
    expect([report.orders.length, report.positions.length]).toEqual([2, 1]);
    expect(trial.venue.requests.slice(0, 2).toSorted()).toEqual(['cancel 1', 'cancel 2']);
    expect(trial.venue.requests[2]).toBe('close');
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
  });

  it('closes again when a close turned the position round', async () => {
    let closes = 0;
    const { broker } = await trial.open({
      fast: (delivery, index) => {
        if (delivery.request.template.operation !== 'close') return trial.obey(delivery, index);
        closes += 1;
        trial.venue.positions = closes === 1 ? [held(1, 'sell')] : [];
        return answered({ is: 'accepted' });
      },
    });
    trial.venue.positions = [held(1)];
    expect(await trial.passing(broker.flatten())).toMatchObject({ complete: true });
    expect(closes).toBe(2);
  });

  it('says what it could not do', async () => {
    const { broker } = await trial.open({
      fast: () =>
        answered({
          is: 'refused',
          code: 'ORDER_REJECTED',
          venueCode: 3,
          message: 'no',
          orderId: undefined,
        }),
    });
    trial.venue.orders = [testOrder({ orderId: id('1') })];
    trial.venue.positions = [held(1)];
    const report = await trial.passing(broker.flatten());
    expect(report).toMatchObject({
      complete: false,
      left: { orders: [{ orderId: '1' }], positions: [{ quantity: 1 }] },
    });
  });

  it('waits until an unknown place is absent', async () => {
    const { broker } = await trial.open({ fast: () => silent('RESET') });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'lost' });
    expect(await trial.passing(broker.flatten())).toMatchObject({
      complete: true,
      left: { unsettled: [] },
    });
    expect(broker.getIntent('lost')).toMatchObject({
      state: 'unknown',
      outcome: { code: 'ABSENT' },
    });
  });

  it('is not complete while a place is unknown', async () => {
    const { broker } = await trial.open({ fast: () => silent('RESET'), away: true });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'lost' });
    expect(await trial.passing(broker.flatten())).toMatchObject({
      complete: false,
      left: { unsettled: ['lost'] },
    });
  });

  it('is joined by a second call', async () => {
    const { broker } = await trial.open();
    trial.venue.positions = [held(1)];
    const [first, second] = await trial.passing(Promise.all([broker.flatten(), broker.halt()]));
    expect(second).toBe(first);
    expect(trial.venue.requests).toEqual(['close']);
  });
});

describe('halt', () => {
  it('lets nothing in from the tick of the call on, and everything out', async () => {
    const { broker } = await trial.open();
    await broker.placeMarketOrder(market);
    trial.venue.orders = [testOrder({ orderId: id('77') })];
    trial.venue.positions = [held(2)];
    const halting = broker.halt();
    expect(broker.isHalted).toBe(true);
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'HALTED',
      retry: 'new-id',
    });
    expect(await trial.passing(halting)).toMatchObject({ complete: true });
    expect(await trial.passing(broker.modifyOrder({ orderId: '77', quantity: 5 }))).toMatchObject({
      kind: 'not-sent',
      code: 'HALTED',
    });
    expect(await broker.modifyOrder({ orderId: '77', limitPrice: 100 })).not.toMatchObject({
      code: 'HALTED',
    });
    expect(await broker.cancelOrder({ orderId: '77' })).toMatchObject({ kind: 'accepted' });
  });

  it('stops a takeover that has not been written', async () => {
    let refuse: (() => void) | undefined;
    const { broker } = await trial.open({
      fast: () => new Promise((resolve) => (refuse = () => resolve(notWritten()))),
    });
    const placing = broker.placeMarketOrder(market);
    const halting = broker.halt();
    refuse?.();
    // The fallback of this broker fails the test if anything reaches it.
    expect(await placing).toMatchObject({ kind: 'not-sent', code: 'HALTED' });
    await trial.passing(halting);
  });

  it('answers with the known outcome of an id all the same', async () => {
    const { broker } = await trial.open();
    const first = await broker.placeMarketOrder({ ...market, clientOrderId: 'a' });
    await trial.passing(broker.halt());
    expect(await broker.placeMarketOrder({ ...market, clientOrderId: 'a' })).toBe(first);
  });

  it('tells of itself once, is lifted by resume, and told of that', async () => {
    const { broker } = await trial.open();
    const told: string[] = [];
    broker.on('halted', () => void told.push('halted'));
    broker.on('resumed', () => void told.push('resumed'));
    await trial.passing(broker.halt());
    await trial.passing(broker.halt());
    await broker.resume();
    await broker.resume();
    expect(told).toEqual(['halted', 'resumed']);
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
  });

  it('survives the process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latch-'));
    try {
      const path = join(folder, 'orders.journal');
      const first = await trial.open({ journal: fileJournal(path) });
      await trial.passing(first.broker.halt());
      await trial.passing(first.broker.close());
      const second = await trial.open({ journal: fileJournal(path) });
      expect(second.broker.isHalted).toBe(true);
      expect(await second.broker.placeMarketOrder(market)).toMatchObject({ code: 'HALTED' });
      await second.broker.resume();
      await trial.passing(second.broker.close());
      const third = await trial.open({ journal: fileJournal(path) });
      expect(third.broker.isHalted).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('holds without a journal that works, and is not lifted without one', async () => {
    const journal = memoryJournal();
    let broken = true;
    const { broker } = await trial.open({
      journal: {
        ...journal,
        append(record) {
          if (broken && (record.kind === 'halt' || record.kind === 'resume'))
            throw new Error('disk full');
          journal.append(record);
        },
      },
    });
    const failures: unknown[] = [];
    broker.on('journal.failed', (failure) => void failures.push(failure));
    await trial.passing(broker.halt());
    expect([broker.isHalted, failures.length]).toEqual([true, 1]);
    await expect(broker.resume()).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(broker.isHalted).toBe(true);
    broken = false;
    await broker.resume();
    expect(broker.isHalted).toBe(false);
  });

  it('H02: gets out of what is known while its looks can not be had', async () => {
    const { broker, adapter } = await trial.open({ streams: true });
    trial.venue.orders = [testOrder({ orderId: id('500'), status: 'working' })];
    trial.venue.positions = [held(2)];
    adapter.context?.evidence({ of: 'stream-live', stream: 'orders', at: trial.clock.now() });
    await trial.passing(new Promise<void>((resolve) => void trial.clock.setTimer(100, resolve)));
    const lanes: unknown[] = [];
    trial.venue.onOrders = (lane) => {
      lanes.push(lane);
      if (trial.venue.requests.length < 2)
        throw new ReadError(
          'BUDGET_EXHAUSTED',
          'The rate budget has no room for a read (look) for 250 ms.',
        );
    };
    expect(await trial.passing(broker.flatten())).toMatchObject({ complete: true });
    expect(trial.venue.requests.toSorted()).toEqual(['cancel 500', 'close']);
    // The first look is what is cancelled by; the one behind it leaves cancels their room.
    expect(lanes).toEqual(['cancel', 'look']);
  });

  it('H03: cancels an order of ours that turns up behind the back of its last look', async () => {
    const { broker, adapter } = await trial.open({ streams: true });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'late' });
    trial.venue.onRead = () => {
      trial.venue.onRead = undefined;
      // The list of orders has been given already.
      queueMicrotask(() =>
        adapter.context?.evidence({
          of: 'order',
          order: testOrder({
            orderId: id('501'),
            status: 'working',
            clientOrderId: 'late' as Order['clientOrderId'],
          }),
        }),
      );
    };
    expect(await trial.passing(broker.halt())).toMatchObject({ complete: true });
    await trial.passing(new Promise<void>((resolve) => void trial.clock.setTimer(500, resolve)));
    expect(trial.venue.requests).toEqual(['place', 'cancel 501']);
  });

  it('cancels an order of ours and closes a position that turn up later, and leaves others alone', async () => {
    const { broker, adapter } = await trial.open({ streams: true });
    await broker.placeMarketOrder({ ...market, clientOrderId: 'late' });
    await trial.passing(broker.halt());
    trial.venue.requests.length = 0;
    const surprises: unknown[] = [];
    broker.on('position.unexpected', ({ position }) => void surprises.push(position?.quantity));
    adapter.context?.evidence({
      of: 'order',
      order: testOrder({ orderId: id('500'), status: 'working' }),
    });
    adapter.context?.evidence({
      of: 'order',
      order: testOrder({
        orderId: id('501'),
        status: 'working',
        clientOrderId: 'late' as Order['clientOrderId'],
      }),
    });
    trial.venue.positions = [held(1)];
    adapter.context?.evidence({
      of: 'position',
      contractId: MNQ.id,
      position: held(1),
      asOf: trial.clock.now(),
    });
    await trial.passing(new Promise<void>((resolve) => void trial.clock.setTimer(500, resolve)));
    expect(trial.venue.requests.toSorted()).toEqual(['cancel 501', 'close']);
    expect(surprises).toEqual([1]);
  });
});

describe('closePosition', () => {
  it('takes the legs of what it closed with it, and nothing else', async () => {
    const { broker } = await trial.open();
    trial.venue.orders = [
      testOrder({ orderId: id('2'), parentOrderId: id('1') }),
      testOrder({ orderId: id('9') }),
    ];
    trial.venue.positions = [held(1)];
    expect(await trial.passing(broker.closePosition({ symbol: 'MNQ' }))).toMatchObject({
      kind: 'accepted',
      became: 'flat',
    });
    expect(trial.venue.requests).toEqual(['close', 'cancel 2']);
  });
});

describe('a position that was to have a stop', () => {
  const entry = (fields: Partial<Order>): Order =>
    testOrder({ orderId: id('77'), updatedAt: 1, ...fields });
  const leg = (fields: Partial<Order>): Order =>
    testOrder({
      orderId: id('78'),
      parentOrderId: id('77'),
      type: 'stop',
      side: 'sell',
      updatedAt: 1,
      ...fields,
    });

  it.each([
    ['has none after its entry filled', [], 1],
    ['lost it', [leg({}), leg({ status: 'rejected', updatedAt: 2 })], 1],
    ['has it', [leg({})], 0],
    [
      'went with its target, while another entry holds the contract',
      [
        leg({}),
        leg({
          orderId: id('79'),
          type: 'limit',
          status: 'filled',
          filledQuantity: 1,
          updatedAt: 2,
        }),
        leg({ status: 'cancelled', updatedAt: 2 }),
      ],
      0,
    ],
  ] as const)('that %s', async (_name, legs, alarms) => {
    const { broker, adapter } = await trial.open({ streams: true });
    const bring: NonNullable<typeof adapter.context>['evidence'] = (item) =>
      adapter.context?.evidence(item);
    bring({ of: 'stream-live', stream: 'orders', at: trial.clock.now() });
    await trial.passing(Promise.resolve());
    const told: unknown[] = [];
    broker.on('position.unprotected', ({ contractId }) => void told.push(contractId));
    await broker.placeMarketOrder({ ...market, bracket: { stopLossTicks: 10 } });
    bring({ of: 'order', order: entry({ status: 'filled', filledQuantity: 1 }) });
    bring({ of: 'position', contractId: MNQ.id, position: held(1), asOf: trial.clock.now() });
    for (const order of legs) bring({ of: 'order', order });
    trial.clock.advance(5000);
    expect(told).toHaveLength(alarms);
  });
});
