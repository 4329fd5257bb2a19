/** Prices and sizes that belong to one intent of a bot and to no other, so that the venue's record names it whatever tag it came under. */

/** Far below the market, where nothing fills. */
export const restingPrice = (number: number): number => 1_000 + number * 0.5;
/** What `restingPrice` is changed to: between two of them. */
export const modifiedPrice = (number: number): number => restingPrice(number) + 0.25;
/** Far above the market: fills at once, at the market's price. */
export const reachablePrice = (number: number): number => 60_000 + number * 0.25;
/** Of a market entry; more than all that is ever taken off it. */
export const entrySize = (number: number): number => 100_000 + number;
