import type { ContractId } from '../brand.ts';
import type { Contract } from '../contract.ts';
import type { CloseRequest } from '../order-request.ts';
import type { Closed, CloseOutcome, Outcome } from '../outcome.ts';
import type { Call } from '../outcomes/told.ts';
import { alreadyFlat } from './already-flat.ts';
import type { BrokerParts } from './broker-parts.ts';
import { cachedContract } from './cached-contract.ts';
import type { ChangeOrders } from './change-orders.ts';

/** What is done when an exit has ended, before its bot is told: the position is known, and the legs of what was closed go. */
export class ExitEnds<Key extends string> {
  readonly #parts: BrokerParts<Key>;
  readonly #changing: Pick<ChangeOrders<Key>, 'cancel'>;

  /** Told that a contract was read flat after a close; the close's outcome waits for it. */
  onFlat: ((contractId: ContractId) => Promise<void>) | undefined;

  constructor(parts: BrokerParts<Key>, changing: Pick<ChangeOrders<Key>, 'cancel'>) {
    this.#parts = parts;
    this.#changing = changing;
  }

  /** The outcome of the exit, told once what it leaves has been seen to. */
  async ended(contract: Contract, exit: Promise<CloseOutcome<Key>>): Promise<CloseOutcome<Key>> {
    const outcome = await exit;
    await this.#leave(contract, outcome);
    this.#parts.announce(outcome);
    if (outcome.kind !== 'unknown' || outcome.final) return outcome;
    // Whoever waits for the end of it waits for the legs as well: what is entered upon it must not meet them.
    const resolved = outcome.resolved.then(async (end) => {
      // safeguard: legs go behind every close
      await this.#leave(contract, end);
      return end;
    });
    return Object.defineProperty({ ...outcome }, 'resolved', {
      value: resolved,
      enumerable: false,
    });
  }

  /** The read in front of an exit shows nothing to take off. */
  noneHeld(call: Call, { symbol }: CloseRequest): Closed<Key> {
    const contract = cachedContract(this.#parts, symbol);
    if (contract) this.#toldOf(contract, 0);
    const outcome = alreadyFlat(call, this.#parts);
    this.#parts.announce(outcome);
    return outcome;
  }

  /** A bot that reads the positions next is told no less. */
  #toldOf({ id }: Contract, quantity: number): void {
    const { clock, settleMs, state } = this.#parts;
    state.positions.toldOf(id, quantity, clock.monotonic() + settleMs);
  }

  /** What is to be done once the exit has ended, flat above all. */
  async #leave(contract: Contract, outcome: Outcome<Key>): Promise<void> {
    if (
      outcome.kind !== 'accepted' ||
      (outcome.operation !== 'close' && outcome.operation !== 'reduce')
    )
      return;
    this.#toldOf(contract, outcome.remainingQuantity);
    if (outcome.remainingQuantity !== 0) return;
    this.#parts.exposure?.flat(contract.id);
    await Promise.all([this.#sweep(contract), this.onFlat?.(contract.id)]);
  }

  /** The legs of what was closed would open a position of their own (several clients met that): they are cancelled before the bot is told. What fails here shows in the open orders. */
  async #sweep(contract: Contract): Promise<void> {
    const { adapter, state, log } = this.#parts;
    try {
      const open = state.isLive ? state.orders.open() : await adapter.reads.openOrders('cancel');
      const orphans = open.filter(
        ({ contractId, parentOrderId }) =>
          contractId === contract.id && parentOrderId !== undefined,
      );
      await Promise.all(orphans.map(({ orderId }) => this.#changing.cancel({ orderId })));
    } catch (error) {
      log.warn(
        { contractId: contract.id, error },
        'the legs of a closed position could not be looked for',
      );
    }
  }
}
