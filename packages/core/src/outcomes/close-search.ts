import type { BrokerParts } from '../broker/broker-parts.ts';
import { becameOf } from '../broker/became-of.ts';
import { isExitOrder } from '../broker/exits.ts';
import { positionOf } from '../broker/position-of.ts';
import type { Contract } from '../contract.ts';
import type { OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import type { Closed, Unsettled } from '../outcome.ts';
import type { Position } from '../position.ts';
import type { DeliveryEnd } from '../router/delivery-task.ts';
import { Absence } from './absence.ts';
import { connectedForMs } from './connected-for-ms.ts';
import { unsettled } from './open-unknown.ts';
import type { Search } from './open-unknown.ts';
import type { Sweep } from './sweep.ts';
import type { Call } from './told.ts';
import { told } from './told.ts';

/** An exit of a contract whose end nobody knows. */
export interface UnknownExit<Key extends string> {
  readonly contract: Contract;
  /** What the venue held ahead of it. */
  readonly before: Position;
  /** Contracts that a reduce takes off; undefined for a close. */
  readonly quantity: number | undefined;
  readonly call: Call;
  readonly end: DeliveryEnd<Key>;
  /** The count of the order state before it was sent. */
  readonly seenBefore: number;
  /** Delivers a close once more. */
  readonly again: () => Promise<DeliveryEnd<Key>>;
  /** Whether no other exit of the contract was under way since this long before it. Monotonic milliseconds. */
  readonly isAlone: (sinceMonotonic: number) => boolean;
  /** Whether the order has been taken for another exit's; takes it for this one if not. */
  readonly claim: (orderId: OrderId) => boolean;
}

/**
 * Looks for what became of a close or reduce whose answer does not say.
 * Flat is flat, whoever made it so. A smaller position proves nothing: only one order that can be nobody else's does.
 * A close that nothing shows for as long as an order is looked for is sent once more, if nothing can have been missed; a reduce never is.
 */
export class CloseSearch<Key extends string> implements Search<Closed<Key> | Unsettled<Key>> {
  readonly since: number;
  readonly #broker: BrokerParts<Key>;
  readonly #exit: UnknownExit<Key>;
  #absence: Absence;
  #repeated = false;
  /** Its one order was found, or its repeat answered as done: what is left to learn is what it made of the position. */
  #isTaken = false;

  constructor(broker: BrokerParts<Key>, exit: UnknownExit<Key>) {
    this.#broker = broker;
    this.#exit = exit;
    this.since = exit.end.firstSentAt;
    this.#absence = new Absence(
      broker.settleMs,
      broker.clock,
      connectedForMs(exit.end, broker.answerTimeoutMs),
    );
  }

  concerns({ contractId }: Order): boolean {
    return contractId === this.#exit.contract.id;
  }

  async look(sweep: Sweep): Promise<Closed<Key> | Unsettled<Key> | undefined> {
    const { exposure, closeGuard, clock, adapter } = this.#broker;
    const { contract, before, call, end, quantity } = this.#exit;
    // Ahead of the read: a position that was read before the fill shows nothing of it.
    const own = this.#own(quantity ?? before.quantity);
    const look = await positionOf(adapter, contract);
    if (!look.read) {
      this.#absence.failed();
      return undefined;
    }
    const { position } = look;
    const base = told<Key>(call, clock, end);
    if (quantity === undefined && !position) {
      exposure?.flat(contract.id);
      // It may still be on its way all the same, and would close what is entered now.
      if (!this.#hasRun()) closeGuard.hold(contract.id);
      return {
        kind: 'accepted',
        ...base,
        operation: 'close',
        became: 'flat',
        remainingQuantity: 0,
      };
    }
    // Another one like it may have shown meanwhile.
    if (own && this.#own(quantity ?? before.quantity) && this.#exit.claim(own.orderId))
      this.#isTaken = true;
    this.#absence.notFound(sweep.begunAt);
    const isOver = this.#absence.isOver(this.#isGapless());
    if (this.#isTaken) {
      const shows =
        position?.side !== before.side ||
        (quantity !== undefined && position.quantity < before.quantity);
      const operation = quantity === undefined ? 'close' : 'reduce';
      return shows || isOver
        ? {
            kind: 'accepted',
            ...base,
            operation,
            became: becameOf(this.#broker, contract, before, operation, position),
            remainingQuantity: position?.quantity ?? 0,
          }
        : undefined;
    }
    // One that was answered, though with nothing that decides, waits in no queue of the venue's; one that was not may.
    const mayRepeat =
      isOver ||
      (end.result.is === 'answered' && this.#absence.hasLasted(this.#broker.repeatAfterMs));
    if (mayRepeat && (await this.#sentAgain(position, sweep))) return undefined;
    if (!isOver) return undefined;
    const held = position ? `${position.quantity} are held` : 'nothing is held';
    return unsettled(
      base,
      'ABSENT',
      `Nothing shows whether the ${call.operation} of ${contract.name} ran; ${held} now. Read the position before you decide again.`,
    );
  }

  /** Only while the position is as it was, nothing can have been missed, no order shows that may be its own, not in the venue's list either, and its connection has ended. */
  async #sentAgain(position: Position | undefined, sweep: Sweep): Promise<boolean> {
    const { before, quantity, end } = this.#exit;
    const { result } = end;
    const hasEnded =
      result.is === 'answered' || (result.is === 'silent' && result.failure.code !== 'ABORTED');
    const isAsBefore =
      position !== undefined &&
      position.side === before.side &&
      position.quantity === before.quantity;
    // safeguard: a reduce is never repeated
    if (quantity !== undefined) return false;
    // safeguard: no close again behind a gap
    if (!this.#isGapless()) return false;
    if (this.#repeated || !hasEnded || !isAsBefore || this.#exits().length > 0) return false;
    // safeguard: no close again before the list of orders was asked
    if (!(await this.#isUnlisted(sweep))) return false;
    this.#repeated = true;
    this.#broker.closeGuard.hold(this.#exit.contract.id);
    const repeated = await this.#exit.again();
    if (repeated.result.is === 'not-sent') return false;
    this.#isTaken = repeated.result.is === 'answered' && repeated.result.verdict.is === 'accepted';
    this.#absence = new Absence(this.#broker.settleMs, this.#broker.clock);
    return true;
  }

  /** Whether the venue lists no order of its kind. An event may be late: the list has what it tells of. */
  async #isUnlisted(sweep: Sweep): Promise<boolean> {
    const take = this.#broker.state.reading();
    try {
      for (const order of await sweep.orders()) take(order);
    } catch {
      return false;
    }
    return this.#exits().length === 0;
  }

  /** Exactly one order of exactly this size that has filled, and that nobody else can have sent. */
  #own(quantity: number): Order | undefined {
    const { isAlone, call } = this.#exit;
    const [only, another] = this.#exits();
    if (
      !only ||
      another ||
      only.status !== 'filled' ||
      only.filledQuantity !== quantity ||
      only.quantity !== quantity
    )
      return undefined;
    return this.#isGapless() && isAlone(call.startedAt - this.#broker.settleMs) ? only : undefined;
  }

  #hasRun(): boolean {
    const exits = this.#exits();
    return this.#isGapless() && exits.length === 1 && exits[0]?.status === 'filled';
  }

  /** Orders like the one that an exit makes, first heard of since it was sent. */
  #exits(): Order[] {
    const { contract, before, seenBefore } = this.#exit;
    return this.#broker.state.orders
      .firstSeenAfter(seenBefore)
      .filter(
        (order) =>
          order.contractId === contract.id && order.side !== before.side && isExitOrder(order),
      );
  }

  #isGapless(): boolean {
    return this.#broker.state.isGaplessSince(this.#exit.call.startedAt);
  }
}
