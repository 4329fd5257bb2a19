import { clientOrderIdKey } from '../client-order-id.ts';
import type { StoryLine } from './story-line.ts';

/** Lines of all orders together; enough for the last thousands of orders, and never more memory than that. */
const kept = 10_000;

/** What a broker did and saw of its orders lately, for whoever asks about one of them. Taking a line in costs next to nothing; looking for some goes through all. */
export class StoryLog {
  readonly #lines: StoryLine[] = [];
  #next = 0;

  add(line: StoryLine): void {
    this.#lines[this.#next] = line;
    this.#next = (this.#next + 1) % kept;
  }

  /** Those about an order, by either of its ids, oldest first. */
  of(clientOrderId: string, orderId: string | undefined): StoryLine[] {
    const key = clientOrderIdKey(clientOrderId);
    const inOrder = [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)];
    return inOrder.filter((line) => (line.clientOrderId !== undefined && clientOrderIdKey(line.clientOrderId) === key) || (orderId !== undefined && line.orderId === orderId));
  }
}
