import type { BrokerParts } from '../broker/broker-parts.ts';
import type { PlaceRecord } from '../broker/intent-book.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { Order } from '../order.ts';
import type { Placed, Rejected, Unsettled } from '../outcome.ts';
import { Absence } from './absence.ts';
import type { Search } from './open-unknown.ts';
import { unsettled } from './open-unknown.ts';
import type { Sweep } from './sweep.ts';
import type { Told } from './told.ts';

type Ended<Key extends string> = Placed<Key> | Rejected<Key> | Unsettled<Key>;

export interface PlaceSearchParts<Key extends string> {
  readonly record: PlaceRecord<Key>;
  /** Wall milliseconds before the first delivery. */
  readonly since: number;
  /** Monotonic milliseconds of the call; undefined when an earlier process made it. */
  readonly calledAtMonotonic: number | undefined;
  /** How long the connection of the last delivery lasts on, in milliseconds. */
  readonly connectedForMs: number;
  /** Called when the venue shows that it has the request. */
  readonly arrived: () => void;
  /** What the outcome tells, as of now. */
  base(): Told<Key>;
  /** Delivers it once more, same id, and says what that showed. Undefined: this one is not sent again. */
  readonly again: (() => Promise<Repeated<Key>>) | undefined;
  /** What a row proves; undefined when no more than that the request arrived. */
  fromRow(order: Order): Placed<Key> | Rejected<Key> | undefined;
}

/** What a further attempt of the same place showed. */
export interface Repeated<Key extends string> {
  /** Whether it may be at the venue. */
  readonly wasWritten: boolean;
  /** How long its connection lasts on, in milliseconds. */
  readonly connectedForMs: number;
  /** What it proves of the intent. Being refused proves nothing: the attempt before it may still come. */
  readonly placed: Placed<Key> | undefined;
}

/** Looks for an order by its client order id until it is found, or has been absent for long enough to say so. */
export class PlaceSearch<Key extends string> implements Search<Ended<Key>> {
  readonly #broker: BrokerParts<Key>;
  readonly #parts: PlaceSearchParts<Key>;
  #absence: Absence;
  #hasRepeated = false;

  constructor(broker: BrokerParts<Key>, parts: PlaceSearchParts<Key>) {
    this.#broker = broker;
    this.#parts = parts;
    this.#absence = new Absence(broker.settleMs, broker.clock, parts.connectedForMs);
  }

  get since(): number {
    return this.#parts.since;
  }

  concerns({ clientOrderId, parentOrderId }: Order): boolean {
    return (
      parentOrderId === undefined &&
      clientOrderId !== undefined &&
      clientOrderIdKey(clientOrderId) === clientOrderIdKey(this.#parts.record.clientOrderId)
    );
  }

  async look(sweep: Sweep): Promise<Ended<Key> | undefined> {
    const { state, log, story, clock } = this.#broker;
    const { clientOrderId } = this.#parts.record;
    const held = state.orders.findByClientOrderId(clientOrderId);
    const known = held && this.#told(held);
    if (known) return known;
    let orders: readonly Order[];
    const looked = (is: 'found' | 'not-found' | 'unreachable'): void =>
      story.add({
        kind: 'lookup',
        at: clock.now(),
        clientOrderId,
        orderId: undefined,
        by: 'span',
        is,
      });
    try {
      orders = await sweep.orders();
    } catch (error) {
      looked('unreachable');
      // safeguard: lookups that fail prove nothing
      this.#absence.failed();
      log.debug({ clientOrderId, error }, 'an order could not be looked for');
      return undefined;
    }
    const own = orders.filter((order) => this.concerns(order));
    const row = own.find((order) => order.clientOrderId === clientOrderId) ?? own[0];
    looked(row ? 'found' : 'not-found');
    if (row) {
      state.seen(row);
      return this.#told(row);
    }
    this.#absence.notFound(sweep.begunAt);
    const placed = await this.#repeat();
    if (placed) return placed;
    const { calledAtMonotonic } = this.#parts;
    const gapless = calledAtMonotonic !== undefined && state.isGaplessSince(calledAtMonotonic);
    // safeguard: evidence of arrival
    if (this.#parts.record.arrived) return undefined;
    if (!this.#absence.isOver(gapless)) return undefined;
    return unsettled(
      this.#parts.base(),
      'ABSENT',
      `No order of the id ${clientOrderId} has shown up in ${Math.round(this.#absence.countedMs)} ms of looking. That is no proof: it is watched for, and announced if it comes.`,
    );
  }

  /** Once, when two lookups have shown nothing for long enough. The venue's tag rule keeps the two attempts from becoming two orders; the deadline, a withdrawal and the latch keep the second from leaving. */
  async #repeat(): Promise<Placed<Key> | undefined> {
    const { repeatAfterMs, settleMs, clock } = this.#broker;
    if (
      this.#hasRepeated ||
      this.#parts.record.arrived ||
      !this.#parts.again ||
      !this.#absence.hasLasted(repeatAfterMs)
    )
      return undefined;
    this.#hasRepeated = true;
    const { wasWritten, connectedForMs, placed } = await this.#parts.again();
    // Its connection ended only now, and its order may take as long to show as the first one's.
    if (wasWritten) this.#absence = new Absence(settleMs, clock, connectedForMs);
    return placed;
  }

  ended(end: Ended<Key>): void {
    const { record } = this.#parts;
    record.outcome = end;
    // A later call with the same id is told the end, and not what was unknown before it.
    record.shared = Promise.resolve(end);
    this.#broker.exposure?.ended(record.clientOrderId, end);
  }

  #told(order: Order): Ended<Key> | undefined {
    const end = this.#parts.fromRow(order);
    // A row of any kind shows that it is there.
    if (!end) this.#parts.arrived();
    return end;
  }
}
