import type {
  Balances,
  Int,
  Market,
  MarketInterface,
  Num,
  OHLCV,
  Order,
  OrderSide,
  OrderType,
  Position,
  Str,
  Strings,
  Ticker,
  Trade,
} from 'ccxt';
import { BadSymbol, Exchange } from 'ccxt';
import * as orders from './exchange-orders.ts';
import * as reads from './exchange-reads.ts';
import * as watches from './exchange-watches.ts';
import type { CcxtBroker } from './features.ts';
import { features, offered } from './features.ts';
import { shown } from './order-parameters.ts';
import { timeframes } from './timeframes.ts';

type Params = Record<string, unknown>;

/** A ccxt exchange that trades through a Hotpath broker. Nothing of ccxt's own transport, retries or throttling is between a call and its order. */
export class HotpathExchange extends Exchange {
  /** Gives it the broker it trades through. Made so, and not by the constructor: ccxt's own calls `describe` before a field of a subclass is set. */
  static over(broker: CcxtBroker): HotpathExchange {
    const exchange = new HotpathExchange({});
    watches.listen(exchange, broker);
    return exchange;
  }

  override describe(): object {
    const base = super.describe() as { readonly has: Readonly<Record<string, unknown>> };
    const has = Object.fromEntries(Object.keys(base.has).map((name) => [name, false]));
    for (const name of offered) has[name] = true;
    return this.deepExtend(base, {
      id: 'hotpath',
      name: 'Hotpath',
      version: '1',
      pro: true,
      certified: false,
      // The broker has a rate budget of its own, and orders never wait for it.
      enableRateLimit: false,
      rateLimit: 1,
      has,
      features,
      timeframes: Object.fromEntries(Object.keys(timeframes).map((name) => [name, name])),
      requiredCredentials: { apiKey: false, secret: false },
    });
  }

  override market(symbol: string): MarketInterface {
    // safeguard: a symbol that is no text is refused by name
    if (typeof symbol !== 'string')
      throw new BadSymbol(
        `symbol is ${shown(symbol)}, must be a market's, such as "MNQ/USD:USD-261218"`,
      );
    // end of safeguard
    return super.market(symbol);
  }

  override fetchMarkets(params: Params = {}): Promise<Market[]> {
    return reads.fetchMarkets(this, params);
  }

  override createOrder(
    symbol: string,
    type: OrderType,
    side: OrderSide,
    amount: number,
    price?: Num,
    params: Params = {},
  ): Promise<Order> {
    return orders.createOrder(this, symbol, type, side, amount, price, params);
  }

  override editOrder(
    id: string,
    symbol: string,
    type: OrderType,
    side: OrderSide,
    amount?: Num,
    price?: Num,
    params: Params = {},
  ): Promise<Order> {
    return orders.editOrder(this, id, symbol, type, side, amount, price, params);
  }

  override cancelOrder(id: Str, symbol?: Str, params: Params = {}): Promise<Order> {
    return orders.cancelOrder(this, id, symbol, params);
  }

  /** Cancels this bot's orders, of a symbol or all. Throws when one is not known to be gone, `RequestTimeout` when it may still work. */
  override cancelAllOrders(symbol?: Str, params: Params = {}): Promise<Order[]> {
    return orders.cancelAllOrders(this, symbol, params);
  }

  override fetchOrder(id: Str, symbol?: Str, params: Params = {}): Promise<Order> {
    return reads.fetchOrder(this, id, symbol, params);
  }

  override fetchOrders(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<Order[]> {
    return reads.fetchOrders(this, symbol, since, limit, params);
  }

  override fetchClosedOrders(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<Order[]> {
    return reads.fetchClosedOrders(this, symbol, since, limit, params);
  }

  override fetchOpenOrders(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<Order[]> {
    return reads.fetchOpenOrders(this, symbol, since, limit, params);
  }

  override fetchMyTrades(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<Trade[]> {
    return reads.fetchMyTrades(this, symbol, since, limit, params);
  }

  override fetchPositions(symbols?: Strings, params: Params = {}): Promise<Position[]> {
    return reads.fetchPositions(this, symbols, params);
  }

  override fetchPosition(symbol: string, params: Params = {}): Promise<Position> {
    return reads.fetchPosition(this, symbol, params);
  }

  override closePosition(symbol: string, side?: OrderSide, params: Params = {}): Promise<Order> {
    return orders.closePosition(this, symbol, side, params);
  }

  override fetchBalance(params: Params = {}): Promise<Balances> {
    return reads.fetchBalance(this, params);
  }

  override fetchOHLCV(
    symbol: string,
    timeframe = '1m',
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<OHLCV[]> {
    return reads.fetchOHLCV(this, symbol, timeframe, since, limit, params);
  }

  override fetchTicker(symbol: string, params: Params = {}): Promise<Ticker> {
    return reads.fetchTicker(this, symbol, params);
  }

  override watchOrders(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<Order[]> {
    return watches.watchOrders(this, symbol, since, limit, params);
  }

  override watchMyTrades(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<Trade[]> {
    return watches.watchMyTrades(this, symbol, since, limit, params);
  }

  override watchPositions(
    symbols?: Strings,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<Position[]> {
    return watches.watchPositions(this, symbols, since, limit, params);
  }

  override watchTicker(symbol: string, params: Params = {}): Promise<Ticker> {
    return watches.watchTicker(this, symbol, params);
  }

  /** Ends what watches the market and whoever waits. The broker stays open: it is its maker's to close. */
  override close(): Promise<void> {
    return watches.stopWatching(this);
  }
}
