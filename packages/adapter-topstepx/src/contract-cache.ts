import type { Contract } from '@hotpath/core';

/** Contracts by id, by name, and by root for the front month: at hand in the tick of an order. */
export class ContractCache {
  readonly #bySymbol = new Map<string, Contract>();

  get(symbol: string): Contract | undefined {
    return this.#bySymbol.get(symbol);
  }

  add(contracts: Iterable<Contract>): void {
    for (const contract of contracts) {
      this.#bySymbol.set(contract.id, contract);
      this.#bySymbol.set(contract.name, contract);
      // An expired month must not stand for its root.
      if (contract.active) this.#bySymbol.set(contract.root, contract);
    }
  }
}
