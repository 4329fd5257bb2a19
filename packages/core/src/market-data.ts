import type { Side } from './order-request.ts';
import type { ContractId } from './brand.ts';

/** What of a contract's market can be watched. */
export type MarketChannel = 'quotes' | 'trades' | 'depth';

/** The best prices, merged from the venue's sparse updates: a field it has not named yet is undefined. Prices in price units. */
export interface Quote {
  readonly contractId: ContractId;
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  readonly last: number | undefined;
  /** Contracts traded in the session. */
  readonly volume: number | undefined;
  /** The venue's time of the newest update, milliseconds since the epoch; undefined when it names none. */
  readonly at: number | undefined;
  /** When it came in: wall milliseconds. */
  readonly asOf: number;
}

/** One trade of the market. */
export interface MarketTrade {
  readonly contractId: ContractId;
  readonly price: number;
  readonly quantity: number;
  /** Who crossed the spread; undefined when the venue does not say. */
  readonly side: Side | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** One price of a book. */
export interface DepthLevel {
  readonly price: number;
  readonly quantity: number;
}

/** A contract's book as far as the venue shows it: best prices first. */
export interface Depth {
  readonly contractId: ContractId;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  /** When the newest update came in: wall milliseconds. */
  readonly asOf: number;
}

/** What a market stream brings. Merged snapshots: each can be used alone. */
export type MarketEvidence =
  | { readonly of: 'quote'; readonly quote: Quote }
  | { readonly of: 'market-trade'; readonly trade: MarketTrade }
  | { readonly of: 'depth'; readonly depth: Depth }
  /** Lost touch: what was shown is old from here on. */
  | {
      readonly of: 'gap';
      readonly contractId: ContractId;
      readonly at: number;
      readonly because: string;
    }
  | { readonly of: 'live'; readonly contractId: ContractId; readonly at: number };
