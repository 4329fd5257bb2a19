import type { ContractId } from '../brand.ts';
import type { Position } from '../position.ts';

interface Held {
  /** Undefined when flat. */
  position: Position | undefined;
  /** The count of evidence when this contract was last spoken of. */
  seenAt: number;
}

/** The account's net positions, as last said. */
export class PositionState {
  readonly #held = new Map<ContractId, Held>();
  /** Of contracts of which a bot was told more than the stream has: contracts held, and until when that counts, monotonic. */
  readonly #ahead = new Map<ContractId, { readonly quantity: number; readonly until: number }>();
  #count = 0;

  /** Grows with each thing taken in: positions read from before an event must not undo it. */
  get count(): number {
    return this.#count;
  }

  all(): Position[] {
    return [...this.#held.values()].flatMap(({ position }) => position ?? []);
  }

  find(contractId: ContractId): Position | undefined {
    return this.#held.get(contractId)?.position;
  }

  /** A bot is told by a read that so many contracts are held; `until`: monotonic. */
  toldOf(contractId: ContractId, quantity: number, until: number): void {
    this.#ahead.set(contractId, { quantity, until });
  }

  /** Whether a bot was told what no event has said so far. `now`: monotonic. */
  isBehind(now: number): boolean {
    for (const [contractId, { quantity, until }] of this.#ahead) {
      if (now < until && (this.find(contractId)?.quantity ?? 0) !== quantity) return true;
      this.#ahead.delete(contractId);
    }
    return false;
  }

  /** True when it says something new. */
  see(contractId: ContractId, position: Position | undefined): boolean {
    this.#count += 1;
    const before = this.#held.get(contractId)?.position;
    this.#held.set(contractId, { position, seenAt: this.#count });
    return !saysTheSame(before, position);
  }

  /** Takes a whole list in that was asked for when the count was `count`. Contracts that were spoken of since are left as they are. Gives the contracts about which it says something new. */
  seeAll(positions: readonly Position[], count: number): ContractId[] {
    const byContract = new Map(positions.map((position) => [position.contractId, position]));
    const contracts = new Set([...this.#held.keys(), ...byContract.keys()]);
    return [...contracts].filter((contractId) => {
      const held = this.#held.get(contractId);
      return (
        (held === undefined || held.seenAt <= count) &&
        this.see(contractId, byContract.get(contractId))
      );
    });
  }
}

function saysTheSame(held: Position | undefined, seen: Position | undefined): boolean {
  return (
    held?.side === seen?.side &&
    held?.quantity === seen?.quantity &&
    held?.averagePrice === seen?.averagePrice
  );
}
