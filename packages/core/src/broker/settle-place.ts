import type { OrderId } from '../brand.ts';
import type { Finding } from '../finding.ts';
import type { Order } from '../order.ts';
import type { Placed, PlaceOutcome, Rejected } from '../outcome.ts';
import type { UnknownDetails } from '../outcomes/open-unknown.ts';
import { unsettled } from '../outcomes/open-unknown.ts';
import type { Repeated } from '../outcomes/place-search.ts';
import { connectedForMs } from '../outcomes/connected-for-ms.ts';
import { PlaceSearch } from '../outcomes/place-search.ts';
import { notSent, rejected } from '../outcomes/refusals.ts';
import type { Call, Told } from '../outcomes/told.ts';
import { inMode, told } from '../outcomes/told.ts';
import { unknownDetails } from '../outcomes/unknown-details.ts';
import type { DeliveryEnd } from '../router/delivery-task.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { PlaceRecord } from './intent-book.ts';
import { lookUp } from './look-up.ts';
import { matchesOrder } from './matches-order.ts';

type Again<Key extends string> = () => Promise<DeliveryEnd<Key>>;

/** Two clocks that are kept in order are no further apart than this. */
const clocksApartMs = 2_000;
/** Two clocks of which one is wrong may be as far apart as this. */
const clocksFarApartMs = 600_000;

/** Turns what a place's delivery came to into its outcome, asking the venue once where the answer does not say. */
export class SettlePlace<Key extends string> {
  readonly #parts: BrokerParts<Key>;

  constructor(parts: BrokerParts<Key>) {
    this.#parts = parts;
  }

  /** `again`: delivers it once more; undefined where the venue does not keep two orders of one id apart. */
  settle(
    record: PlaceRecord<Key>,
    call: Call,
    end: DeliveryEnd<Key>,
    again: Again<Key> | undefined,
  ): PlaceOutcome<Key> | Promise<PlaceOutcome<Key>> {
    const { result } = end;
    const base = told(call, this.#parts.clock, end);
    if (result.is === 'not-sent') return notSent(base, result);
    const details = unknownDetails(result);
    if (details)
      return details.code === 'WAIT_ABORTED'
        ? this.#unknown(record, call, end, details)
        : this.#lookUp(record, call, end, details, again);
    if (result.is !== 'answered')
      throw new TypeError(`a delivery that was ${result.is} has unknown details`);
    const { verdict } = result;
    switch (verdict.is) {
      case 'accepted':
        return this.#accepted(record, call, end, verdict.orderId, again);
      case 'refused':
        return rejected(base, verdict);
      case 'disputed':
        return rejected(base, {
          code: 'ORDER_REJECTED',
          message: verdict.message,
          venueCode: verdict.venueCode,
        });
      case 'client-order-id-in-use':
        return this.#inUse(record, call, end, verdict.message);
      case 'throttled':
      case 'ambiguous':
        throw new TypeError(`a verdict that is ${verdict.is} has unknown details`);
    }
  }

  #accepted(
    record: PlaceRecord<Key>,
    call: Call,
    end: DeliveryEnd<Key>,
    orderId: OrderId | undefined,
    again: Again<Key> | undefined,
  ): PlaceOutcome<Key> | Promise<PlaceOutcome<Key>> {
    if (orderId === undefined)
      return this.#lookUp(
        record,
        call,
        end,
        { code: 'ANSWER_UNREADABLE', message: 'The venue accepted, but named no order id.' },
        again,
      );
    const holder = this.#parts.book.findByOrderId(orderId);
    // safeguard: bound order ids
    if (holder && holder !== record) {
      return this.#lookUp(
        record,
        call,
        end,
        {
          code: 'ANSWER_UNEXPECTED',
          message: `The answer names order ${orderId}, which is the order of ${holder.clientOrderId}.`,
        },
        again,
      );
    }
    return this.#placed(told(call, this.#parts.clock, end), record, orderId, false);
  }

  async #lookUp(
    record: PlaceRecord<Key>,
    call: Call,
    end: DeliveryEnd<Key>,
    details: UnknownDetails,
    again: Again<Key> | undefined,
  ): Promise<PlaceOutcome<Key>> {
    const finding = await this.#find(record, end.firstSentAt);
    const base = told(call, this.#parts.clock, end);
    if (finding.is !== 'found') return this.#unknown(record, call, end, details, again);
    return (
      this.fromRow(base, record, finding.order) ?? this.#unknown(record, call, end, details, again)
    );
  }

  /** The venue holds an order of this id: ours, if we minted the id or the row asks for the same; somebody's, otherwise. */
  async #inUse(
    record: PlaceRecord<Key>,
    call: Call,
    end: DeliveryEnd<Key>,
    message: string,
  ): Promise<PlaceOutcome<Key>> {
    const { adoptWithinMs, clock } = this.#parts;
    const { minted, calledAt } = firstCallOf(record);
    const finding = await this.#find(record, minted ? calledAt : calledAt - adoptWithinMs);
    const base = told(call, clock, end);
    if (finding.is === 'unreachable')
      return this.#unknown(record, call, end, {
        code: 'NOT_CONFIRMED',
        message: `${message} The order of that id could not be looked up: ${finding.message}`,
      });
    if (finding.is === 'not-found')
      return unsettled(base, 'IN_USE_NOT_FOUND', `${message} No order of that id is to be found.`);
    const { order } = finding;
    if (this.#mayBeOwn(record, order)) {
      return (
        this.#ownRow(base, record, order) ??
        this.#unknown(record, call, end, {
          code: 'NOT_CONFIRMED',
          message: `Order ${order.orderId} is ${order.status}.`,
        })
      );
    }
    return rejected(base, {
      code: 'CLIENT_ORDER_ID_IN_USE',
      message: `${message} It is order ${order.orderId}, ${order.status}, created ${new Date(order.createdAt).toISOString()}.`,
      orderId: order.orderId,
      order,
      hint: 'Give every order a client order id of its own, or none.',
    });
  }

  /** Undefined when the row proves no more than that the venue holds the id. */
  fromRow(
    base: Told<Key>,
    record: PlaceRecord<Key>,
    order: Order,
  ): Placed<Key> | Rejected<Key> | undefined {
    // safeguard: a row is ours by more than its id
    if (!this.#isOwn(record, order)) return undefined;
    return this.#ownRow(base, record, order);
  }

  /** An author may have used the id before, from another process: what was there already and asks for something else is that order. */
  #isOwn(record: PlaceRecord<Key>, order: Order): boolean {
    if (
      !record.contract ||
      record.orderId === order.orderId ||
      order.createdAt >= firstCallOf(record).calledAt - clocksApartMs
    )
      return true;
    return this.#mayBeOwn(record, order);
  }

  /** Whether the order that holds the id is ours: one that an earlier attempt under it may have made, or one that asks for the same and is young enough to be adopted. */
  #mayBeOwn(record: PlaceRecord<Key>, order: Order): boolean {
    const { adoptWithinMs } = this.#parts;
    const { minted, calledAt } = firstCallOf(record);
    if (minted || (record.absent && order.createdAt >= calledAt - clocksApartMs)) return true;
    // The venue's clock may be behind: an order of an earlier attempt then looks older than its call.
    // safeguard: a venue's clock may be behind an earlier attempt
    const youngMs = record.absent ? Math.max(adoptWithinMs, clocksFarApartMs) : adoptWithinMs;
    // safeguard: adoption
    return order.createdAt >= calledAt - youngMs && matchesOrder(record, order);
  }

  #ownRow(
    base: Told<Key>,
    record: PlaceRecord<Key>,
    order: Order,
  ): Placed<Key> | Rejected<Key> | undefined {
    switch (order.status) {
      case 'working':
      case 'filled':
      case 'cancelled':
      case 'expired':
      case 'cancelling':
      case 'suspended':
        return this.#placed(base, record, order.orderId, true);
      case 'rejected':
        return rejected(base, {
          code: 'ORDER_REJECTED',
          message: `The venue refused order ${order.orderId}; its reason was in an answer that did not come.`,
          orderId: order.orderId,
          order,
        });
      case 'pending':
      case 'unknown':
        return undefined;
    }
  }

  #placed(
    base: Told<Key>,
    record: PlaceRecord<Key>,
    orderId: OrderId,
    recovered: boolean,
  ): Placed<Key> {
    const { book, state, clock } = this.#parts;
    book.bind(record, orderId);
    if (!recovered && record.contract)
      state.expect(orderId, record.request, record.clientOrderId, record.contract.id, clock.now());
    const { symbol, mode, executor, deliveries, timings } = base;
    return inMode(mode, {
      kind: 'accepted',
      clientOrderId: record.clientOrderId,
      operation: 'place',
      symbol,
      executor,
      deliveries,
      timings,
      orderId,
      recovered,
    });
  }

  #find(record: PlaceRecord<Key>, since: number): Promise<Finding> {
    return lookUp(
      this.#parts,
      { by: 'client-order-id', clientOrderId: record.clientOrderId, since },
      { lane: 'resolve', timeoutMs: this.#parts.lookupTimeoutMs },
    );
  }

  /** A place that an earlier process left open; `since`: wall milliseconds before its first byte. */
  resume(record: PlaceRecord<Key>, base: Told<Key>, since: number): PlaceOutcome<Key> {
    return this.#parts.unknowns.open<Placed<Key>>(
      base,
      {
        code: 'NOT_CONFIRMED',
        message: 'An earlier process ended before it knew what became of this order.',
      },
      this.#search(record, () => base, since, undefined, 0),
    );
  }

  #unknown(
    record: PlaceRecord<Key>,
    call: Call,
    end: DeliveryEnd<Key>,
    details: UnknownDetails,
    again?: Again<Key>,
  ): PlaceOutcome<Key> | Promise<PlaceOutcome<Key>> {
    const base = (): Told<Key> => told(call, this.#parts.clock, end);
    this.#parts.exposure?.doubted(record.clientOrderId);
    if (hasArrived(end)) this.#arrived(record);
    return this.#parts.unknowns.within<Placed<Key>>(
      base(),
      details,
      this.#search(
        record,
        base,
        end.firstSentAt,
        call.startedAt,
        connectedForMs(end, this.#parts.answerTimeoutMs),
        again && (() => this.#repeated(record, call, end, again)),
      ),
      call,
    );
  }

  async #repeated(
    record: PlaceRecord<Key>,
    call: Call,
    first: DeliveryEnd<Key>,
    again: Again<Key>,
  ): Promise<Repeated<Key>> {
    const { book, clock } = this.#parts;
    const end = await again();
    const { result } = end;
    const orderId =
      result.is === 'answered' && result.verdict.is === 'accepted'
        ? result.verdict.orderId
        : undefined;
    const holder = orderId === undefined ? undefined : book.findByOrderId(orderId);
    const isOurs = orderId !== undefined && (holder === undefined || holder === record);
    if (hasArrived(end) && !isOurs) this.#arrived(record);
    return {
      wasWritten: result.is !== 'not-sent',
      connectedForMs: connectedForMs(end, this.#parts.answerTimeoutMs),
      placed: isOurs
        ? this.#placed(
            told(call, clock, { ...end, deliveries: first.deliveries + end.deliveries }),
            record,
            orderId,
            false,
          )
        : undefined,
    };
  }

  /** From here on it is never called absent, over restarts. */
  #arrived(record: PlaceRecord<Key>): void {
    if (record.arrived) return;
    record.arrived = true;
    const { journal, clock, log } = this.#parts;
    try {
      journal.append({ kind: 'arrival', at: clock.now(), clientOrderId: record.clientOrderId });
    } catch (cause) {
      // Only a restart would not know of it.
      log.error(
        { clientOrderId: record.clientOrderId, cause },
        'what the venue has shown of a place could not be written to the journal',
      );
    }
  }

  /** Looked for until it is found or absent. */
  #search(
    record: PlaceRecord<Key>,
    base: () => Told<Key>,
    since: number,
    calledAtMonotonic: number | undefined,
    connectedMs: number,
    again?: () => Promise<Repeated<Key>>,
  ): PlaceSearch<Key> {
    return new PlaceSearch(this.#parts, {
      record,
      since,
      calledAtMonotonic,
      connectedForMs: connectedMs,
      arrived: () => this.#arrived(record),
      again,
      base,
      fromRow: (order) => this.fromRow(base(), record, order),
    });
  }
}

/** Whether the answer shows that the venue has the request, whatever it made of it. */
function hasArrived<Key extends string>({ result }: DeliveryEnd<Key>): boolean {
  if (result.is !== 'answered') return false;
  const { verdict } = result;
  return (
    verdict.is === 'accepted' ||
    verdict.is === 'client-order-id-in-use' ||
    (verdict.is === 'ambiguous' && verdict.arrived)
  );
}

/** The first call under the id: what it sent and never saw may be what the venue holds now. */
function firstCallOf<Key extends string>(record: PlaceRecord<Key>): PlaceRecord<Key> {
  let first = record;
  // safeguard: an order of an earlier attempt is ours
  while (first.absent) first = first.absent;
  return first;
}
