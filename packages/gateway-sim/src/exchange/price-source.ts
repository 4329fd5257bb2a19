/** Prices in whole ticks. */
export interface Quote {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
}

/** Where a contract's prices come from: a seeded walk, a recording, or a feed. */
export interface PriceSource {
  /** The last one known; undefined before there was one. Orders are checked against it. */
  readonly quote: Quote | undefined;
  /** Contracts traded by the last step. */
  readonly volume: number;
  /** Whether orders may trade at the quote at this instant. Absent: always. */
  tradesAt?(at: number): boolean;
  /** Moves on by itself. Absent: only from outside. */
  step?(): void;
}
