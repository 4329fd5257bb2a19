import type { Gateway, OrderTruth } from '@hotpath/gateway-sim';

/** What the venue has recorded of every tag, in as little as will do: a ledger that grew would hide what else does. Read in time, since the venue forgets old orders to bound its memory. */
export class VenueLedger {
  /** Status by account and tag. */
  readonly #statuses = new Map<string, number>();
  /** The order of each tag. */
  readonly #ids = new Map<string, number>();
  readonly #duplicates = new Set<string>();
  #highestId = 0;
  #lowestId = Infinity;

  take(gateway: Gateway): void {
    for (const order of gateway.truth().orders) this.#take(order);
  }

  /** The status that the venue last had of a tag, without case; undefined when it had none of it. */
  statusOf(accountId: number, tag: string): number | undefined {
    return this.#statuses.get(`${accountId} ${tag.toLowerCase()}`);
  }

  /** Orders with a tag, as `account tag`. */
  tags(): IterableIterator<string> {
    return this.#statuses.keys();
  }

  /** Orders so far, those without a tag included. */
  get count(): number {
    return Math.max(0, this.#highestId - this.#lowestId + 1);
  }

  /** Tags that more than one order bears. */
  get duplicates(): number {
    return this.#duplicates.size;
  }

  #take({ id, accountId, customTag, status }: OrderTruth): void {
    this.#highestId = Math.max(this.#highestId, id);
    this.#lowestId = Math.min(this.#lowestId, id);
    if (customTag === null) return;
    const key = `${accountId} ${customTag.toLowerCase()}`;
    if ((this.#ids.get(key) ?? id) !== id) this.#duplicates.add(key);
    this.#ids.set(key, id);
    this.#statuses.set(key, status);
  }
}
