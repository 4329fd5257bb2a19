import type { BrokerParts } from '../broker/broker-parts.ts';
import type { OrderId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { Order } from '../order.ts';

/** Orders at the venue under ids of this journal that it does not know: another process on a copy of it, or lines that were lost. */
export class FoundOrders<Key extends string> {
  readonly #parts: Pick<BrokerParts<Key>, 'book' | 'state' | 'oco'>;
  readonly #told = new Set<OrderId>();
  /** Keys of ids that the journal knows and the book does not: their places are too old to be joined. */
  #older: ReadonlySet<string>;

  constructor(parts: Pick<BrokerParts<Key>, 'book' | 'state' | 'oco'>, older: ReadonlySet<string>) {
    this.#parts = parts;
    this.#older = older;
  }

  /** Those among the orders that have not been told. From here on they have. */
  take(orders: readonly Order[]): Order[] {
    const found = orders
      .map((order) => this.#parts.state.labelled(order))
      .filter((order) => this.#isUnknown(order));
    for (const { orderId } of found) this.#told.add(orderId);
    return found;
  }

  /** The same of every order that works; asked after each resync. */
  takeWorking(): Order[] {
    const open = this.#parts.state.orders.open();
    const found = this.take(open);
    // What is old and works has been seen by now: none that is older comes later.
    for (const { orderId, clientOrderId } of open)
      if (clientOrderId !== undefined && this.#older.has(clientOrderIdKey(clientOrderId)))
        this.#told.add(orderId);
    this.#older = new Set();
    return found;
  }

  #isUnknown({ orderId, clientOrderId, parentOrderId, foreign }: Order): boolean {
    const { book, oco } = this.#parts;
    if (
      foreign !== false ||
      parentOrderId !== undefined ||
      clientOrderId === undefined ||
      this.#told.has(orderId)
    )
      return false;
    return (
      !book.findByOrderId(orderId) &&
      !book.find(clientOrderId) &&
      !oco?.entryOf(clientOrderId) &&
      !this.#older.has(clientOrderIdKey(clientOrderId))
    );
  }
}
