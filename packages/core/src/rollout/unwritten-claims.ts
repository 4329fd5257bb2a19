import { clientOrderIdKey } from '../client-order-id.ts';

/** Orders remembered, the oldest forgotten first. */
const mostKept = 10_000;

/** Who has reported of which order that no byte of it was written. */
export class UnwrittenClaims<Key extends string> {
  readonly #claims = new Map<string, Set<Key>>();

  add(clientOrderId: string, executor: Key): void {
    const key = clientOrderIdKey(clientOrderId);
    const claimants = this.#claims.get(key) ?? new Set();
    claimants.add(executor);
    this.#claims.set(key, claimants);
    for (const oldest of this.#claims.keys()) {
      if (this.#claims.size <= mostKept) return;
      this.#claims.delete(oldest);
    }
  }

  of(clientOrderId: string): readonly Key[] {
    return [...(this.#claims.get(clientOrderIdKey(clientOrderId)) ?? [])];
  }
}
