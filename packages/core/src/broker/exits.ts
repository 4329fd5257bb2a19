import type { ContractId, OrderId } from '../brand.ts';
import type { Clock } from '../clock.ts';
import type { Order } from '../order.ts';
import type { Side } from '../order-request.ts';
import { isFinal } from '../order.ts';
import type { Position } from '../position.ts';
import type { OrderState } from '../state/order-state.ts';

/** Exits are told apart within this long; none is looked for longer. */
const keptMs = 300_000;

/** What is known of an exit when it is sent. */
export interface SentExit {
  readonly contractId: ContractId;
  /** When it was called, monotonic. */
  readonly sentAt: number;
  /** The count of the order state before it was sent. */
  readonly seenBefore: number;
  /** Of its order. */
  readonly side: Side;
  /** Its order has an id of ours. */
  readonly isTagged?: boolean | undefined;
}

interface Exit extends SentExit {
  /** When it was called, in wall milliseconds. */
  readonly at: number;
  /** Its order is at work no more, if it ever was. */
  isOver: boolean;
  /** The order that was taken for its own when it ended. */
  orderId: OrderId | undefined;
}

/** The closes and reduces of late, and the orders that were taken for theirs: their orders bear no id of ours, so only this tells them apart. */
export class Exits {
  readonly #clock: Clock;
  readonly #orders: Pick<OrderState, 'isFirstSeenAfter' | 'onChange'>;
  /** Those of each contract, oldest first. */
  readonly #sent = new Map<ContractId, Exit[]>();
  readonly #claimed = new Set<OrderId>();

  constructor(clock: Clock, orders: Pick<OrderState, 'isFirstSeenAfter' | 'onChange'>) {
    this.#clock = clock;
    this.#orders = orders;
    orders.onChange((order) => this.#seen(order));
  }

  add(exit: SentExit): void {
    const at = this.#clock.now() - Math.max(0, this.#clock.monotonic() - exit.sentAt);
    this.#sent.set(exit.contractId, [
      ...this.#kept(exit.contractId),
      { ...exit, at, isOver: false, orderId: undefined },
    ]);
  }

  /** Whether the exit that was sent at `sentAt` is the only one of its contract since `since`; both monotonic. */
  isAlone(contractId: ContractId, since: number, sentAt: number): boolean {
    return (this.#sent.get(contractId) ?? []).every(
      (exit) => exit.sentAt === sentAt || exit.sentAt < since,
    );
  }

  /** False when the order has been taken for another exit's. */
  claim(orderId: OrderId): boolean {
    if (this.#claimed.has(orderId)) return false;
    this.#claimed.add(orderId);
    return true;
  }

  /** Wall milliseconds of the first exit of a position that may be at work at the venue, whatever shows: its order has not been seen to end. Undefined when there is none. */
  openSince({ contractId, side }: Position): number | undefined {
    // safeguard: an exit whose order was not seen to end may be at work
    return this.#kept(contractId).find((exit) => !exit.isOver && exit.side !== side)?.at;
  }

  /** None of those that were sent up to then and take this position off is at work any more: the venue did not act on it, or showed none. Monotonic. */
  over({ contractId, side }: Position, upTo: number): void {
    for (const exit of this.#sent.get(contractId) ?? [])
      if (exit.side !== side && exit.sentAt <= upTo) exit.isOver = true;
  }

  /** The exit that was called then left nothing at the venue. */
  cameToNothing(contractId: ContractId, sentAt: number): void {
    for (const exit of this.#sent.get(contractId) ?? [])
      if (exit.sentAt === sentAt) exit.isOver = true;
  }

  /** An order that has ended is taken for that of the first exit that may have made it. */
  #seen(order: Order): void {
    if (!isFinal(order.status) || order.type !== 'market') return;
    const exits = this.#sent.get(order.contractId);
    if (!exits || exits.some(({ orderId }) => orderId === order.orderId)) return;
    const own = exits.find(
      (exit) =>
        !exit.isOver &&
        exit.side === order.side &&
        (exit.isTagged === true || isExitOrder(order)) &&
        this.#orders.isFirstSeenAfter(order.orderId, exit.seenBefore),
    );
    if (!own) return;
    own.isOver = true;
    own.orderId = order.orderId;
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
