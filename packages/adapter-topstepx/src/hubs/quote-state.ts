import type { ContractId, Quote } from '@hotpath/core';
import type { QuoteDelta } from './market-rows.ts';

/** One contract's best prices, merged from sparse updates. */
export class QuoteState {
  readonly #contractId: ContractId;
  #quote: Quote | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(contractId: ContractId) {
    this.#contractId = contractId;
  }

  get quote(): Quote | undefined {
    return this.#quote;
  }

  /** The last traded price, unless it was told longer ago than `maxAgeMs`; `monotonic` is now. */
  lastPrice(maxAgeMs: number, monotonic: number): number | undefined {
    return monotonic - this.#lastAt <= maxAgeMs ? this.#quote?.last : undefined;
  }

  /** `asOf`, `monotonic`: when it came in. */
  merge(delta: QuoteDelta, asOf: number, monotonic: number): void {
    const before = this.#quote;
    if (delta.last !== undefined) this.#lastAt = monotonic;
    this.#quote = {
      contractId: this.#contractId,
      bid: delta.bid ?? before?.bid,
      ask: delta.ask ?? before?.ask,
      last: delta.last ?? before?.last,
      volume: delta.volume ?? before?.volume,
      at: delta.at ?? before?.at,
      asOf,
    };
  }

  /** Updates were missed: a price that did not come again must not stand for the present one. */
  forget(): void {
    this.#quote = undefined;
    this.#lastAt = Number.NEGATIVE_INFINITY;
  }
}
