import type { Contract } from '@hotpath/core';

/** A root whose front month has changed. */
export interface Roll {
  readonly from: Contract;
  readonly to: Contract;
}

/** Contracts by id, by name, and by root for the front month: at hand in the tick of an order. */
export class ContractCache {
  readonly #bySymbol = new Map<string, Contract>();
  readonly #fronts = new Map<string, Contract>();

  get(symbol: string): Contract | undefined {
    return this.#bySymbol.get(symbol) ?? this.#fronts.get(symbol);
  }

  /** What a root stands for; undefined for every other symbol. */
  front(root: string): Contract | undefined {
    return this.#fronts.get(root);
  }

  /** The venue's list of the months it trades: what stands for each root from here on. */
  bind(fronts: readonly Contract[]): readonly Roll[] {
    const rolls: Roll[] = [];
    this.add(fronts);
    for (const to of fronts) {
      const from = this.#fronts.get(to.root);
      this.#fronts.set(to.root, to);
      if (!from || from.id === to.id) continue;
      // Still known by its own name: there may be a position in it to get out of.
      this.add([{ ...from, active: false }]);
      rolls.push({ from, to });
    }
    return rolls;
  }

  /** Contracts by id and name. */
  add(contracts: Iterable<Contract>): void {
    for (const contract of contracts) {
      this.#bySymbol.set(contract.id, contract);
      this.#bySymbol.set(contract.name, contract);
    }
  }

  /** What a search showed. A root the list has not stands for its contract when there is only one that is active: which of several months is the front one is not guessed. */
  addFound(root: string, found: readonly Contract[]): void {
    this.add(found);
    const [only, ...others] = found.filter((contract) => contract.active && contract.root === root);
    if (only && others.length === 0 && !this.#fronts.has(root)) this.#fronts.set(root, only);
  }
}
