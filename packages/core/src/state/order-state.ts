import type { OrderId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import { mergeOrder } from './merge-order.ts';

/** Called once for each change: what is known now, and what was known before. */
export type OrderListener = (order: Order, before: Order | undefined) => void;

interface Held {
  order: Order;
  /** The count of evidence when this order was last spoken of. */
  seenAt: number;
  /** The same when it was first spoken of. */
  readonly firstSeenAt: number;
}

/** Final orders beyond this many are forgotten, oldest first, so many at a time. No more than half a power of two: a map that loses as many as it gains then stays as large as it is. */
const keptFinal = 8_000;
const forgottenAtOnce = 64;

/** Every order of the account that anything was said about, merged from answers, events and lookups. */
export class OrderState {
  readonly #held = new Map<OrderId, Held>();
  readonly #byClientOrderId = new Map<string, OrderId>();
  readonly #open = new Set<OrderId>();
  readonly #final: OrderId[] = [];
  readonly #listeners = new Set<OrderListener>();
  #count = 0;

  /** Grows with each row taken in: rows read from before a later one must not undo it. */
  get count(): number {
    return this.#count;
  }

  find(orderId: OrderId): Order | undefined {
    return this.#held.get(orderId)?.order;
  }

  /** Whether it is known and not final. */
  isOpen(orderId: OrderId): boolean {
    return this.#open.has(orderId);
  }

  /** The order itself, never a bracket's leg. */
  findByClientOrderId(clientOrderId: string): Order | undefined {
    const orderId = this.#byClientOrderId.get(clientOrderIdKey(clientOrderId));
    return orderId === undefined ? undefined : this.find(orderId);
  }

  /** All that are not final, oldest first. */
  open(): Order[] {
    return [...this.#open].flatMap((orderId) => this.find(orderId) ?? []);
  }

  /** Orders that nothing had been said about when the count was `count`. */
  firstSeenAfter(count: number): Order[] {
    return [...this.#held.values()].flatMap(({ order, firstSeenAt }) =>
      firstSeenAt > count ? [order] : [],
    );
  }

  /** Whether nothing had been said about the order when the count was `count`. */
  isFirstSeenAfter(orderId: OrderId, count: number): boolean {
    const held = this.#held.get(orderId);
    return held !== undefined && held.firstSeenAt > count;
  }

  /** Open orders that nothing was said about since the count was `count`. */
  openUnseenSince(count: number): Order[] {
    return [...this.#open].flatMap((orderId) => {
      const held = this.#held.get(orderId);
      return held && held.seenAt <= count ? [held.order] : [];
    });
  }

  /** Takes in a row. `quietly`: listeners are not told. `readSince`: the count when a read asked for it; what was said of the order since is younger, where the venue's times do not tell. */
  see(
    row: Order,
    options: { readonly quietly?: boolean; readonly readSince?: number | undefined } = {},
  ): Order {
    this.#count += 1;
    const held = this.#held.get(row.orderId);
    if (!held) {
      this.#held.set(row.orderId, { order: row, seenAt: this.#count, firstSeenAt: this.#count });
      if (row.clientOrderId !== undefined && row.parentOrderId === undefined)
        this.#byClientOrderId.set(clientOrderIdKey(row.clientOrderId), row.orderId);
      this.#file(row, undefined);
      if (options.quietly !== true) this.#tell(row, undefined);
      return row;
    }
    const before = held.order;
    const isOlder = options.readSince !== undefined && held.seenAt > options.readSince;
    held.seenAt = this.#count;
    // safeguard: a read undoes no event that came while it was on its way
    const merged = mergeOrder(before, row, isOlder);
    if (merged === before) return before;
    held.order = merged;
    this.#file(merged, before);
    if (options.quietly !== true) this.#tell(merged, before);
    return merged;
  }

  /** Returns how to stop. */
  onChange(listener: OrderListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #file(order: Order, before: Order | undefined): void {
    if (!isFinal(order.status)) {
      this.#open.add(order.orderId);
      return;
    }
    this.#open.delete(order.orderId);
    if (before && isFinal(before.status)) return;
    this.#final.push(order.orderId);
    if (this.#final.length < keptFinal + forgottenAtOnce) return;
    for (const orderId of this.#final.splice(0, forgottenAtOnce)) this.#forget(orderId);
  }

  #forget(orderId: OrderId): void {
    const clientOrderId = this.#held.get(orderId)?.order.clientOrderId;
    this.#held.delete(orderId);
    if (clientOrderId === undefined) return;
    const key = clientOrderIdKey(clientOrderId);
    if (this.#byClientOrderId.get(key) === orderId) this.#byClientOrderId.delete(key);
  }

  #tell(order: Order, before: Order | undefined): void {
    for (const listener of this.#listeners) listener(order, before);
  }
}
