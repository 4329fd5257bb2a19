/** How orders fill. What is assumed, because nobody has recorded it: the venue fills against the market's own quotes, its orders do not move the market, and queues do not matter. */
export interface MatchingOptions {
  /**
   * `whole` (the default): an order that trades fills at once and whole, at the best price.
   * `book`: it takes what the two best levels of the book show, level by level, one trade for each; a limit order only as far as its limit. The rest trades with the next price steps.
   * What is taken is back with the next step. The sizes are those of the market hub's depth.
   */
  readonly fills?: 'whole' | 'book' | undefined;
  /** So many times the sizes that the book has otherwise: 2 to 8 contracts at the best price, 5 behind it. A whole number above 0. Default 1. */
  readonly bookSize?: number | undefined;
  /** Most ticks by which a stop fills beyond the market, drawn evenly by seed for each fill. One or two were common in recordings. Default 0. */
  readonly stopSlippageTicks?: number | undefined;
}
