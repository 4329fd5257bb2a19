import type { Exchange, Order, Position, Ticker, Trade } from 'ccxt';
import type { CcxtBroker } from './features.ts';
import type { LiveQuotes } from './live-quotes.ts';
import type { UpdateLog } from './update-log.ts';

/** What an exchange keeps of its own, away from the many fields of ccxt's. */
export interface Inner {
  readonly broker: CcxtBroker;
  readonly orders: UpdateLog<Order>;
  readonly trades: UpdateLog<Trade>;
  readonly positions: UpdateLog<Position>;
  readonly tickers: UpdateLog<Ticker>;
  readonly quotes: LiveQuotes;
  readonly stopListening: () => void;
}

const inners = new WeakMap<Exchange, Inner>();

export function keepInner(exchange: Exchange, inner: Inner): void {
  inners.set(exchange, inner);
}

export function innerOf(exchange: Exchange): Inner {
  const inner = inners.get(exchange);
  if (!inner) throw new TypeError('an exchange is made by createCcxtExchange({ broker })');
  return inner;
}
