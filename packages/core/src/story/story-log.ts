import { clientOrderIdKey } from '../client-order-id.ts';
import { LineColumns } from './line-columns.ts';
import type { StoryLine } from './story-line.ts';

/** Lines of all orders together; enough for the last thousands of orders, and never more memory than that, which is taken a part at a time. */
const parts = 10;
const linesOfPart = 1_000;

/** What a broker did and saw of its orders lately, for whoever asks about one of them. Taking a line in costs next to nothing; looking for some goes through all. */
export class StoryLog {
  readonly #parts: LineColumns[] = [];
  #part = 0;
  #next = 0;

  add(line: StoryLine): void {
    const part = (this.#parts[this.#part] ??= new LineColumns(linesOfPart));
    part.set(this.#next, line);
    this.#next += 1;
    if (this.#next < linesOfPart) return;
    this.#next = 0;
    this.#part = (this.#part + 1) % parts;
  }

  /** Those about an order, by either of its ids, oldest first. */
  of(clientOrderId: string, orderId: string | undefined): StoryLine[] {
    const key = clientOrderIdKey(clientOrderId);
    const isAsked = (client: string | undefined, venue: string | undefined): boolean =>
      (client !== undefined && clientOrderIdKey(client) === key) ||
      (orderId !== undefined && venue === orderId);
    const found: StoryLine[] = [];
    const look = (part: LineColumns | undefined, from: number, to: number): void => {
      for (let index = from; index < to; index += 1) {
        const line = part?.isOf(index, isAsked) === true ? part.get(index) : undefined;
        if (line) found.push(line);
      }
    };
    // The oldest are those that the next lines will stand in the place of.
    look(this.#parts[this.#part], this.#next, linesOfPart);
    for (let later = 1; later < parts; later += 1)
      look(this.#parts[(this.#part + later) % parts], 0, linesOfPart);
    look(this.#parts[this.#part], 0, this.#next);
    return found;
  }
}
