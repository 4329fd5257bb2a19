import type { ClientOrderId, OrderId } from '../brand.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import type { Clock } from '../clock.ts';
import type { Contract } from '../contract.ts';
import type { OrderRequest } from '../order-request.ts';
import type { PlaceOutcome } from '../outcome.ts';

/** One place, from the call on. */
export interface PlaceRecord<Key extends string> {
  readonly clientOrderId: ClientOrderId;
  readonly request: OrderRequest;
  /** True when the bot gave no id. */
  readonly minted: boolean;
  /** Wall milliseconds of the call. */
  readonly calledAt: number;
  /** It only takes off what is held: a halt lets it work. */
  isExit: boolean;
  contract: Contract | undefined;
  outcome: PlaceOutcome<Key> | undefined;
  orderId: OrderId | undefined;
  /** Its order was cancelled before its end was known: no further attempt of it starts, and what shows of it is cancelled. */
  withdrawn: boolean;
  /** The venue has shown that it has a request of it: it is never called absent. */
  arrived: boolean;
  /** Who delivered the attempt that decided; its later operations go the same way. */
  executor: Key | undefined;
  /** The same id's record of before, when that ended as absent: what was sent then may still come, whatever becomes of this attempt. */
  readonly absent: PlaceRecord<Key> | undefined;
  /** The one outcome that every call with this id shares. Set in the tick of the call. */
  shared: Promise<PlaceOutcome<Key>> | undefined;
}

const keptMs = 24 * 60 * 60 * 1000;
const keptCount = 100_000;
/** Of the ids that the bot did not give: nobody calls with one of them by a plan of his own, and one that is called with is recalled from the journal. No more than half a power of two: a map that loses as many as it gains then stays as large as it is. */
const keptMinted = 8_000;
const clearedAtOnce = 64;

/** The places of this process, by client order id and by order id. */
export class IntentBook<Key extends string> {
  readonly #clock: Clock;
  readonly #isOpen: (orderId: OrderId) => boolean;
  readonly #isRecalled: (clientOrderId: ClientOrderId) => boolean;
  readonly #byClientOrderId = new Map<string, PlaceRecord<Key>>();
  readonly #byOrderId = new Map<OrderId, PlaceRecord<Key>>();
  /** The largest order id bound so far, as a number; ids that are none leave it alone. */
  #largestOrderId = -Infinity;

  /** Minted ones in the order in which they may be forgotten, from `#nextMinted` on: taking the first out of a map or set of this size would cost more than the order does. */
  readonly #minted: PlaceRecord<Key>[] = [];
  #nextMinted = 0;

  /** `isOpen`: whether the order is known to work at the venue; the record of one that does is kept. `isRecalled`: whether a call with an id that was forgotten is answered from the journal. */
  constructor(
    clock: Clock,
    isOpen: (orderId: OrderId) => boolean,
    isRecalled: (clientOrderId: ClientOrderId) => boolean = () => true,
  ) {
    this.#clock = clock;
    this.#isOpen = isOpen;
    this.#isRecalled = isRecalled;
  }

  find(clientOrderId: string): PlaceRecord<Key> | undefined {
    return this.#byClientOrderId.get(clientOrderIdKey(clientOrderId));
  }

  findByOrderId(orderId: OrderId): PlaceRecord<Key> | undefined {
    // Venues count up: a larger id than any before is nobody's, and looking for it among all of them would be the slowest step between an answer and its outcome.
    if (Number(orderId) > this.#largestOrderId) return undefined;
    return this.#byOrderId.get(orderId);
  }

  /** Places whose end is not known: on their way, or `unknown`. */
  unsettled(): PlaceRecord<Key>[] {
    return [...this.#byClientOrderId.values()].filter(
      ({ outcome }) => outcome === undefined || outcome.kind === 'unknown',
    );
  }

  records(): Iterable<PlaceRecord<Key>> {
    return this.#byClientOrderId.values();
  }

  /** Known from here on, so that a second call with the same id joins the first. */
  open(
    clientOrderId: ClientOrderId,
    request: OrderRequest,
    minted: boolean,
    calledAt: number = this.#clock.now(),
    absent?: PlaceRecord<Key>,
  ): PlaceRecord<Key> {
    const record: PlaceRecord<Key> = {
      clientOrderId,
      request,
      minted,
      calledAt,
      isExit: false,
      contract: undefined,
      outcome: undefined,
      orderId: undefined,
      withdrawn: false,
      arrived: false,
      executor: undefined,
      absent,
      shared: undefined,
    };
    this.#byClientOrderId.set(clientOrderIdKey(clientOrderId), record);
    if (minted && this.#isRecalled(clientOrderId)) this.#keepMinted(record);
    this.#forgetOld(this.#clock.now());
    return record;
  }

  bind(record: PlaceRecord<Key>, orderId: OrderId): void {
    record.orderId = orderId;
    const value = Number(orderId);
    if (value > this.#largestOrderId) this.#largestOrderId = value;
    this.#byOrderId.set(orderId, record);
  }

  /** For an intent of which nothing was recorded and nothing left: its id is free again. */
  forget(record: PlaceRecord<Key>): void {
    const key = clientOrderIdKey(record.clientOrderId);
    if (this.#byClientOrderId.get(key) !== record) return;
    if (record.absent) this.#byClientOrderId.set(key, record.absent);
    else this.#byClientOrderId.delete(key);
  }

  #keepMinted(record: PlaceRecord<Key>): void {
    this.#minted.push(record);
    // Two are looked at for one that comes: of a few that are still needed the number falls back in time, and no order has to look at many.
    for (
      let looked = 0;
      looked < 2 && this.#minted.length - this.#nextMinted > keptMinted;
      looked += 1
    )
      this.#lookAtOldestMinted();
  }

  #lookAtOldestMinted(): void {
    const oldest = this.#minted[this.#nextMinted];
    this.#nextMinted += 1;
    // What was looked at goes from the list now and then: until then it holds the memory.
    if (this.#nextMinted === clearedAtOnce) {
      this.#minted.splice(0, clearedAtOnce);
      this.#nextMinted = 0;
    }
    if (!oldest) return;
    const { outcome, orderId } = oldest;
    const isNeeded =
      outcome === undefined ||
      outcome.kind === 'unknown' ||
      (orderId !== undefined && this.#isOpen(orderId));
    if (isNeeded) this.#minted.push(oldest);
    else this.#drop(oldest);
  }

  #drop(record: PlaceRecord<Key>): void {
    const key = clientOrderIdKey(record.clientOrderId);
    if (this.#byClientOrderId.get(key) === record) this.#byClientOrderId.delete(key);
    if (record.orderId !== undefined && this.#byOrderId.get(record.orderId) === record)
      this.#byOrderId.delete(record.orderId);
  }

  /** A bot's own ids are kept for a day and for the last 100,000 orders, whichever is more; what is not settled is kept. */
  #forgetOld(now: number): void {
    if (this.#byClientOrderId.size <= keptCount) return;
    for (const record of this.#byClientOrderId.values()) {
      if (
        record.outcome === undefined ||
        record.outcome.kind === 'unknown' ||
        now - record.calledAt < keptMs
      )
        return;
      this.#drop(record);
      if (this.#byClientOrderId.size <= keptCount) return;
    }
  }
}
