import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { CancelRequest } from '../order-request.ts';
import type { Cancelled, CancelOutcome, NotSent, Placed, Rejected, Unsettled } from '../outcome.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import { unsettled } from '../outcomes/open-unknown.ts';
import { notSent } from '../outcomes/refusals.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import type { Deadline } from '../router/deadline.ts';
import { deadlineIn } from '../router/deadline.ts';
import { waitWithin } from '../router/wait-within.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { PlaceRecord } from './intent-book.ts';
import { lookUp } from './look-up.ts';
import type { OrderTarget } from './order-target.ts';
import { cancelled } from './settle-cancel.ts';

type PlaceEnd<Key extends string> = Placed<Key> | Rejected<Key> | NotSent<Key> | Unsettled<Key>;
/** What came first: a row of the order, or the end of its place. */
type Sight<Key extends string> = { readonly order: Order } | { readonly end: PlaceEnd<Key> };

/** Cancels orders whose own place is not settled: the place is taken back, and the cancel leaves as soon as there is an order to cancel. */
export class UnplacedCancels<Key extends string> {
  readonly #parts: BrokerParts<Key>;
  /** Sends a cancel; tells nobody. */
  readonly #send: (
    request: CancelRequest,
    target: OrderTarget<Key>,
    call: Call,
    deadline: Deadline,
  ) => Promise<CancelOutcome<Key>>;

  constructor(
    parts: BrokerParts<Key>,
    send: (
      request: CancelRequest,
      target: OrderTarget<Key>,
      call: Call,
      deadline: Deadline,
    ) => Promise<CancelOutcome<Key>>,
  ) {
    this.#parts = parts;
    this.#send = send;
  }

  /** Whether the order's own place still has to end, so that there is nothing yet a cancel could name. */
  isUnplaced(record: PlaceRecord<Key> | undefined): record is PlaceRecord<Key> {
    return (
      record !== undefined &&
      record.orderId === undefined &&
      (record.outcome === undefined || record.outcome.kind === 'unknown') &&
      record.shared !== undefined
    );
  }

  /** From here on no attempt of the place starts, and what shows of it later is cancelled. */
  withdraw(record: PlaceRecord<Key>): void {
    if (record.withdrawn) return;
    record.withdrawn = true;
    const { journal, clock, log } = this.#parts;
    try {
      journal.append({ kind: 'withdrawal', at: clock.now(), clientOrderId: record.clientOrderId });
    } catch (cause) {
      // Getting out waits for no line; only a restart would not know of it.
      log.error(
        { clientOrderId: record.clientOrderId, cause },
        'a withdrawal could not be written to the journal',
      );
    }
  }

  /** Settles with the cancel's own end, at the latest after `outcomeWithinMs`, and goes on until the order has shown or is absent. */
  async cancel(
    record: PlaceRecord<Key>,
    request: CancelRequest,
    call: Call,
    deadline: Deadline,
  ): Promise<CancelOutcome<Key>> {
    const { clock, unknowns, outcomeWithinMs } = this.#parts;
    this.withdraw(record);
    const work = this.#cancelOnSight(record, request, call, deadline);
    const waited = await waitWithin(
      () => work,
      deadlineIn(outcomeWithinMs, clock),
      undefined,
      clock,
    );
    if (waited.is === 'done') return waited.value;
    const message = `The place of ${record.clientOrderId} is not settled, so there is no order to cancel yet. It was taken back, and is cancelled as soon as it shows.`;
    const held = unknowns.hold<Cancelled<Key>>(told(call, clock), {
      code: 'NOT_CONFIRMED',
      message,
    });
    void work.then((outcome) => {
      if (outcome.kind !== 'unknown' || outcome.final) return held.end(outcome);
      void outcome.resolved.then((end) => held.end(end, { announced: true }));
    });
    return held.outcome;
  }

  async #cancelOnSight(
    record: PlaceRecord<Key>,
    request: CancelRequest,
    call: Call,
    deadline: Deadline,
  ): Promise<CancelOutcome<Key>> {
    const { clock } = this.#parts;
    const waited = await waitWithin(() => this.#sight(record), deadline, request.signal, clock);
    switch (waited.is) {
      case 'late':
        return notSent(told(call, clock), {
          code: 'DEADLINE_PASSED',
          message: `The place of ${record.clientOrderId} was not settled in time; it was taken back all the same.`,
        });
      case 'aborted':
        return notSent(told(call, clock), {
          code: 'ABORTED',
          message: 'The signal was aborted before anything was written.',
        });
      case 'failed':
        return unsettled(
          told(call, clock),
          'ABSENT',
          `No order ${record.clientOrderId} could be looked for: ${String(waited.error)}`,
        );
      case 'done':
        return 'order' in waited.value
          ? this.#ofOrder(waited.value.order, record, request, call, deadline)
          : this.#ofEnd(waited.value.end, record, request, call, deadline);
    }
  }

  #ofOrder(
    order: Order,
    record: PlaceRecord<Key>,
    request: CancelRequest,
    call: Call,
    deadline: Deadline,
  ): CancelOutcome<Key> | Promise<CancelOutcome<Key>> {
    if (isFinal(order.status)) return cancelled(told(call, this.#parts.clock), order);
    return this.#send(
      request,
      { orderId: order.orderId, record, contract: record.contract, type: record.request.type },
      call,
      deadline,
    );
  }

  async #ofEnd(
    end: PlaceEnd<Key>,
    record: PlaceRecord<Key>,
    request: CancelRequest,
    call: Call,
    deadline: Deadline,
  ): Promise<CancelOutcome<Key>> {
    const { clock, lookupTimeoutMs } = this.#parts;
    if (end.kind === 'accepted')
      return this.#send(
        request,
        { orderId: end.orderId, record, contract: record.contract, type: record.request.type },
        call,
        deadline,
      );
    if (end.kind !== 'unknown') {
      const was = end.kind === 'not-sent' ? 'was never sent' : 'was refused';
      return notSent(told(call, clock), {
        code: 'ORDER_NOT_FOUND',
        message: `Order ${record.clientOrderId} ${was}: ${end.message}`,
      });
    }
    if (end.code === 'CLOSED')
      return unsettled(
        told(call, clock),
        'CLOSED',
        'The broker was closed before the order showed.',
      );
    const finding = await lookUp(
      this.#parts,
      { by: 'client-order-id', clientOrderId: record.clientOrderId, since: record.calledAt },
      { lane: 'cancel', timeoutMs: lookupTimeoutMs },
    );
    if (finding.is === 'found')
      return this.#ofOrder(finding.order, record, request, call, deadline);
    return unsettled(told(call, clock), end.code, `${end.message} If it comes, it is cancelled.`);
  }

  /** Never settles before there is something to cancel, or nothing ever will be. */
  #sight(record: PlaceRecord<Key>): Promise<Sight<Key>> {
    const { state } = this.#parts;
    const shown = state.orders.findByClientOrderId(record.clientOrderId);
    if (shown) return Promise.resolve({ order: shown });
    return new Promise((resolve) => {
      const key = clientOrderIdKey(record.clientOrderId);
      const stop = state.orders.onChange((order) => {
        if (
          order.parentOrderId !== undefined ||
          order.clientOrderId === undefined ||
          clientOrderIdKey(order.clientOrderId) !== key
        )
          return;
        stop();
        resolve({ order });
      });
      void endOf(record).then((end) => {
        stop();
        resolve({ end });
      });
    });
  }
}

/** How a place ends, however long that takes. */
async function endOf<Key extends string>(record: PlaceRecord<Key>): Promise<PlaceEnd<Key>> {
  const outcome = await record.shared;
  if (!outcome) throw new TypeError(`the place of ${record.clientOrderId} was never begun`);
  return outcome.kind === 'unknown' && !outcome.final ? outcome.resolved : outcome;
}
