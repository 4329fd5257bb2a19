import type { ContractId } from '../brand.ts';
import type { Clock } from '../clock.ts';

/** Contracts in which a close was sent that nobody knows the end of. It may still run, and would close what is entered meanwhile. */
export class CloseGuard {
  readonly #clock: Clock;
  readonly #settleMs: number;
  /** Monotonic. */
  readonly #until = new Map<ContractId, number>();

  constructor(settleMs: number, clock: Clock) {
    this.#settleMs = settleMs;
    this.#clock = clock;
  }

  /** A close is of unknown end, or its contract was read flat without an answer: for `settleMs` from now, or for less. */
  hold(contractId: ContractId, forMs: number = this.#settleMs): void {
    const until = this.#clock.monotonic() + Math.min(forMs, this.#settleMs);
    this.#until.set(contractId, Math.max(until, this.#until.get(contractId) ?? 0));
  }

  /** Milliseconds for which nothing may enter; 0 for none. */
  heldForMs(contractId: ContractId): number {
    if (this.#until.size === 0) return 0;
    const until = this.#until.get(contractId);
    if (until === undefined) return 0;
    const left = until - this.#clock.monotonic();
    if (left <= 0) this.#until.delete(contractId);
    return Math.max(0, left);
  }
}
