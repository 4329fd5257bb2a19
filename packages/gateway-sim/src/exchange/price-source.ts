/** Prices in whole ticks. */
export interface Quote {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
}

/** Where a contract's prices come from: a seeded walk, or a recording. */
export interface PriceSource {
  readonly quote: Quote;
  /** Contracts traded by the last step. */
  readonly volume: number;
  step(): void;
}
