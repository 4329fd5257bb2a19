import type { Contract, Order, Position, Quote, Trade } from '@hotpath/core';
import type {
  Exchange,
  Int,
  Order as CcxtOrder,
  Position as CcxtPosition,
  Str,
  Strings,
  Ticker,
  Trade as CcxtTrade,
} from 'ccxt';
import { RequestTimeout } from 'ccxt';
import type { CcxtBroker } from './features.ts';
import { guardedRead } from './guarded-read.ts';
import { innerOf, keepInner } from './inner-of.ts';
import { LiveQuotes } from './live-quotes.ts';
import { contractOf, knownSymbol } from './market-reads.ts';
import { refuseUnknown } from './order-parameters.ts';
import {
  marketById,
  noPosition,
  symbolOf,
  unifiedOrder,
  unifiedPosition,
  unifiedTicker,
  unifiedTrade,
} from './unified-rows.ts';
import { UpdateLog } from './update-log.ts';

// The methods of an exchange that wait for what happens, and what they wait for.

type Params = Record<string, unknown>;

const none: ReadonlySet<string> = new Set();

/** Gives an exchange the broker it trades through, and keeps what that tells for who watches it. */
export function listen(exchange: Exchange, broker: CcxtBroker): void {
  const updated = (order: Order): void =>
    innerOf(exchange).orders.add(
      symbolOf(exchange, order.contractId),
      unifiedOrder(exchange, order),
    );
  const filled = ({ trade }: { readonly trade: Trade }): void =>
    innerOf(exchange).trades.add(
      symbolOf(exchange, trade.contractId),
      unifiedTrade(exchange, trade),
    );
  const moved = ({
    contractId,
    position,
    asOf,
  }: {
    readonly contractId: Contract['id'];
    readonly position: Position | undefined;
    readonly asOf: number;
  }): void => {
    const symbol = symbolOf(exchange, contractId);
    innerOf(exchange).positions.add(
      symbol,
      position
        ? unifiedPosition(exchange, position)
        : noPosition(exchange, { id: contractId }, symbol, asOf),
    );
  };
  const quoted = (contractId: string, quote: Quote): void => {
    const market = marketById(exchange, contractId);
    if (market?.symbol !== undefined)
      innerOf(exchange).tickers.add(market.symbol, unifiedTicker(exchange, quote, market.symbol));
  };
  keepInner(exchange, {
    broker,
    orders: new UpdateLog(),
    trades: new UpdateLog(),
    positions: new UpdateLog(),
    tickers: new UpdateLog(),
    quotes: new LiveQuotes(broker, quoted),
    stopListening: () => {
      broker.off('order.updated', updated);
      broker.off('order.filled', filled);
      broker.off('position.updated', moved);
    },
  });
  broker.on('order.updated', updated);
  broker.on('order.filled', filled);
  broker.on('position.updated', moved);
}

export async function watchOrders(
  exchange: Exchange,
  symbol: Str,
  since: Int,
  limit: Int,
  params: Params,
): Promise<CcxtOrder[]> {
  refuseUnknown(params, none);
  await knownSymbol(exchange, symbol);
  return exchange.filterBySinceLimit(
    await innerOf(exchange).orders.next(symbol === undefined ? undefined : [symbol]),
    since,
    limit,
    'timestamp',
    true,
  ) as CcxtOrder[];
}

export async function watchMyTrades(
  exchange: Exchange,
  symbol: Str,
  since: Int,
  limit: Int,
  params: Params,
): Promise<CcxtTrade[]> {
  refuseUnknown(params, none);
  await knownSymbol(exchange, symbol);
  return exchange.filterBySinceLimit(
    await innerOf(exchange).trades.next(symbol === undefined ? undefined : [symbol]),
    since,
    limit,
    'timestamp',
    true,
  ) as CcxtTrade[];
}

export async function watchPositions(
  exchange: Exchange,
  symbols: Strings,
  since: Int,
  limit: Int,
  params: Params,
): Promise<CcxtPosition[]> {
  refuseUnknown(params, none);
  await exchange.loadMarkets();
  for (const symbol of symbols ?? []) exchange.market(symbol);
  return exchange.filterBySinceLimit(
    await innerOf(exchange).positions.next(symbols?.length === 0 ? undefined : symbols),
    since,
    limit,
    'timestamp',
    true,
  ) as CcxtPosition[];
}

export async function watchTicker(
  exchange: Exchange,
  symbol: string,
  params: Params,
): Promise<Ticker> {
  refuseUnknown(params, none);
  const { id } = await contractOf(exchange, symbol);
  await guardedRead(() => innerOf(exchange).quotes.watch(id));
  const newest = (await innerOf(exchange).tickers.next([symbol])).at(-1);
  if (!newest) throw new RequestTimeout(`no price of ${symbol} came`);
  return newest;
}

/** Ends what watches the market and whoever waits. */
export async function stopWatching(exchange: Exchange): Promise<void> {
  const { orders, trades, positions, tickers, quotes, stopListening } = innerOf(exchange);
  stopListening();
  for (const log of [orders, trades, positions, tickers]) log.close();
  await quotes.close();
}
