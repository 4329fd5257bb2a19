import { afterEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import { answered, silent } from '../testing/scripted-executor.ts';
import { LimitsTrial, MNQ, order, position, row } from '../testing/limits-trial.ts';

const trial = new LimitsTrial();
afterEach(() => trial.end());

describe('maxContracts', () => {
  it('counts working orders as filled, and lets them go when they end', async () => {
    await trial.open({ maxContracts: 3 });
    expect([
      await trial.place({ quantity: 2 }),
      await trial.place({ quantity: 2 }),
      await trial.place({ quantity: 1 }),
    ]).toEqual(['accepted', 'LIMIT_EXCEEDED limits.maxContracts', 'accepted']);
    trial.bring({
      of: 'order',
      order: row('1', { status: 'cancelled', quantity: 2, updatedAt: 1 }),
    });
    expect(await trial.place({ quantity: 2 })).toBe('accepted');
  });

  it('counts a fill once, whether its position is told before or after it', async () => {
    for (const positionFirst of [true, false]) {
      await trial.open({ maxContracts: 3 });
      await trial.place({ quantity: 2 });
      const told = [
        { of: 'position', contractId: MNQ.id, position: position(2), asOf: 0 },
        {
          of: 'order',
          order: row('1', { status: 'filled', quantity: 2, filledQuantity: 2, updatedAt: 1 }),
        },
      ] as const;
      for (const item of positionFirst ? told : told.toReversed()) trial.bring(item);
      trial.clock.advance(10_000);
      expect([await trial.place({ quantity: 2 }), await trial.place({ quantity: 1 })]).toEqual([
        'LIMIT_EXCEEDED limits.maxContracts',
        'accepted',
      ]);
    }
  });

  it('counts an order once that was accepted before the stream was there', async () => {
    await trial.open({ maxContracts: 2 }, { positions: () => [] });
    trial.bring({ of: 'stream-gap', stream: 'orders', at: 0, because: 'cut' });
    expect(await trial.place()).toBe('accepted');
    trial.bring({
      of: 'order',
      order: row('1', {
        status: 'working',
        clientOrderId: trial.scripted.broker.intents()[0]?.clientOrderId,
        updatedAt: 1,
      }),
    });
    expect([await trial.place(), await trial.place()]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.maxContracts',
    ]);
  });

  it('never lets through more for an event that is missing yet', async () => {
    await trial.open({ maxContracts: 3 });
    await trial.place({ quantity: 3 });
    trial.bring({
      of: 'order',
      order: row('1', { status: 'filled', quantity: 3, filledQuantity: 3, updatedAt: 1 }),
    });
    expect(await trial.place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
  });

  it('counts places that are on their way and unknown ones', async () => {
    await trial.open({ maxContracts: 2, whileUnknown: 'count' }, {}, () => silent('RESET'));
    const first = trial.scripted.broker.placeOrder(order({ quantity: 2 }));
    expect(await trial.place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
    expect(await first).toMatchObject({ kind: 'unknown' });
    expect(await trial.place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
  });

  it('counts what was called absent for settleMs more, and its next attempt for as long as that is open', async () => {
    await trial.open({ maxContracts: 2, whileUnknown: 'count' }, {}, () => silent('RESET'), {
      settleMs: 20_000,
    });
    const absent = async (): Promise<string | undefined> => {
      const outcome = await trial.scripted.broker.placeOrder(
        order({ quantity: 2, clientOrderId: 'entry-1', deadlineMs: 1 }),
      );
      if (outcome.kind !== 'unknown' || outcome.final) return outcome.kind;
      for (
        let second = 0;
        second < 40 && trial.scripted.broker.getIntent('entry-1')?.outcome === outcome;
        second += 1
      )
        await trial.pass(1_000);
      const end = await outcome.resolved;
      return end.kind === 'accepted' ? end.kind : end.code;
    };
    expect(await absent()).toBe('ABSENT');
    await trial.pass(19_000);
    expect(await trial.place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
    await trial.pass(2_000);
    expect(await absent()).toBe('ABSENT');
    await trial.pass(19_000);
    void trial.scripted.broker.placeOrder(
      order({ quantity: 2, clientOrderId: 'entry-1', deadlineMs: 1 }),
    );
    await trial.pass(2_000);
    expect(await trial.place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
  });

  it('forgets what was refused or never left', async () => {
    await trial.open({ maxContracts: 1 }, {}, () =>
      answered({
        is: 'refused',
        code: 'ORDER_REJECTED',
        venueCode: 2,
        message: 'no',
        orderId: undefined,
      }),
    );
    expect([await trial.place(), await trial.place()]).toEqual(['rejected', 'rejected']);
    expect(await trial.place({ dryRun: true })).toBe('DRY_RUN undefined');
    expect(await trial.place()).toBe('rejected');
  });

  it('is never in the way out', async () => {
    await trial.open({
      maxContracts: 2,
      maxOpenOrders: 0,
      maxOrdersPerMinute: 0,
      tradingHours: { from: '00:00', to: '00:01', timeZone: 'UTC' },
    });
    trial.bring({ of: 'position', contractId: MNQ.id, position: position(5), asOf: 0 });
    expect([
      await trial.place({ side: 'sell', quantity: 5 }),
      await trial.place({ side: 'sell', quantity: 1 }),
      await trial.place({ side: 'buy' }),
    ]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.tradingHours',
      'LIMIT_EXCEEDED limits.tradingHours',
    ]);
  });

  it('adds symbols up, and counts a pair of legs not at all', async () => {
    await trial.open({ maxContracts: 4, maxContractsPerSymbol: { MNQ: 2 } });
    trial.bring({ of: 'position', contractId: MNQ.id, position: position(2), asOf: 0 });
    trial.bring({
      of: 'order',
      order: row('91', { side: 'sell', quantity: 2, parentOrderId: '90' as OrderId }),
    });
    trial.bring({
      of: 'order',
      order: row('92', { side: 'sell', quantity: 2, parentOrderId: '90' as OrderId }),
    });
    expect([
      await trial.place(),
      await trial.place({ symbol: 'MES', quantity: 3 }),
      await trial.place({ symbol: 'MES', quantity: 2 }),
    ]).toEqual([
      'LIMIT_EXCEEDED limits.maxContractsPerSymbol',
      'LIMIT_EXCEEDED limits.maxContracts',
      'accepted',
    ]);
  });

  it('holds for an order that is to grow', async () => {
    await trial.open({ maxContracts: 3 });
    await trial.place({ quantity: 2 });
    expect(await trial.scripted.broker.modifyOrder({ orderId: '1', quantity: 4 })).toMatchObject({
      kind: 'not-sent',
      code: 'LIMIT_EXCEEDED',
      field: 'limits.maxContracts',
    });
    expect(await trial.scripted.broker.modifyOrder({ orderId: '1', quantity: 3 })).toMatchObject({
      kind: 'accepted',
    });
  });

  it('counts its own orders as filled where there is no stream to tell', async () => {
    await trial.open({ maxContracts: 2 }, { streams: false });
    expect([await trial.place({ quantity: 2 }), await trial.place()]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.maxContracts',
    ]);
    await trial.scripted.broker.closePosition({ symbol: 'MNQ' });
    expect(await trial.place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
  });
});
