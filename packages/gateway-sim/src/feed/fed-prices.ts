import type { PriceSource, Quote } from '../exchange/price-source.ts';

/** A contract's prices from outside. Orders trade on them only while they are fresh. */
export class FedPrices implements PriceSource {
  readonly #maxAgeMs: number;
  #quote: Quote | undefined;
  #volume = 0;
  /** When it came; undefined when it does not hold any more. */
  #cameAt: number | undefined;

  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  get quote(): Quote | undefined {
    return this.#quote;
  }

  get volume(): number {
    return this.#volume;
  }

  take(quote: Quote, volume: number, at: number): void {
    this.#quote = quote;
    this.#volume = volume;
    this.#cameAt = at;
  }

  lapse(): void {
    this.#cameAt = undefined;
  }

  tradesAt(at: number): boolean {
    // A clock that was set back makes no old quote young.
    return this.#cameAt !== undefined && at >= this.#cameAt && at - this.#cameAt <= this.#maxAgeMs;
  }
}
