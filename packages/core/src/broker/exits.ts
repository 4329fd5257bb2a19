import type { ContractId, OrderId } from '../brand.ts';
import type { Clock } from '../clock.ts';

/** Exits are told apart within this long; none is looked for longer. */
const keptMs = 300_000;

/** The closes and reduces of late, and the orders that were taken for theirs: their orders bear no id of ours, so only this tells them apart. */
export class Exits {
  readonly #clock: Clock;
  /** When each was sent, monotonic, by contract. */
  readonly #sent = new Map<ContractId, number[]>();
  readonly #claimed = new Set<OrderId>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(contractId: ContractId, sentAt: number): void {
    const now = this.#clock.monotonic();
    this.#sent.set(contractId, [...(this.#sent.get(contractId) ?? []).filter((at) => at > now - keptMs), sentAt]);
  }

  /** Whether the exit that was sent at `sentAt` is the only one of its contract since `since`; both monotonic. */
  isAlone(contractId: ContractId, since: number, sentAt: number): boolean {
    return (this.#sent.get(contractId) ?? []).every((at) => at === sentAt || at < since);
  }

  /** False when the order has been taken for another exit's. */
  claim(orderId: OrderId): boolean {
    if (this.#claimed.has(orderId)) return false;
    this.#claimed.add(orderId);
    return true;
  }
}
