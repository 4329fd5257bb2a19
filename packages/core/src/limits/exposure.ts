import type { ClientOrderId, ContractId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { Clock } from '../clock.ts';
import type { Contract } from '../contract.ts';
import type { Side } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { PlaceOutcome } from '../outcome.ts';
import type { Position } from '../position.ts';
import type { VenueState } from '../state/venue-state.ts';

/** A place that has been let through. */
interface Entry {
  readonly contract: Pick<Contract, 'id'>;
  readonly side: Side;
  readonly quantity: number;
  /** True while nobody knows whether it is there. */
  unknown: boolean;
  /** The venue has it, and the state has not seen it yet. */
  accepted: boolean;
}
/** Filled contracts that the position has not shown yet. */
interface Unshown {
  readonly contractId: ContractId;
  readonly side: Side;
  readonly quantity: number;
  readonly until: number;
}

/** What is held and what may come to be held, in contracts; sells count below zero. */
export interface Exposure {
  readonly held: number;
  readonly buys: number;
  readonly sells: number;
}

/** A fill and the position it makes come as two events, in any order: until the second, or for this long, the fill counts on top. */
const unshownMs = 10_000;

/** Counts contracts in the tick of a call: what the venue holds, what works there, and what is on its way or unknown as if it had filled. */
export class ExposureBook<Key extends string> {
  readonly #state: VenueState<Key>;
  readonly #clock: Clock;
  /** How long an order counts on after it was looked for and not found. */
  readonly #settleMs: number;
  readonly #hasStream: boolean;
  readonly #isOwnLeg: (order: Order) => boolean;
  /** By client order id, without case. */
  readonly #entries = new Map<string, Entry>();
  #unshown: Unshown[] = [];
  /** What the positions last said; sells below zero. */
  readonly #held = new Map<ContractId, number>();

  /** `isOwnLeg`: whether an order is the stop or the target of an entry, placed by the broker itself. */
  constructor(
    state: VenueState<Key>,
    clock: Clock,
    settleMs: number,
    hasStream: boolean,
    isOwnLeg: (order: Order) => boolean = () => false,
  ) {
    this.#state = state;
    this.#clock = clock;
    this.#settleMs = settleMs;
    this.#hasStream = hasStream;
    this.#isOwnLeg = isOwnLeg;
    state.orders.onChange((order, before) => this.#filled(order, before));
    state.onPosition((contractId, position) => this.#shown(contractId, signedQuantity(position)));
  }

  let(
    clientOrderId: ClientOrderId,
    contract: Pick<Contract, 'id'>,
    side: Side,
    quantity: number,
  ): void {
    this.#entries.set(clientOrderIdKey(clientOrderId), {
      contract,
      side,
      quantity,
      unknown: false,
      accepted: false,
    });
  }

  /** What an earlier attempt under the id counts does not stand against the next one: they are one order at most. Called ahead of the check; gives how to undo it. */
  leaveOut(clientOrderId: ClientOrderId): () => void {
    const key = clientOrderIdKey(clientOrderId);
    const entry = this.#entries.get(key);
    if (!entry) return () => undefined;
    this.#entries.delete(key);
    return () => void this.#entries.set(key, entry);
  }

  /** A place that was let through came to nothing. */
  forget(clientOrderId: ClientOrderId): void {
    this.#entries.delete(clientOrderIdKey(clientOrderId));
  }

  /** Nobody knows whether a place that was let through is there; its bot may not have been told so yet. */
  doubted(clientOrderId: ClientOrderId): void {
    const entry = this.#entries.get(clientOrderIdKey(clientOrderId));
    if (entry) entry.unknown = true;
  }

  /** What became of a place that was let through. */
  ended(clientOrderId: ClientOrderId, outcome: PlaceOutcome<Key>): void {
    const key = clientOrderIdKey(clientOrderId);
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.unknown = false;
    switch (outcome.kind) {
      case 'not-sent':
      case 'rejected':
        this.#entries.delete(key);
        return;
      case 'accepted': {
        // From here on the state knows it. Without a stream nobody tells of its end, so it counts as filled for good.
        const order = this.#hasStream ? this.#state.orders.find(outcome.orderId) : undefined;
        entry.accepted = true;
        if (order) this.#handOver(key, order);
        return;
      }
      case 'unknown':
        // By then the id may stand for a further attempt, which counts by itself.
        if (outcome.final)
          this.#clock.setTimer(
            this.#settleMs,
            () => void (this.#entries.get(key) === entry && this.#entries.delete(key)),
          );
        else entry.unknown = true;
    }
  }

  /** Without a stream: nothing is held in this contract any more. */
  flat(contractId: ContractId): void {
    if (this.#hasStream) return;
    for (const [key, { contract, unknown }] of this.#entries)
      if (contract.id === contractId && !unknown) this.#entries.delete(key);
  }

  /** Without a stream: an order ended with so many contracts filled. */
  cancelled(clientOrderId: ClientOrderId | undefined, filledQuantity: number): void {
    if (clientOrderId === undefined || this.#hasStream) return;
    const key = clientOrderIdKey(clientOrderId);
    const entry = this.#entries.get(key);
    if (!entry) return;
    if (filledQuantity === 0) this.#entries.delete(key);
    else this.#entries.set(key, { ...entry, quantity: filledQuantity });
  }

  /** By contract. */
  exposures(): Map<ContractId, Exposure> {
    const found = new Map<ContractId, { held: number; buys: number; sells: number }>();
    const at = (contractId: ContractId): { held: number; buys: number; sells: number } => {
      const exposure = found.get(contractId) ?? { held: 0, buys: 0, sells: 0 };
      found.set(contractId, exposure);
      return exposure;
    };
    for (const { contractId, side, quantity } of this.#state.positions.all())
      at(contractId).held += side === 'buy' ? quantity : -quantity;
    const now = this.#clock.monotonic();
    // The position may show the fill already or not yet: counted as an order that may fill, it is never too little, on neither side.
    for (const { contractId, side, quantity, until } of this.#unshown) {
      if (until <= now) continue;
      if (side === 'buy') at(contractId).buys += quantity;
      else at(contractId).sells += quantity;
    }
    for (const order of this.#state.orders.open()) {
      // Of a pair of legs one at most fills, and it only takes off what its entry put on.
      if (this.#isLeg(order)) continue;
      const { contractId, side, quantity, filledQuantity } = order;
      if (side === 'buy') at(contractId).buys += quantity - filledQuantity;
      else at(contractId).sells += quantity - filledQuantity;
    }
    for (const { contract, side, quantity } of this.#entries.values()) {
      if (side === 'buy') at(contract.id).buys += quantity;
      else at(contract.id).sells += quantity;
    }
    return found;
  }

  /** Places of this bot that work or are on their way. */
  openOrders(): number {
    const working = this.#state.orders
      .open()
      .filter((order) => !this.#isLeg(order) && this.#state.labelled(order).foreign !== true);
    return working.length + this.#entries.size;
  }

  /** Whether a place in this contract is unknown. */
  hasUnknown(contractId: ContractId): boolean {
    for (const { contract, unknown } of this.#entries.values())
      if (unknown && contract.id === contractId) return true;
    return false;
  }

  #filled(order: Order, before: Order | undefined): void {
    const { clientOrderId } = order;
    const key =
      clientOrderId === undefined || this.#isLeg(order)
        ? undefined
        : clientOrderIdKey(clientOrderId);
    if (key !== undefined && this.#entries.get(key)?.accepted === true)
      return this.#handOver(key, order);
    const filled = order.filledQuantity - (before?.filledQuantity ?? 0);
    // A row seen for the first time may be of any age; what it filled is in the position that was read.
    if (filled > 0 && before) this.#showLater(order, filled);
  }

  /** The position moved. The oldest fills that add up to the move are in it; when none do, it tells of others, and all still count. */
  #shown(contractId: ContractId, held: number): void {
    let moved = held - (this.#held.get(contractId) ?? 0);
    this.#held.set(contractId, held);
    const waiting = this.#unshown.filter((fill) => fill.contractId === contractId);
    const inIt = new Set<Unshown>();
    for (const fill of waiting) {
      moved -= fill.side === 'buy' ? fill.quantity : -fill.quantity;
      inIt.add(fill);
      if (moved !== 0) continue;
      this.#unshown = this.#unshown.filter((each) => !inIt.has(each));
      return;
    }
  }

  #isLeg(order: Order): boolean {
    return order.parentOrderId !== undefined || this.#isOwnLeg(order);
  }

  /** From here on the state counts it. */
  #handOver(key: string, order: Order): void {
    this.#entries.delete(key);
    if (order.filledQuantity > 0) this.#showLater(order, order.filledQuantity);
  }

  #showLater({ contractId, side }: Order, quantity: number): void {
    const now = this.#clock.monotonic();
    this.#unshown = this.#unshown.filter(({ until }) => until > now);
    this.#unshown.push({ contractId, side, quantity, until: now + unshownMs });
  }
}

function signedQuantity(position: Position | undefined): number {
  if (!position) return 0;
  return position.side === 'buy' ? position.quantity : -position.quantity;
}
