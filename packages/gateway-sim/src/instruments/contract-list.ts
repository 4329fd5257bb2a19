import type { SimulatedContract } from './contracts.ts';
import { contractOf, contractsAt, frontMonth, monthOfId, nextMonth } from './contracts.ts';
import type { Product } from './products.ts';

/** A front month that changed. */
export interface ContractRoll {
  readonly from: SimulatedContract;
  readonly to: SimulatedContract;
}

/** The contracts the venue lists: one front month of every product, and those that were before it. */
export class ContractList {
  readonly #byId = new Map<string, SimulatedContract>();
  /** Months since the year 0 of each product's front contract. */
  readonly #front = new Map<Product, number>();

  /** `fed`: they come from outside, and there are none yet. */
  constructor(epochMs: number, fed: boolean = false) {
    if (fed) return;
    for (const contract of contractsAt(epochMs)) {
      this.#byId.set(contract.id, contract);
      this.#front.set(contract.product, frontMonth(contract.product, epochMs));
    }
  }

  all(): SimulatedContract[] {
    return [...this.#byId.values()];
  }

  active(): SimulatedContract[] {
    return this.all().filter(({ activeContract }) => activeContract);
  }

  /** Adds a contract from outside, or puts it in place of the one of its id. */
  list(contract: SimulatedContract): void {
    this.#byId.set(contract.id, contract);
  }

  /** Of the list, or one that has expired, however long ago. Undefined for a month that is yet to come, and for what is no contract's id. */
  find(contractId: string): SimulatedContract | undefined {
    const listed = this.#byId.get(contractId);
    if (listed) return listed;
    const { product, month } = monthOfId(contractId) ?? {};
    if (!product || month === undefined || month >= (this.#front.get(product) ?? 0))
      return undefined;
    return this.expired(contractId);
  }

  /** The contract of an id from another time, of whatever month: of the list, or as one that has expired. Undefined when no product has such ids. */
  expired(contractId: string): SimulatedContract | undefined {
    const listed = this.#byId.get(contractId);
    const named = listed ? undefined : monthOfId(contractId);
    const contract = named ? contractOf(named.product, named.month, false) : listed;
    if (contract) this.#byId.set(contractId, contract);
    return contract;
  }

  /** Makes the next month of a product the front one. */
  roll(product: Product): ContractRoll | undefined {
    const front = this.#front.get(product);
    if (front === undefined) return undefined;
    const next = nextMonth(product, front);
    const [from, to] = [contractOf(product, front, false), contractOf(product, next, true)];
    this.#front.set(product, next);
    this.#byId.set(from.id, from);
    this.#byId.set(to.id, to);
    return { from, to };
  }

  /** Rolls every product whose front month has passed by now. */
  rollDue(epochMs: number): ContractRoll[] {
    const rolls: ContractRoll[] = [];
    for (const [product, front] of this.#front) {
      const roll = frontMonth(product, epochMs) > front ? this.roll(product) : undefined;
      if (roll) rolls.push(roll);
    }
    return rolls;
  }
}
