import type { Contract, Order, Position, Quote, Trade } from '@hotpath/core';
import type {
  Dictionary,
  Exchange,
  MarketInterface,
  Order as CcxtOrder,
  Position as CcxtPosition,
  Ticker,
  Trade as CcxtTrade,
} from 'ccxt';
import { marketOf } from './market.ts';
import { flatPosition, rawOrder, rawPosition, rawTicker, rawTrade } from './unified.ts';

// The broker's rows as the structures that ccxt's own functions make of them.

export function marketStructure(exchange: Exchange, contract: Contract): object {
  return marketOf(
    contract,
    (at) => exchange.yymmdd(at),
    (at) => exchange.iso8601(at),
  );
}

/** Undefined for a contract that is no market of today: an expired one, in an old order. */
export function marketById(exchange: Exchange, contractId: string): MarketInterface | undefined {
  const byId = exchange.markets_by_id as Dictionary<MarketInterface[] | undefined> | undefined;
  return byId?.[contractId]?.[0];
}

export function symbolOf(exchange: Exchange, contractId: string): string | undefined {
  return marketById(exchange, contractId)?.symbol;
}

export function unifiedOrder(exchange: Exchange, order: Order): CcxtOrder {
  const market = marketById(exchange, order.contractId);
  return exchange.safeOrder(
    rawOrder(order, market?.symbol, (at) => exchange.iso8601(at)),
    market,
  );
}

export function unifiedTicker(exchange: Exchange, quote: Quote, symbol: string): Ticker {
  return exchange.safeTicker(
    rawTicker(quote, symbol, (at) => exchange.iso8601(at)),
    exchange.market(symbol),
  );
}

export function unifiedTrade(exchange: Exchange, trade: Trade): CcxtTrade {
  const market = marketById(exchange, trade.contractId);
  return exchange.safeTrade(
    rawTrade(trade, market?.symbol, (at) => exchange.iso8601(at)),
    market,
  );
}

export function unifiedPosition(exchange: Exchange, position: Position): CcxtPosition {
  const market = marketById(exchange, position.contractId);
  return exchange.safePosition(
    rawPosition(position, market?.symbol, market?.contractSize, undefined, (at) =>
      exchange.iso8601(at),
    ),
  );
}

/** Of a contract in which nothing is held. */
export function noPosition(
  exchange: Exchange,
  contract: Pick<Contract, 'id'>,
  symbol: string | undefined,
  asOf: number,
): CcxtPosition {
  return exchange.safePosition(flatPosition(contract, symbol, asOf, (at) => exchange.iso8601(at)));
}
