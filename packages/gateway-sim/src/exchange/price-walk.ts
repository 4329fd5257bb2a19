import type { SeededRandom } from '../seeded-random.ts';
import type { PriceSource, Quote } from './price-source.ts';

/** Ticks per step: mostly still or one, at times a jump of up to three, as a quiet market moves. */
const moves = [-3, -2, -1, -1, -1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3];

/** A contract's price, one seeded step at a time; it is drawn back to its start so that weeks of it stay plausible. */
export class PriceWalk implements PriceSource {
  readonly #random: SeededRandom;
  readonly #start: number;
  #quote: Quote;
  #volume = 0;

  constructor(startTicks: number, random: SeededRandom) {
    this.#random = random;
    this.#start = startTicks;
    this.#quote = { bid: startTicks, ask: startTicks + 1, last: startTicks };
  }

  get quote(): Quote {
    return this.#quote;
  }

  get volume(): number {
    return this.#volume;
  }

  step(): void {
    const drawn = moves[Math.floor(this.#random() * moves.length)] ?? 0;
    const pull =
      this.#random() * this.#start * 0.02 < Math.abs(this.#quote.bid - this.#start) * 0.05
        ? Math.sign(this.#start - this.#quote.bid)
        : 0;
    const bid = Math.max(1, this.#quote.bid + drawn + pull);
    const wide = this.#random() < 0.05 ? 2 : 1;
    this.#quote = { bid, ask: bid + wide, last: drawn > 0 ? bid + wide : bid };
    this.#volume = 1 + Math.abs(drawn) * 3;
  }
}
