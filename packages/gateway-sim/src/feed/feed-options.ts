/** A contract as the outside names it: a row of the gateway's contract lists. */
export interface FedContract {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tickSize: number;
  /** Money per tick and contract. */
  readonly tickValue: number;
  /** False for a month that takes no orders any more; what is held in it can be closed. */
  readonly activeContract: boolean;
}

/** Prices in price units. All three must be known: a fill needs a bid and an ask, a stop the last price. */
export interface FedQuote {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  /** Contracts traded since the quote before. Default 0. */
  readonly volume?: number | undefined;
}

/** Contracts and quotes from outside, in place of the simulator's own. */
export interface FeedOptions {
  /** Contracts there are from the start. Default: none; `feed.list` adds them. */
  readonly contracts?: readonly FedContract[] | undefined;
  /** How old a quote may be for an order to fill on it, in milliseconds. Default 10,000. */
  readonly quoteMaxAgeMs?: number | undefined;
  /** How long a market order without such a quote waits for the next one, in milliseconds, before it is refused. Default 10,000. */
  readonly quoteWaitMs?: number | undefined;
  /** Told once of each contract in which there is an order or a position, those of before a restart included: its quotes are needed. Default: nobody. */
  readonly wanted?: ((contractId: string) => void) | undefined;
  /** Told of each market order that was refused for want of a quote. Default: nobody. */
  readonly unpriced?: ((contractId: string) => void) | undefined;
}

/** Where contracts and quotes come in. */
export interface PriceFeed {
  /** Lists contracts, or lists them anew. Those that are left out stay as they were. */
  list(contracts: readonly FedContract[]): void;
  /** A contract's quote, from now on; orders that it reaches fill. Throws for a contract that is not listed, and for what is no price. */
  quote(contractId: string, quote: FedQuote): void;
  /** The last quote of a contract, or of all, is not the market's any more, as when the stream of quotes breaks off: nothing fills before the next one. */
  lapse(contractId?: string): void;
}
