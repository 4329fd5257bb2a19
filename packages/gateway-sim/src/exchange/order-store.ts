import type { OrderRecord } from './order-record.ts';
import { isFinal } from './order-record.ts';

/** Ids begin above 2^31, as on the live gateway since 2026: clients that keep them in 32 bits fail here first. */
const firstOrderId = 3_400_000_001;

/** Every order the venue remembers. */
export class OrderStore {
  readonly #byId = new Map<number, OrderRecord>();
  /** Orders that are not final, by contract: all that a price step has to look at. */
  readonly #working = new Map<string, Set<OrderRecord>>();
  readonly #keep: number;
  readonly #dropped: (order: OrderRecord) => void;
  #orders: OrderRecord[] = [];
  #nextId = firstOrderId;
  #forgotten = 0;

  /** `keep`: how many orders are remembered beside those that still work; 0 for all. `dropped` is told of each that is not. */
  constructor(keep: number, dropped: (order: OrderRecord) => void) {
    this.#keep = keep;
    this.#dropped = dropped;
  }

  /** In the order of creation. */
  get orders(): readonly OrderRecord[] {
    return this.#orders;
  }

  /** How many final orders have been dropped from memory. */
  get forgotten(): number {
    return this.#forgotten;
  }

  nextId(): number {
    return this.#nextId++;
  }

  byId(orderId: number): OrderRecord | undefined {
    return this.#byId.get(orderId);
  }

  add(order: OrderRecord): void {
    this.#nextId = Math.max(this.#nextId, order.id + 1);
    this.#orders.push(order);
    this.#byId.set(order.id, order);
    this.settle(order);
    // Half as much again before it drops the oldest, so that each order is moved but a few times.
    if (this.#keep > 0 && this.#orders.length > this.#keep * 1.5 + 16) this.#forget();
  }

  working(contractId: string): ReadonlySet<OrderRecord> {
    return this.#working.get(contractId) ?? none;
  }

  /** One account's orders that are not final, by id. */
  workingOf(accountId: number): OrderRecord[] {
    const found: OrderRecord[] = [];
    for (const orders of this.#working.values())
      for (const order of orders) if (order.accountId === accountId) found.push(order);
    return found.toSorted((a, b) => a.id - b.id);
  }

  /** To be called after each change of an order's status. */
  settle(order: OrderRecord): void {
    let working = this.#working.get(order.contract.id);
    if (isFinal(order)) {
      working?.delete(order);
      return;
    }
    if (!working) {
      working = new Set();
      this.#working.set(order.contract.id, working);
    }
    working.add(order);
  }

  #forget(): void {
    let surplus = this.#orders.length - this.#keep;
    this.#orders = this.#orders.filter((order) => {
      if (surplus <= 0 || !isFinal(order)) return true;
      surplus -= 1;
      this.#forgotten += 1;
      this.#byId.delete(order.id);
      this.#dropped(order);
      return false;
    });
  }
}

const none: ReadonlySet<OrderRecord> = new Set();
