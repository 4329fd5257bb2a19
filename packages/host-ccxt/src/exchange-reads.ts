import type { Order, TimeSpan } from '@hotpath/core';
import type {
  Balances,
  Exchange,
  Int,
  Market,
  OHLCV,
  Order as CcxtOrder,
  Position as CcxtPosition,
  Str,
  Strings,
  Ticker,
  Trade as CcxtTrade,
} from 'ccxt';
import { BadRequest, NotSupported } from 'ccxt';
import { barsInSpan } from './bars-in-span.ts';
import { guardedRead } from './guarded-read.ts';
import { innerOf } from './inner-of.ts';
import { contractOf, knownSymbol, orderOf, quoteOf } from './market-reads.ts';
import { referenceOf, refuseUnknown, shown } from './order-parameters.ts';
import { timeframes } from './timeframes.ts';
import { rawBalance, rawBar } from './unified.ts';
import {
  marketStructure,
  noPosition,
  unifiedOrder,
  unifiedPosition,
  unifiedTicker,
  unifiedTrade,
} from './unified-rows.ts';

// The methods of an exchange that read.

type Params = Record<string, unknown>;

const dayMs = 86_400_000;
/** Reads of what was, without a `since`. */
const defaultSpanMs = 7 * dayMs;
const defaultBars = 100;
const none: ReadonlySet<string> = new Set();
const spanned: ReadonlySet<string> = new Set(['until']);
const named: ReadonlySet<string> = new Set(['clientOrderId']);

export async function fetchMarkets(exchange: Exchange, params: Params): Promise<Market[]> {
  refuseUnknown(params, none);
  const contracts = await guardedRead(() => innerOf(exchange).broker.searchContracts(''));
  return contracts.map((contract) =>
    exchange.safeMarketStructure(marketStructure(exchange, contract)),
  );
}

export async function fetchOrder(
  exchange: Exchange,
  id: Str,
  symbol: Str,
  params: Params,
): Promise<CcxtOrder> {
  refuseUnknown(params, named);
  await knownSymbol(exchange, symbol);
  return unifiedOrder(exchange, await orderOf(exchange, referenceOf(id, params)));
}

export function fetchOrders(
  exchange: Exchange,
  symbol: Str,
  since: Int,
  limit: Int,
  params: Params,
): Promise<CcxtOrder[]> {
  return history(exchange, symbol, since, limit, params, () => true);
}

export function fetchClosedOrders(
  exchange: Exchange,
  symbol: Str,
  since: Int,
  limit: Int,
  params: Params,
): Promise<CcxtOrder[]> {
  return history(exchange, symbol, since, limit, params, ({ status }) => status === 'filled');
}

export async function fetchOpenOrders(
  exchange: Exchange,
  symbol: Str,
  since: Int,
  limit: Int,
  params: Params,
): Promise<CcxtOrder[]> {
  refuseUnknown(params, none);
  await knownSymbol(exchange, symbol);
  const open = await guardedRead(() => innerOf(exchange).broker.getOpenOrders());
  return exchange.filterBySymbolSinceLimit(
    exchange.sortBy(
      open.map((order) => unifiedOrder(exchange, order)),
      'timestamp',
    ),
    symbol,
    since,
    limit,
  ) as CcxtOrder[];
}

export async function fetchMyTrades(
  exchange: Exchange,
  symbol: Str,
  since: Int,
  limit: Int,
  params: Params,
): Promise<CcxtTrade[]> {
  await knownSymbol(exchange, symbol);
  const span = spanOf(exchange, since, params);
  const trades = await guardedRead(() => innerOf(exchange).broker.getTrades(span));
  const unified = trades
    .filter(({ voided }) => !voided)
    .map((trade) => unifiedTrade(exchange, trade));
  return exchange.filterBySymbolSinceLimit(
    exchange.sortBy(unified, 'timestamp'),
    symbol,
    since,
    limit,
  ) as CcxtTrade[];
}

export async function fetchPositions(
  exchange: Exchange,
  symbols: Strings,
  params: Params,
): Promise<CcxtPosition[]> {
  refuseUnknown(params, none);
  await exchange.loadMarkets();
  if (symbols !== undefined && !Array.isArray(symbols))
    throw new BadRequest(`symbols is ${shown(symbols)}, must be a list of symbols`);
  for (const symbol of symbols ?? []) exchange.market(symbol);
  const positions = await guardedRead(() => innerOf(exchange).broker.getPositions());
  const unified = positions.map((position) => unifiedPosition(exchange, position));
  return symbols === undefined
    ? unified
    : unified.filter(({ symbol }) => symbol !== undefined && symbols.includes(symbol));
}

export async function fetchPosition(
  exchange: Exchange,
  symbol: string,
  params: Params,
): Promise<CcxtPosition> {
  const [position] = await exchange.fetchPositions([symbol], params);
  return (
    position ??
    noPosition(exchange, await contractOf(exchange, symbol), symbol, exchange.milliseconds())
  );
}

export async function fetchBalance(exchange: Exchange, params: Params): Promise<Balances> {
  refuseUnknown(params, none);
  const account = await guardedRead(() => innerOf(exchange).broker.getAccount());
  return exchange.safeBalance(
    rawBalance(account, exchange.milliseconds(), (at) => exchange.iso8601(at)),
  );
}

export async function fetchOHLCV(
  exchange: Exchange,
  symbol: string,
  timeframe: string,
  since: Int,
  limit: Int,
  params: Params,
): Promise<OHLCV[]> {
  refuseUnknown(params, spanned);
  const span = timeframes[timeframe];
  if (!span)
    throw new NotSupported(
      `timeframe is "${timeframe}", must be one of ${Object.keys(timeframes).join(', ')}`,
    );
  const { id } = await contractOf(exchange, symbol);
  const spanMs = exchange.parseTimeframe(timeframe) * 1000;
  const until = Math.min(exchange.milliseconds(), untilOf(params) ?? Infinity);
  const read = (from: number, to: number) =>
    guardedRead(() => innerOf(exchange).broker.getBars({ symbol: id, from, to, ...span }));
  const bars = await barsInSpan(read, {
    spanMs,
    since: since ?? undefined,
    limit: limit ?? (since === undefined ? defaultBars : undefined),
    until,
  });
  return bars.map(rawBar) as OHLCV[];
}

export async function fetchTicker(
  exchange: Exchange,
  symbol: string,
  params: Params,
): Promise<Ticker> {
  refuseUnknown(params, none);
  return unifiedTicker(exchange, await quoteOf(exchange, symbol), symbol);
}

async function history(
  exchange: Exchange,
  symbol: Str,
  since: Int,
  limit: Int,
  params: Params,
  wanted: (order: Order) => boolean,
): Promise<CcxtOrder[]> {
  await knownSymbol(exchange, symbol);
  const span = spanOf(exchange, since, params);
  const orders = await guardedRead(() => innerOf(exchange).broker.getOrderHistory(span));
  const unified = orders.filter(wanted).map((order) => unifiedOrder(exchange, order));
  return exchange.filterBySymbolSinceLimit(
    exchange.sortBy(unified, 'timestamp'),
    symbol,
    since,
    limit,
  ) as CcxtOrder[];
}

function spanOf(exchange: Exchange, since: Int, params: Params): TimeSpan {
  refuseUnknown(params, spanned);
  const to = untilOf(params);
  return {
    from: since ?? exchange.milliseconds() - defaultSpanMs,
    ...(to !== undefined && { to }),
  };
}

function untilOf({ until }: Params): number | undefined {
  if (until === undefined) return undefined;
  if (typeof until !== 'number')
    throw new BadRequest(`params.until is ${JSON.stringify(until)}, must be milliseconds`);
  return until;
}
