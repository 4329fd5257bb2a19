import type { ExchangeEvent } from '../exchange/exchange-event.ts';
import type { PriceSource } from '../exchange/price-source.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';
import { BarHistory } from './bar-history.ts';

export interface BarHistoriesOptions {
  readonly seed: number;
  /** Trading days from before the start. */
  readonly historyDays: number;
  /** Most seconds with a price of each contract; undefined or 0 for all. */
  readonly keep: number | undefined;
}

/** What every contract has traded. */
export class BarHistories {
  readonly #options: BarHistoriesOptions;
  readonly #histories = new Map<string, BarHistory>();

  constructor(options: BarHistoriesOptions) {
    this.#options = options;
  }

  /** By contract id. */
  get all(): ReadonlyMap<string, BarHistory> {
    return this.#histories;
  }

  /** Keeps bars of a contract from here on. */
  begin(contract: SimulatedContract, { quote }: PriceSource, at: number): void {
    const { seed, historyDays, keep } = this.#options;
    // A contract from outside has no made-up past.
    const pastDays = quote ? historyDays : 0;
    this.#histories.set(
      contract.id,
      new BarHistory(contract, seed, at, pastDays, quote?.last ?? 1, keep),
    );
  }

  record(event: ExchangeEvent): void {
    if (event.kind === 'price')
      this.#histories.get(event.contractId)?.record(event.at, event.quote.last, event.volume);
  }
}
