import { clientOrderIdKey } from '../client-order-id.ts';
import type { Order } from '../order.ts';
import type { Placed, PlaceOutcome, Rejected } from '../outcome.ts';
import { AwaitedCall } from '../outcomes/awaited-call.ts';
import type { Call, Told } from '../outcomes/told.ts';
import type { DeliveryEnd } from '../router/delivery-task.ts';
import { setPatientTimer } from '../set-patient-timer.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { PlaceRecord } from './intent-book.ts';
import { lookUp } from './look-up.ts';
import { ofTheIntent } from './of-the-intent.ts';
import type { SettlePlace } from './settle-place.ts';

/** How long a refusal that the stream shows first waits for the answer, which has its words. */
const wordsWithinMs = 250;

/** A place between its delivery and its outcome. */
export class AwaitedPlace<Key extends string> extends AwaitedCall<Key, Placed<Key>> {
  readonly #broker: BrokerParts<Key>;
  readonly #settle: SettlePlace<Key>;
  readonly #record: PlaceRecord<Key>;

  constructor(
    broker: BrokerParts<Key>,
    settle: SettlePlace<Key>,
    record: PlaceRecord<Key>,
    call: Call,
  ) {
    super(broker, call);
    this.#broker = broker;
    this.#settle = settle;
    this.#record = record;
  }

  /** Whether a further attempt would be one too many: the bot has taken the order back, or the order is there. */
  get withdrawn(): boolean {
    return this.#record.withdrawn || this.isSettled;
  }

  concerns({ clientOrderId, parentOrderId }: Order): boolean {
    return (
      parentOrderId === undefined &&
      clientOrderId !== undefined &&
      clientOrderIdKey(clientOrderId) === clientOrderIdKey(this.#record.clientOrderId)
    );
  }

  override seen(order: Order): void {
    if (order.status !== 'rejected') return super.seen(order);
    setPatientTimer(this.#broker.clock, wordsWithinMs, () => super.seen(order));
  }

  protected fromRow(base: Told<Key>, order: Order): Placed<Key> | Rejected<Key> | undefined {
    const outcome = this.#settle.fromRow(base, this.#record, order);
    // Of two attempts under one id, one may have been refused and the other be on its way.
    return outcome?.kind === 'rejected' && this.#record.absent ? undefined : outcome;
  }

  protected settle(end: DeliveryEnd<Key>): PlaceOutcome<Key> | Promise<PlaceOutcome<Key>> {
    const { absent } = this.#record;
    const isGuarded = this.#broker.adapter.capabilities.clientOrderId.unique === 'for-ever';
    const outcome = this.#settle.settle(
      this.#record,
      this.call,
      end,
      isGuarded ? () => this.deliverAgain() : undefined,
    );
    if (!absent) return outcome;
    return outcome instanceof Promise
      ? outcome.then((settled) => ofTheIntent(settled, absent))
      : ofTheIntent(outcome, absent);
  }

  protected conclude(outcome: PlaceOutcome<Key>, end: DeliveryEnd<Key> | undefined): void {
    const { book, exposure } = this.#broker;
    this.#record.executor = outcome.executor;
    this.#record.outcome = outcome;
    exposure?.ended(this.#record.clientOrderId, outcome);
    if (end?.deliveries === 0 && !end.journaled) book.forget(this.#record);
    this.#broker.announce(outcome);
  }

  protected ended(outcome: PlaceOutcome<Key>, end: DeliveryEnd<Key> | undefined): void {
    const { book, exposure } = this.#broker;
    this.#record.executor = outcome.executor;
    this.#record.outcome = outcome;
    // A later call with the same id is told the end, and not what was unknown before it.
    this.#record.shared = Promise.resolve(outcome);
    exposure?.ended(this.#record.clientOrderId, outcome);
    if (end?.deliveries === 0 && !end.journaled) book.forget(this.#record);
  }

  protected deliveredLate(
    outcome: PlaceOutcome<Key>,
    { result, executor }: DeliveryEnd<Key>,
  ): void {
    this.#record.executor = executor;
    if (
      result.is !== 'answered' ||
      outcome.kind === 'unknown' ||
      outcome.kind === 'not-sent' ||
      outcome.orderId === undefined
    )
      return;
    const { verdict } = result;
    const agrees =
      verdict.is === outcome.kind
        ? verdict.is !== 'accepted' ||
          verdict.orderId === undefined ||
          verdict.orderId === outcome.orderId
        : verdict.is !== 'accepted' && verdict.is !== 'refused' && verdict.is !== 'disputed';
    if (!agrees) void this.#lookAgain({ ...outcome, orderId: outcome.orderId });
  }

  /** The row stands, whatever the answer says; unless the order is no longer what the row showed. */
  async #lookAgain(
    outcome: Placed<Key> | (Rejected<Key> & Pick<Placed<Key>, 'orderId'>),
  ): Promise<void> {
    const { state, events, log, lookupTimeoutMs } = this.#broker;
    log.error(
      { clientOrderId: this.#record.clientOrderId, orderId: outcome.orderId },
      'the answer to a place contradicts the order that the venue has shown',
    );
    const finding = await lookUp(
      this.#broker,
      { by: 'order-id', orderId: outcome.orderId },
      { lane: 'resolve', timeoutMs: lookupTimeoutMs },
    );
    if (
      finding.is !== 'found' ||
      (finding.order.status === 'rejected') === (outcome.kind === 'rejected')
    )
      return;
    events.emit('order.contradicted', { told: outcome, order: state.labelled(finding.order) });
  }
}
