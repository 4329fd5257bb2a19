import type {
  CandleInterval,
  IExchangeSchema,
  IOrderBookData,
  IPublicCandleData,
} from 'backtest-kit';
import type { Broker, Clock, Contract } from '@hotpath/core';
import {
  checkOptions,
  decimalText,
  InvalidOptionsError,
  nearestTicks,
  priceOfTicks,
  ReadError,
  systemClock,
} from '@hotpath/core';
import * as z from 'zod';
import { candleIntervals } from './candle-intervals.ts';
import { fillCandles } from './fill-candles.ts';
import { OrderBooks } from './order-books.ts';

/** What `createExchangeSchema` takes. */
export interface ExchangeSchemaOptions {
  readonly broker: Broker;
  /** What strategies call it. */
  readonly exchangeName: string;
  /** Milliseconds after its end in which a candle without a bar is taken to be late rather than without trades, and is waited for. Default 3,000. */
  readonly lateBarMs?: number | undefined;
  /** Milliseconds to wait for the first order book of a symbol. Default 5,000. */
  readonly bookWithinMs?: number | undefined;
  /** Default: the system's time. */
  readonly clock?: Clock | undefined;
}

const has = (method: string, is: string) =>
  z.custom<object>(
    (value) => typeof value === 'object' && value !== null && method in value,
    `must be ${is}`,
  );
const optionsSchema = z.strictObject({
  broker: has('getBars', 'a broker, from createBroker'),
  exchangeName: z.string().min(1),
  lateBarMs: z.number().min(0).optional(),
  bookWithinMs: z.number().min(0).optional(),
  clock: has('now', 'a clock').optional(),
} satisfies Record<keyof ExchangeSchemaOptions, z.ZodType>);

/** How far back a price is looked for when a span begins without one: over a weekend and a holiday. */
const lookBackMs = 4 * 24 * 60 * 60 * 1000;

/**
 * An exchange for `addExchangeSchema`: candles from the broker's bars, the order book from its market data, prices and quantities as the contract has them.
 * A symbol is a root, a contract name or a contract id. Throws `InvalidOptionsError` for options that don't fit.
 */
export function createExchangeSchema(options: ExchangeSchemaOptions): IExchangeSchema {
  checkOptions('createExchangeSchema', optionsSchema, options);
  const {
    broker,
    exchangeName,
    lateBarMs = 3000,
    bookWithinMs = 5000,
    clock = systemClock,
  } = options;
  const books = new OrderBooks(broker, clock, bookWithinMs);
  const contractOf = async (symbol: string): Promise<Contract> => {
    const contract = await broker.getContract(symbol);
    if (contract === undefined)
      throw new InvalidOptionsError('formatPrice', [
        `symbol: "${symbol}" is no contract of this broker`,
      ]);
    return contract;
  };
  return {
    exchangeName,
    getCandles: async (
      symbol: string,
      interval: CandleInterval,
      since: Date,
      limit: number,
    ): Promise<IPublicCandleData[]> => {
      const { lengthMs, unit, unitCount } = candleIntervals[interval];
      const from = since.getTime();
      const to = from + limit * lengthMs;
      const read = (begin: number) => broker.getBars({ symbol, from: begin, to, unit, unitCount });
      let bars = await read(from);
      const last = bars.at(-1)?.at ?? from - 1;
      const sinceEnd = clock.now() - to;
      if (last < to - lengthMs && sinceEnd >= 0 && sinceEnd < lateBarMs) {
        await new Promise<void>((resolve) => void clock.setTimer(lateBarMs - sinceEnd, resolve));
        bars = await read(from);
      }
      if (bars[0] === undefined || bars[0].at >= from + lengthMs)
        bars = await read(from - lookBackMs);
      const candles = fillCandles(bars, from, lengthMs, limit);
      if (candles === undefined)
        throw new ReadError(
          'UNREADABLE',
          `${symbol} has no bars before ${new Date(to).toISOString()}.`,
        );
      return candles;
    },
    formatPrice: async (symbol, price) => {
      const { tickSize } = await contractOf(symbol);
      return decimalText(priceOfTicks(nearestTicks(price, tickSize), tickSize));
    },
    formatQuantity: async (_symbol, quantity) => String(Math.trunc(quantity)),
    getOrderBook: (symbol: string, depth: number): Promise<IOrderBookData> =>
      books.read(symbol, depth),
  };
}
