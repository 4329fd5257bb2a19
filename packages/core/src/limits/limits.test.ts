import { afterEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../brand.ts';
import type { MarketEvidence } from '../market-data.ts';
import type { DeliveryScript } from '../testing/scripted-executor.ts';
import { silent } from '../testing/scripted-executor.ts';
import type { Trade } from '../trade.ts';
import type { Limits } from './limits.ts';
import { LimitsTrial, MNQ, row } from '../testing/limits-trial.ts';

const trial = new LimitsTrial();
afterEach(() => trial.end());

describe('the other limits', () => {
  it('symbols, by root, name or id', async () => {
    await trial.open({ symbols: ['MES'] });
    expect([await trial.place(), await trial.place({ symbol: 'MES' })]).toEqual([
      'LIMIT_EXCEEDED limits.symbols',
      'accepted',
    ]);
  });

  it('maxOpenOrders, without the orders of others', async () => {
    await trial.open({ maxOpenOrders: 1 });
    trial.bring({ of: 'order', order: row('500', { status: 'working' }) });
    expect([await trial.place(), await trial.place()]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.maxOpenOrders',
    ]);
  });

  it('maxOrdersPerMinute, looking back from each call', async () => {
    await trial.open({ maxOrdersPerMinute: 2 });
    expect([await trial.place(), await trial.place(), await trial.place()]).toEqual([
      'accepted',
      'accepted',
      'LIMIT_EXCEEDED limits.maxOrdersPerMinute',
    ]);
    trial.clock.advance(60_000);
    expect(await trial.place()).toBe('accepted');
  });

  it('tradingHours, over midnight and in their own time zone', async () => {
    await trial.open({ tradingHours: { from: '17:00', to: '15:10', timeZone: 'America/Chicago' } });
    // 10:00 in Chicago.
    expect(await trial.place()).toBe('accepted');
    trial.clock.advance(5 * 3_600_000 + 10 * 60_000);
    expect(await trial.place()).toBe('LIMIT_EXCEEDED limits.tradingHours');
    trial.clock.advance(110 * 60_000);
    expect(await trial.place()).toBe('accepted');
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
    await trial.open(
      { dailyLoss: { amount: 50 } },
      { trades: () => [fill('yesterday', -500, Date.UTC(2026, 8, 20, 21))] },
    );
    expect(await trial.place()).toBe('accepted');
    trial.bring({ of: 'trade', trade: fill('a', -48, trial.clock.now()) });
    expect(await trial.place()).toBe('accepted');
    trial.bring({ of: 'trade', trade: fill('b', 0, trial.clock.now()) });
    expect(await trial.place()).toBe('LIMIT_EXCEEDED limits.dailyLoss');
    // 17:00 in Chicago.
    trial.clock.advance(7 * 3_600_000);
    expect(await trial.place()).toBe('accepted');
  });

  it('dailyLoss lets nothing in before the day has been read', async () => {
    await trial.open(
      { dailyLoss: { amount: 50 } },
      { positions: () => Promise.reject(new Error('down')) },
    );
    expect(await trial.place()).toBe('NOT_READY limits.dailyLoss');
  });

  it('priceBandTicks, against a live price only', async () => {
    let take: ((item: MarketEvidence) => void) | undefined;
    await trial.open(
      { priceBandTicks: 4 },
      { watchMarket: (_contract, _channels, listener) => ((take = listener), () => undefined) },
    );
    expect(await trial.place()).toBe('NO_LAST_PRICE limits.priceBandTicks');
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
      await trial.place({ limitPrice: 101 }),
      await trial.place({ limitPrice: 101.25 }),
      await trial.place({ limitPrice: 98.75 }),
    ]).toEqual([
      'accepted',
      'LIMIT_EXCEEDED limits.priceBandTicks',
      'LIMIT_EXCEEDED limits.priceBandTicks',
    ]);
    take?.({ of: 'gap', contractId: MNQ.id, at: 0, because: 'cut' });
    expect(await trial.place()).toBe('NO_LAST_PRICE limits.priceBandTicks');
    expect(
      await trial.scripted.broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }),
    ).toMatchObject({ kind: 'accepted' });
  });

  it('whileUnknown keeps a contract shut, and no other', async () => {
    let answer: DeliveryScript = () => silent('RESET');
    await trial.open({}, {}, (...given) => answer(...given));
    expect(await trial.place()).toBe('unknown');
    answer = trial.numbered;
    expect([await trial.place(), await trial.place({ symbol: 'MES' })]).toEqual([
      'UNKNOWN_OPEN limits.whileUnknown',
      'accepted',
    ]);
  });
});

describe('limits at the start and at run time', () => {
  it('are refused when they make no sense, each by its path', async () => {
    await trial.open({});
    await expect(
      trial.open({
        maxContracts: -1,
        tradingHours: { from: '9:00', to: '15:10', timeZone: 'Chicago' },
      }),
    ).rejects.toMatchObject({
      problems: [
        expect.stringMatching(/^limits\.maxContracts: /),
        'limits.tradingHours.from: must be HH:MM',
        'limits.tradingHours.timeZone: is no time zone such as America/Chicago',
      ],
    });
  });

  it('are refused where they could not be kept', async () => {
    await trial.open({});
    await expect(
      trial.open({ dailyLoss: { amount: 1 }, priceBandTicks: 3 }, { streams: false }),
    ).rejects.toMatchObject({
      problems: [
        'limits.dailyLoss: needs an adapter with an order stream',
        'limits.priceBandTicks: needs an adapter with market data',
      ],
    });
  });

  it('can be tightened, and loosened only while halted', async () => {
    const hours = { from: '00:00', to: '23:00', timeZone: 'UTC' };
    await trial.open({
      maxContracts: 5,
      maxContractsPerSymbol: { MNQ: 2 },
      symbols: ['MNQ'],
      tradingHours: hours,
    });
    const { broker } = trial.scripted;
    broker.setLimits({
      maxContracts: 1,
      maxContractsPerSymbol: { MNQ: 2, MES: 1 },
      symbols: ['MNQ'],
      tradingHours: hours,
      maxOpenOrders: 3,
    });
    expect(await trial.place({ quantity: 2 })).toBe('LIMIT_EXCEEDED limits.maxContracts');
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
    expect(await trial.place({ quantity: 2 })).toBe('accepted');
  });
});
