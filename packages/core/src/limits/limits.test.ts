import { afterEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { OrderRequest } from '../order-request.ts';
import type { MarketEvidence } from '../market-data.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { AdapterScript } from '../testing/scripted-adapter.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { ScriptedBroker, ScriptedBrokerOptions } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import type { DeliveryScript } from '../testing/scripted-executor.ts';
import { answered, silent } from '../testing/scripted-executor.ts';
import type { Trade } from '../trade.ts';
import type { Limits } from './limits.ts';

const contracts = [testContract({ root: 'MNQ' }), testContract({ root: 'MES' })];
const [MNQ = testContract({ root: 'MNQ' })] = contracts;
let scripted: ScriptedBroker;
let clock: ManualClock;
let placed = 0;
const numbered: DeliveryScript = () =>
  answered({ is: 'accepted', orderId: String((placed += 1)) as OrderId });

async function open(
  limits: Limits,
  script: AdapterScript = {},
  fast: DeliveryScript = numbered,
  options: Partial<ScriptedBrokerOptions> = {},
): Promise<void> {
  placed = 0;
  clock = createManualClock(Date.UTC(2026, 8, 21, 15));
  scripted = await scriptedBroker({
    clock,
    fast,
    limits,
    adapter: { contracts, streams: true, ...script },
    ...options,
  });
  bring({ of: 'stream-live', stream: 'orders', at: clock.now() });
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
}
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 250) {
    clock.advance(Math.min(250, left));
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
}
const bring: NonNullable<ScriptedBroker['adapter']['context']>['evidence'] = (item) =>
  scripted.adapter.context?.evidence(item);
const order = (fields: Partial<OrderRequest> = {}): OrderRequest =>
  ({
    type: 'limit',
    symbol: 'MNQ',
    side: 'buy',
    quantity: 1,
    limitPrice: 100,
    ...fields,
  }) as OrderRequest;
/** `accepted`, or the limit that refused it. */
async function place(fields: Partial<OrderRequest> = {}): Promise<string | undefined> {
  const outcome = await scripted.broker.placeOrder(order(fields));
  return outcome.kind === 'not-sent' ? `${outcome.code} ${outcome.field}` : outcome.kind;
}
const position = (quantity: number, side: 'buy' | 'sell' = 'buy', contract = MNQ): Position => ({
  contractId: contract.id,
  side,
  quantity,
  averagePrice: 100,
  openedAt: 0,
  asOf: 0,
});
const row = (orderId: string, fields: Partial<Order>): Order =>
  testOrder({ orderId: orderId as OrderId, contractId: MNQ.id, ...fields });
afterEach(async () => {
  const closing = scripted.broker.close();
  clock.advance(60_000);
  await closing;
});

describe('maxContracts', () => {
  it('counts working orders as filled, and lets them go when they end', async () => {
    await open({ maxContracts: 3 });
    expect([
      await place({ quantity: 2 }),
      await place({ quantity: 2 }),
      await place({ quantity: 1 }),
    ]).toEqual(['accepted', 'LIMIT_EXCEEDED limits.maxContracts', 'accepted']);
    bring({ of: 'order', order: row('1', { status: 'cancelled', quantity: 2, updatedAt: 1 }) });
    expect(await place({ quantity: 2 })).toBe('accepted');
  });

  it('counts a fill once, whether its position is told before or after it', async () => {
    for (const positionFirst of [true, false]) {
      await open({ maxContracts: 3 });
      await place({ quantity: 2 });
      const told = [
        { of: 'position', contractId: MNQ.id, position: position(2), asOf: 0 },
        {
          of: 'order',
          order: row('1', { status: 'filled', quantity: 2, filledQuantity: 2, updatedAt: 1 }),
        },
      ] as const;
      for (const item of positionFirst ? told : told.toReversed()) bring(item);
      clock.advance(10_000);
      expect([await place({ quantity: 2 }), await place({ quantity: 1 })]).toEqual([
        'LIMIT_EXCEEDED limits.maxContracts',
        'accepted',
      ]);
    }
  });

  it('counts an order once that was accepted before the stream was there', async () => {
    await open({ maxContracts: 2 }, { positions: () => [] });
    bring({ of: 'stream-gap', stream: 'orders', at: 0, because: 'cut' });
    expect(await place()).toBe('accepted');
    bring({
      of: 'order',
      order: row('1', {
        status: 'working',
        clientOrderId: scripted.broker.intents()[0]?.clientOrderId,
        updatedAt: 1,
      }),
    });
    expect([await place(), await place()]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.maxContracts',
    ]);
  });

  it('never lets through more for an event that is missing yet', async () => {
    await open({ maxContracts: 3 });
    await place({ quantity: 3 });
    bring({
      of: 'order',
      order: row('1', { status: 'filled', quantity: 3, filledQuantity: 3, updatedAt: 1 }),
    });
    expect(await place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
  });

  it('counts places that are on their way and unknown ones', async () => {
    await open({ maxContracts: 2, whileUnknown: 'count' }, {}, () => silent('RESET'));
    const first = scripted.broker.placeOrder(order({ quantity: 2 }));
    expect(await place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
    expect(await first).toMatchObject({ kind: 'unknown' });
    expect(await place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
  });

  it('counts what was called absent for settleMs more, and its next attempt for as long as that is open', async () => {
    await open({ maxContracts: 2, whileUnknown: 'count' }, {}, () => silent('RESET'), {
      settleMs: 20_000,
    });
    const absent = async (): Promise<string | undefined> => {
      const outcome = await scripted.broker.placeOrder(
        order({ quantity: 2, clientOrderId: 'entry-1', deadlineMs: 1 }),
      );
      if (outcome.kind !== 'unknown' || outcome.final) return outcome.kind;
      for (
        let second = 0;
        second < 40 && scripted.broker.getIntent('entry-1')?.outcome === outcome;
        second += 1
      )
        await pass(1_000);
      const end = await outcome.resolved;
      return end.kind === 'accepted' ? end.kind : end.code;
    };
    expect(await absent()).toBe('ABSENT');
    await pass(19_000);
    expect(await place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
    await pass(2_000);
    expect(await absent()).toBe('ABSENT');
    await pass(19_000);
    void scripted.broker.placeOrder(
      order({ quantity: 2, clientOrderId: 'entry-1', deadlineMs: 1 }),
    );
    await pass(2_000);
    expect(await place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
  });

  it('forgets what was refused or never left', async () => {
    await open({ maxContracts: 1 }, {}, () =>
      answered({
        is: 'refused',
        code: 'ORDER_REJECTED',
        venueCode: 2,
        message: 'no',
        orderId: undefined,
      }),
    );
    expect([await place(), await place()]).toEqual(['rejected', 'rejected']);
    expect(await place({ dryRun: true })).toBe('DRY_RUN undefined');
    expect(await place()).toBe('rejected');
  });

  it('is never in the way out', async () => {
    await open({
      maxContracts: 2,
      maxOpenOrders: 0,
      maxOrdersPerMinute: 0,
      tradingHours: { from: '00:00', to: '00:01', timeZone: 'UTC' },
    });
    bring({ of: 'position', contractId: MNQ.id, position: position(5), asOf: 0 });
    expect([
      await place({ side: 'sell', quantity: 5 }),
      await place({ side: 'sell', quantity: 1 }),
      await place({ side: 'buy' }),
    ]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.tradingHours',
      'LIMIT_EXCEEDED limits.tradingHours',
    ]);
  });

  it('adds symbols up, and counts a pair of legs not at all', async () => {
    await open({ maxContracts: 4, maxContractsPerSymbol: { MNQ: 2 } });
    bring({ of: 'position', contractId: MNQ.id, position: position(2), asOf: 0 });
    bring({
      of: 'order',
      order: row('91', { side: 'sell', quantity: 2, parentOrderId: '90' as OrderId }),
    });
    bring({
      of: 'order',
      order: row('92', { side: 'sell', quantity: 2, parentOrderId: '90' as OrderId }),
    });
    expect([
      await place(),
      await place({ symbol: 'MES', quantity: 3 }),
      await place({ symbol: 'MES', quantity: 2 }),
    ]).toEqual([
      'LIMIT_EXCEEDED limits.maxContractsPerSymbol',
      'LIMIT_EXCEEDED limits.maxContracts',
      'accepted',
    ]);
  });

  it('holds for an order that is to grow', async () => {
    await open({ maxContracts: 3 });
    await place({ quantity: 2 });
    expect(await scripted.broker.modifyOrder({ orderId: '1', quantity: 4 })).toMatchObject({
      kind: 'not-sent',
      code: 'LIMIT_EXCEEDED',
      field: 'limits.maxContracts',
    });
    expect(await scripted.broker.modifyOrder({ orderId: '1', quantity: 3 })).toMatchObject({
      kind: 'accepted',
    });
  });

  it('counts its own orders as filled where there is no stream to tell', async () => {
    await open({ maxContracts: 2 }, { streams: false });
    expect([await place({ quantity: 2 }), await place()]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.maxContracts',
    ]);
    await scripted.broker.closePosition({ symbol: 'MNQ' });
    expect(await place()).toBe('LIMIT_EXCEEDED limits.maxContracts');
  });
});

describe('the other limits', () => {
  it('symbols, by root, name or id', async () => {
    await open({ symbols: ['MES'] });
    expect([await place(), await place({ symbol: 'MES' })]).toEqual([
      'LIMIT_EXCEEDED limits.symbols',
      'accepted',
    ]);
  });

  it('maxOpenOrders, without the orders of others', async () => {
    await open({ maxOpenOrders: 1 });
    bring({ of: 'order', order: row('500', { status: 'working' }) });
    expect([await place(), await place()]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.maxOpenOrders',
    ]);
  });

  it('maxOrdersPerMinute, looking back from each call', async () => {
    await open({ maxOrdersPerMinute: 2 });
    expect([await place(), await place(), await place()]).toEqual([
      'accepted',
      'accepted',
      'LIMIT_EXCEEDED limits.maxOrdersPerMinute',
    ]);
    clock.advance(60_000);
    expect(await place()).toBe('accepted');
  });

  it('tradingHours, over midnight and in their own time zone', async () => {
    await open({ tradingHours: { from: '17:00', to: '15:10', timeZone: 'America/Chicago' } });
    // 10:00 in Chicago.
    expect(await place()).toBe('accepted');
    clock.advance(5 * 3_600_000 + 10 * 60_000);
    expect(await place()).toBe('LIMIT_EXCEEDED limits.tradingHours');
    clock.advance(110 * 60_000);
    expect(await place()).toBe('accepted');
  });

  it('dailyLoss, realised and fees included, from the beginning of the day', async () => {
    const fill = (tradeId: string, profitAndLoss: number, at: number): Trade => ({
      tradeId,
      orderId: '1' as OrderId,
      contractId: MNQ.id,
      side: 'sell',
      quantity: 1,
      price: 100,
      profitAndLoss,
      fees: 1,
      at,
      voided: false,
    });
    await open(
      { dailyLoss: { amount: 50 } },
      { trades: () => [fill('yesterday', -500, Date.UTC(2026, 8, 20, 21))] },
    );
    expect(await place()).toBe('accepted');
    bring({ of: 'trade', trade: fill('a', -48, clock.now()) });
    expect(await place()).toBe('accepted');
    bring({ of: 'trade', trade: fill('b', 0, clock.now()) });
    expect(await place()).toBe('LIMIT_EXCEEDED limits.dailyLoss');
    // 17:00 in Chicago.
    clock.advance(7 * 3_600_000);
    expect(await place()).toBe('accepted');
  });

  it('dailyLoss lets nothing in before the day has been read', async () => {
    await open(
      { dailyLoss: { amount: 50 } },
      { positions: () => Promise.reject(new Error('down')) },
    );
    expect(await place()).toBe('NOT_READY limits.dailyLoss');
  });

  it('priceBandTicks, against a live price only', async () => {
    let take: ((item: MarketEvidence) => void) | undefined;
    await open(
      { priceBandTicks: 4 },
      { watchMarket: (_contract, _channels, listener) => ((take = listener), () => undefined) },
    );
    expect(await place()).toBe('NO_LAST_PRICE limits.priceBandTicks');
    take?.({ of: 'live', contractId: MNQ.id, at: 0 });
    take?.({
      of: 'quote',
      quote: {
        contractId: MNQ.id,
        bid: 99,
        ask: 101,
        last: 100,
        volume: undefined,
        at: undefined,
        asOf: 0,
      },
    });
    expect([
      await place({ limitPrice: 101 }),
      await place({ limitPrice: 101.25 }),
      await place({ limitPrice: 98.75 }),
    ]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.priceBandTicks',
      'LIMIT_EXCEEDED limits.priceBandTicks',
    ]);
    take?.({ of: 'gap', contractId: MNQ.id, at: 0, because: 'cut' });
    expect(await place()).toBe('NO_LAST_PRICE limits.priceBandTicks');
    expect(
      await scripted.broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }),
    ).toMatchObject({ kind: 'accepted' });
  });

  it('whileUnknown keeps a contract shut, and no other', async () => {
    let answer: DeliveryScript = () => silent('RESET');
    await open({}, {}, (...given) => answer(...given));
    expect(await place()).toBe('unknown');
    answer = numbered;
    expect([await place(), await place({ symbol: 'MES' })]).toEqual([
      'UNKNOWN_OPEN limits.whileUnknown',
      'accepted',
    ]);
  });
});

describe('limits at the start and at run time', () => {
  it('are refused when they make no sense, each by its path', async () => {
    await open({});
    await expect(
      open({ maxContracts: -1, tradingHours: { from: '9:00', to: '15:10', timeZone: 'Chicago' } }),
    ).rejects.toMatchObject({
      problems: [
        expect.stringMatching(/^limits\.maxContracts: /),
        'limits.tradingHours.from: must be HH:MM',
        'limits.tradingHours.timeZone: is no time zone such as America/Chicago',
      ],
    });
  });

  it('are refused where they could not be kept', async () => {
    await open({});
    await expect(
      open({ dailyLoss: { amount: 1 }, priceBandTicks: 3 }, { streams: false }),
    ).rejects.toMatchObject({
      problems: [
        'limits.dailyLoss: needs an adapter with an order stream',
        'limits.priceBandTicks: needs an adapter with market data',
      ],
    });
  });

  it('can be tightened, and loosened only while halted', async () => {
    const hours = { from: '00:00', to: '23:00', timeZone: 'UTC' };
    await open({
      maxContracts: 5,
      maxContractsPerSymbol: { MNQ: 2 },
      symbols: ['MNQ'],
      tradingHours: hours,
    });
    const { broker } = scripted;
    broker.setLimits({
      maxContracts: 1,
      maxContractsPerSymbol: { MNQ: 2, MES: 1 },
      symbols: ['MNQ'],
      tradingHours: hours,
      maxOpenOrders: 3,
    });
    expect(await place({ quantity: 2 })).toBe('LIMIT_EXCEEDED limits.maxContracts');
    const looser: Limits = {
      maxContracts: 2,
      maxContractsPerSymbol: { MES: 1 },
      symbols: ['MNQ', 'MES'],
      whileUnknown: 'count',
    };
    expect(() => broker.setLimits(looser)).toThrow(
      expect.objectContaining({
        problems: [
          'limits.maxContracts: is 1, and 2 is looser; halt() first to loosen it',
          'limits.maxOpenOrders: is 3, and none is looser; halt() first to loosen it',
          'limits.maxContractsPerSymbol.MNQ: is 2, and none is looser; halt() first to loosen it',
          'limits.symbols: MES would be allowed anew; halt() first to loosen it',
          'limits.whileUnknown: is refuse, and count is looser; halt() first to loosen it',
          'limits.tradingHours: are not the same; halt() first to loosen it',
        ],
      }),
    );
    expect(broker.limits?.maxContracts).toBe(1);
    await broker.halt();
    broker.setLimits(looser);
    await broker.resume();
    expect(await place({ quantity: 2 })).toBe('accepted');
  });
});
