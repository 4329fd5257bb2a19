import type { ContractId, MarketTrade } from '@hotpath/core';

/** What one quote event names; a field it does not name is undefined, which is not zero. */
export interface QuoteDelta {
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  readonly last: number | undefined;
  readonly volume: number | undefined;
  readonly at: number | undefined;
}

/** One row of a depth event. */
export interface DepthDelta {
  /** DomType: 1 Ask, 2 Bid, 3 BestAsk, 4 BestBid, 5 Trade, 6 Reset, 7 Low, 8 High, 9 NewBestBid, 10 NewBestAsk, 11 Fill (ProjectX documentation, 2026). */
  readonly type: number;
  readonly price: number;
  readonly quantity: number;
}

/** Undefined when it is no quote. Read by hand: dozens of these come a second, and their fields are few. */
export function quoteDelta(row: unknown): QuoteDelta | undefined {
  if (!isRow(row)) return undefined;
  return {
    bid: price(row['bestBid']),
    ask: price(row['bestAsk']),
    last: price(row['lastPrice']),
    volume: price(row['volume']),
    at: time(row['lastUpdated']) ?? time(row['timestamp']),
  };
}

/** Undefined when a trade without price, size or time would have to be made up. TradeLogType: 0 Buy, 1 Sell, presumably who crossed the spread; it may be null. */
export function marketTrade(row: unknown, contractId: ContractId): MarketTrade | undefined {
  if (!isRow(row)) return undefined;
  const [traded, quantity, at] = [
    price(row['price']),
    price(row['volume']),
    time(row['timestamp']),
  ];
  if (traded === undefined || quantity === undefined || at === undefined) return undefined;
  const type = row['type'];
  return {
    contractId,
    price: traded,
    quantity,
    side: type === 0 ? 'buy' : type === 1 ? 'sell' : undefined,
    at,
  };
}

/** `volume` is taken for the level's size: how it relates to `currentVolume` is not documented, and recorded rows of live levels had a `currentVolume` of 0. */
export function depthDelta(row: unknown): DepthDelta | undefined {
  if (!isRow(row)) return undefined;
  const [type, level, quantity] = [price(row['type']), price(row['price']), price(row['volume'])];
  return type === undefined
    ? undefined
    : { type, price: level ?? Number.NaN, quantity: quantity ?? Number.NaN };
}

function isRow(row: unknown): row is Readonly<Record<string, unknown>> {
  return typeof row === 'object' && row !== null && !Array.isArray(row);
}

function price(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function time(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.startsWith('0001-')) return undefined;
  const milliseconds = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
