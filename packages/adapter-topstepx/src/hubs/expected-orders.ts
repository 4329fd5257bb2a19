import type { Clock, OrderId, Timer } from '@hotpath/core';
import { setPatientTimer } from '@hotpath/core';

/** The hub tells of an order within milliseconds of its answer; after so many it will not. */
const withinMs = 10_000;
/** A loop that was held up comes to its timers before its sockets: what has arrived meanwhile is read first. */
const readWithinMs = 1_000;
/** Ids kept to know an event that came before its order's answer. */
const remembered = 2_000;

/** Notices a stream that is connected and says nothing of an order that the venue has accepted. */
export class ExpectedOrders {
  readonly #clock: Clock;
  readonly #missing: (orderId: OrderId) => void;
  readonly #told = new Set<OrderId>();
  readonly #expected = new Map<OrderId, Timer>();

  constructor(clock: Clock, missing: (orderId: OrderId) => void) {
    this.#clock = clock;
    this.#missing = missing;
  }

  expect(orderId: OrderId): void {
    if (this.#told.has(orderId) || this.#expected.has(orderId)) return;
    const missing = (): void => {
      this.#expected.delete(orderId);
      this.#missing(orderId);
    };
    const late = (): void =>
      void this.#expected.set(orderId, setPatientTimer(this.#clock, readWithinMs, missing));
    this.#expected.set(orderId, this.#clock.setTimer(withinMs, late));
  }

  told(orderId: OrderId): void {
    this.#expected.get(orderId)?.cancel();
    this.#expected.delete(orderId);
    this.#told.add(orderId);
    if (this.#told.size <= remembered) return;
    const [oldest] = this.#told;
    if (oldest !== undefined) this.#told.delete(oldest);
  }

  /** The stream has a gap, which is told otherwise. */
  clear(): void {
    for (const timer of this.#expected.values()) timer.cancel();
    this.#expected.clear();
  }
}
