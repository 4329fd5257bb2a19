import type { Quote } from './price-source.ts';

/** One level of a book: a price in ticks, and how many contracts stand there. */
export interface BookLevel {
  readonly ticks: number;
  readonly size: number;
}

/** Behind the best level. */
const secondSize = 5;

/** What the book shows at a quote after so many price steps, the best level first. The sizes are made up, and the same for the same step; `times`: as many times as large. */
export function bookLevels(
  { bid, ask }: Quote,
  steps: number,
  times: number,
): { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] } {
  return {
    bids: [
      { ticks: bid, size: (2 + (steps % 5)) * times },
      { ticks: bid - 1, size: secondSize * times },
    ],
    asks: [
      { ticks: ask, size: (2 + (steps % 7)) * times },
      { ticks: ask + 1, size: secondSize * times },
    ],
  };
}
