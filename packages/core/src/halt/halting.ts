import type { BrokerParts } from '../broker/broker-parts.ts';
import type { ChangeOrders } from '../broker/change-orders.ts';
import type { ClosePositions } from '../broker/close-positions.ts';
import type { ContractId, OrderId } from '../brand.ts';
import { JournalError } from '../errors/journal-error.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { ExitReport } from '../outcomes/report.ts';
import type { Position } from '../position.ts';
import { getFlat } from './get-flat.ts';

/** Getting out of everything, and staying out. */
export class Halting<Key extends string> {
  readonly #parts: BrokerParts<Key>;
  readonly #changing: ChangeOrders<Key>;
  readonly #closing: ClosePositions<Key>;
  readonly #stopWatching: (() => void)[];
  /** A second way out joins the first. */
  #exiting: Promise<ExitReport<Key>> | undefined;
  /** What showed while the way out was under way: it may have come behind its last look. */
  readonly #shown = { orders: new Set<OrderId>(), positions: new Set<ContractId>() };

  constructor(parts: BrokerParts<Key>, changing: ChangeOrders<Key>, closing: ClosePositions<Key>) {
    this.#parts = parts;
    this.#changing = changing;
    this.#closing = closing;
    const { state } = parts;
    this.#stopWatching = [
      state.orders.onChange((order) => this.#orderTurnedUp(order)),
      state.onPosition((contractId, position) => this.#positionTurnedUp(contractId, position)),
    ];
  }

  close(): void {
    for (const stop of this.#stopWatching) stop();
  }

  flatten(): Promise<ExitReport<Key>> {
    this.#exiting ??= getFlat(this.#parts, this.#changing, this.#closing).finally(() =>
      this.#isOut(),
    );
    return this.#exiting;
  }

  #isOut(): void {
    this.#exiting = undefined;
    const { orders, positions } = this.#parts.state;
    const { orders: orderIds, positions: contractIds } = this.#shown;
    const [shown, held] = [
      [...orderIds].flatMap((orderId) => orders.find(orderId) ?? []),
      [...contractIds],
    ];
    orderIds.clear();
    contractIds.clear();
    for (const order of shown) this.#orderTurnedUp(order);
    for (const contractId of held) this.#positionTurnedUp(contractId, positions.find(contractId));
  }

  halt(): Promise<ExitReport<Key>> {
    const { latch, events, clock } = this.#parts;
    if (!latch.isSet) {
      try {
        latch.set();
      } catch (cause) {
        // Getting out waits for nothing, a full disk included.
        events.emit('journal.failed', {
          what: 'line',
          operation: 'cancel',
          clientOrderId: undefined,
          cause,
        });
      }
      events.emit('halted', { at: clock.now() });
    }
    return this.flatten();
  }

  async resume(): Promise<void> {
    const { latch, events, clock, log } = this.#parts;
    if (!latch.isSet) return;
    try {
      latch.lift();
    } catch (cause) {
      log.error({ cause }, 'the halt could not be lifted');
      throw new JournalError(
        'JOURNAL_FAILED',
        'The halt stands: its end could not be written to the journal.',
        { cause },
      );
    }
    events.emit('resumed', { at: clock.now() });
  }

  /** An order of ours that comes to light while nothing may be open. */
  #orderTurnedUp(order: Order): void {
    const { latch, state, book } = this.#parts;
    if (this.#exiting) return void this.#shown.orders.add(order.orderId);
    if (!latch.isSet || isFinal(order.status) || state.labelled(order).foreign === true) return;
    const record =
      book.findByOrderId(order.orderId) ??
      (order.clientOrderId === undefined ? undefined : book.find(order.clientOrderId));
    if (record?.isExit === true) return;
    void this.#changing.cancel({ orderId: order.orderId });
  }

  #positionTurnedUp(contractId: ContractId, position: Position | undefined): void {
    const { latch, events } = this.#parts;
    if (this.#exiting) return void this.#shown.positions.add(contractId);
    if (!latch.isSet || !position) return;
    events.emit('position.unexpected', {
      contractId,
      position,
      message: `A position of ${position.quantity} turned up while halted; it is being closed.`,
    });
    void this.#closing.close({ symbol: contractId });
  }
}
