import type { Adapter } from '../adapter.ts';
import type { Order } from '../order.ts';

/** One round of looking: its lookups of orders are one, whoever of the open unknowns asks first. */
export class Sweep {
  /** Monotonic. */
  readonly begunAt: number;
  readonly #adapter: Adapter;
  readonly #since: number;
  #orders: Promise<readonly Order[]> | undefined;

  /** `since`: wall milliseconds of the oldest send that is looked for. */
  constructor(adapter: Adapter, since: number, begunAt: number) {
    this.#adapter = adapter;
    this.#since = since;
    this.begunAt = begunAt;
  }

  /** Every order since the oldest send, whatever its state. Rejects when the venue can't be asked. */
  orders(): Promise<readonly Order[]> {
    // safeguard: orders are read in a sweep
    this.#orders ??= this.#adapter.reads.orders({ from: this.#since - clockMarginMs }, 'resolve');
    return this.#orders;
  }
}

/** The venue's clock and the bot's may be minutes apart. */
const clockMarginMs = 600_000;
