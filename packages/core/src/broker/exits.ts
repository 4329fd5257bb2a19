import type { ContractId, OrderId } from '../brand.ts';
import type { Clock } from '../clock.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { Position } from '../position.ts';
import type { OrderState } from '../state/order-state.ts';

/** Exits are told apart within this long; none is looked for longer. */
const keptMs = 300_000;

interface Exit {
  /** When it was called, monotonic. */
  readonly sentAt: number;
  /** The same in wall milliseconds. */
  readonly at: number;
  /** The count of the order state before it was sent. */
  readonly seenBefore: number;
  /** Its order has an id of ours. */
  readonly isTagged: boolean;
}

/** The closes and reduces of late, and the orders that were taken for theirs: their orders bear no id of ours, so only this tells them apart. */
export class Exits {
  readonly #clock: Clock;
  /** Those of each contract, oldest first. */
  readonly #sent = new Map<ContractId, Exit[]>();
  /** Of each contract the last that is over, monotonic: what was sent up to then is at work no more. */
  readonly #overUpTo = new Map<ContractId, number>();
  readonly #claimed = new Set<OrderId>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(contractId: ContractId, sentAt: number, seenBefore: number, isTagged = false): void {
    const at = this.#clock.now() - Math.max(0, this.#clock.monotonic() - sentAt);
    this.#sent.set(contractId, [...this.#kept(contractId), { sentAt, at, seenBefore, isTagged }]);
  }

  /** The venue did not act on it, and will not. */
  remove(contractId: ContractId, sentAt: number): void {
    this.#sent.set(
      contractId,
      this.#kept(contractId).filter((exit) => exit.sentAt !== sentAt),
    );
  }

  /** Whether the exit that was sent at `sentAt` is the only one of its contract since `since`; both monotonic. */
  isAlone(contractId: ContractId, since: number, sentAt: number): boolean {
    return (this.#sent.get(contractId) ?? []).every((exit) => exit.sentAt === sentAt || exit.sentAt < since);
  }

  /** False when the order has been taken for another exit's. */
  claim(orderId: OrderId): boolean {
    if (this.#claimed.has(orderId)) return false;
    this.#claimed.add(orderId);
    return true;
  }

  /** Wall milliseconds of the first exit that may be at work at the venue, whatever shows: fewer of their orders have been seen to end than were sent. Undefined when there is none. */
  openSince({ contractId, side }: Position, orders: Pick<OrderState, 'firstSeenAfter'>): number | undefined {
    const overUpTo = this.#overUpTo.get(contractId) ?? Number.NEGATIVE_INFINITY;
    const left = this.#kept(contractId).filter(({ sentAt }) => sentAt > overUpTo);
    const [first] = left;
    if (!first) return undefined;
    const isTagged = left.some((exit) => exit.isTagged);
    const ended = orders.firstSeenAfter(first.seenBefore).filter((order) => order.contractId === contractId && order.side !== side && isFinal(order.status) && (isTagged ? order.type === 'market' : isExitOrder(order)));
    // safeguard: an exit whose order was not seen to end may be at work
    if (ended.length < left.length) return first.at;
    this.over(contractId, left.at(-1)?.sentAt ?? overUpTo);
    return undefined;
  }

  /** None of those sent up to then is at work any more. Monotonic. */
  over(contractId: ContractId, upTo: number): void {
    this.#overUpTo.set(contractId, upTo);
  }

  #kept(contractId: ContractId): Exit[] {
    const from = this.#clock.monotonic() - keptMs;
    return (this.#sent.get(contractId) ?? []).filter(({ sentAt }) => sentAt > from);
  }
}

/** As a close or a reduce makes it: nobody else's can be told from it. */
export function isExitOrder({ type, clientOrderId, parentOrderId }: Order): boolean {
  return type === 'market' && clientOrderId === undefined && parentOrderId === undefined;
}
