import type { ContractId } from '../brand.ts';
import type { CloseOutcome } from '../outcome.ts';
import { settledEnd } from './settled-end.ts';

type Exit<Key extends string> = Promise<CloseOutcome<Key>>;

/** The closes and reduces that have begun and whose end is not known yet, by contract. */
export class ExitsUnderWay<Key extends string> {
  /** A second close of a contract joins the first until its end is known: two of them would turn the position round. */
  readonly #closing = new Map<ContractId, Exit<Key>>();
  /** The reduce of a contract that is under way; no other exit is sent beside it, as both would take off what each of them read. */
  readonly #reducing = new Map<ContractId, Exit<Key>>();
  #endings = 0;

  /** Grows with each of them that ends: a read that was begun before may show what has been taken off since. */
  get endings(): number {
    return this.#endings;
  }

  closeOf(contractId: ContractId): Exit<Key> | undefined {
    return this.#closing.get(contractId);
  }

  reduceOf(contractId: ContractId): Exit<Key> | undefined {
    return this.#reducing.get(contractId);
  }

  addClose(contractId: ContractId, exit: Exit<Key>): void {
    this.#closing.set(contractId, exit);
    void this.#until(exit, this.#closing, contractId);
  }

  addReduce(contractId: ContractId, exit: Exit<Key>): void {
    // safeguard: exits of one contract wait for each other
    this.#reducing.set(contractId, exit);
    void this.#until(exit, this.#reducing, contractId);
  }

  /** Under way until its end is known. */
  async #until(
    exit: Exit<Key>,
    among: Map<ContractId, Exit<Key>>,
    contractId: ContractId,
  ): Promise<void> {
    await settledEnd(exit);
    among.delete(contractId);
    this.#endings += 1;
  }
}
