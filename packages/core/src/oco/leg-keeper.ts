import type { ClientOrderId } from '../brand.ts';
import type { Contract } from '../contract.ts';
import { cachedContract } from '../broker/cached-contract.ts';
import { lookUp } from '../broker/look-up.ts';
import type { Order } from '../order.ts';
import type { PlaceOutcome } from '../outcome.ts';
import { legId, mostAttempts } from './leg-ids.ts';
import { legPrice, legRequest, priceOfLeg } from './leg-requests.ts';
import type { LegState } from './leg-state.ts';
import { legState, rowOf } from './leg-state.ts';
import type { OcoParts } from './oco-parts.ts';
import type { OcoLeg } from './oco-records.ts';
import type { LegFacts, ProtectedEntry } from './protected-entry.ts';

const firstPauseMs = 250;
const longestPauseMs = 30_000;

/** Keeps one leg of an entry as it should be: placed, of the right size, cancelled. One step at a time, each decided anew from what is known. */
export class LegKeeper<Key extends string> {
  readonly #parts: OcoParts<Key>;
  readonly #entry: ProtectedEntry;
  readonly leg: OcoLeg;
  #working: Promise<void> | undefined;
  /** Its outcome may take its time; that it may be cancelled meanwhile is known. */
  #isPlacing = false;
  #failures = 0;
  /** Monotonic; nothing is tried again before. */
  #retryAt = 0;
  /** A change of its price was refused: from here on only its size is kept. */
  #priceStays = false;

  constructor(parts: OcoParts<Key>, entry: ProtectedEntry, leg: OcoLeg) {
    this.#parts = parts;
    this.#entry = entry;
    this.leg = leg;
  }

  get state(): LegState {
    return legState(this.#parts.broker, this.#parts.book, this.#entry, this.leg);
  }

  get isBusy(): boolean {
    return this.#working !== undefined || this.#isPlacing;
  }

  /** Contracts that it took out, all attempts together. */
  get filled(): number {
    return this.#entry.legs
      .filter(({ leg }) => leg === this.leg)
      .reduce((sum, facts) => sum + (this.#rowOf(facts)?.filledQuantity ?? 0), 0);
  }

  /** Ended by somebody else while it was needed, or refused too often: it is not placed again. */
  get isGivenUp(): boolean {
    const state = this.state;
    if (state.is === 'ended') return state.order.status !== 'filled' && !state.facts.cancelAsked;
    return state.is === 'refused' && this.#entry.attempts(this.leg) >= mostAttempts;
  }

  /** Whether it works for at least so many contracts. */
  covers(left: number): boolean {
    const state = this.state;
    if (state.is !== 'working') return false;
    const { order, facts } = state;
    return order
      ? order.status !== 'cancelling' && order.quantity - order.filledQuantity >= left
      : facts.quantity >= left;
  }

  /** Nothing of it is at the venue or on its way there. */
  get isOver(): boolean {
    const { is } = this.state;
    return !this.isBusy && is !== 'working' && is !== 'uncertain';
  }

  /** Takes the next step towards protecting `left` contracts, if there is one to take now. */
  advance(left: number, averagePrice: number | undefined): void {
    const { clock } = this.#parts.broker;
    if (this.isBusy) return;
    const waitMs = this.#retryAt - clock.monotonic();
    if (waitMs > 0) return this.#parts.lookIn(waitMs, this.#entry);
    const state = this.state;
    if (left === 0) {
      if (state.is === 'working' || (state.is === 'uncertain' && !state.facts.cancelAsked))
        void this.cancel();
      return;
    }
    if (!this.#contract) return void this.#do(() => this.#fetchContract());
    switch (state.is) {
      case 'none':
      case 'gone':
        return this.#placeNext(left, averagePrice);
      case 'refused':
      case 'ended':
        return this.isGivenUp ? undefined : this.#placeNext(left, averagePrice);
      case 'unsent':
        // An order for more than there is could turn the position round.
        return state.facts.quantity > left
          ? this.#placeNext(left, averagePrice)
          : this.#place(state.facts);
      case 'absent':
        return this.#place(state.facts);
      case 'working':
        // safeguard: legs follow the fills
        return this.#adjust(state, left, averagePrice);
      case 'uncertain':
    }
  }

  /** Cancels it if it works or may come to, once what is under way has ended. Never rejects. */
  async cancel(): Promise<void> {
    while (this.#working) await this.#working;
    const state = this.state;
    if (state.is !== 'working' && state.is !== 'uncertain') return;
    await this.#do(() => this.#cancel(state));
  }

  #placeNext(left: number, averagePrice: number | undefined): void {
    const { book, broker } = this.#parts;
    const contract = this.#contract;
    if (!contract || averagePrice === undefined) return;
    const price = legPrice(this.leg, this.#entry.bracket, this.#entry.side, averagePrice, contract);
    if (price === undefined) return;
    const clientOrderId = this.#freeId();
    try {
      book.write(this.#entry, {
        step: 'leg',
        leg: this.leg,
        clientOrderId,
        quantity: left,
        price,
        filled: this.#filledOfEntry,
      });
    } catch (cause) {
      broker.events.emit('journal.failed', {
        what: 'line',
        operation: 'place',
        clientOrderId,
        cause,
      });
      return this.#failed();
    }
    const facts = this.#entry.latest(this.leg);
    if (facts) this.#place(facts);
  }

  /** An author may have used the same id for an order of its own. */
  #freeId(): ClientOrderId {
    let attempt = this.#entry.attempts(this.leg) + 1;
    const isTaken = (id: ClientOrderId): boolean =>
      this.#parts.broker.book.find(id) !== undefined ||
      this.#entry.legs.some(({ clientOrderId }) => clientOrderId === id);
    while (isTaken(legId(this.#entry.clientOrderId, this.leg, attempt))) attempt += 1;
    return legId(this.#entry.clientOrderId, this.leg, attempt);
  }

  #place(facts: LegFacts): void {
    const contract = this.#contract;
    if (!contract) return;
    const { side: entrySide, bracket, strategy } = this.#entry;
    const request = legRequest({
      leg: this.leg,
      clientOrderId: facts.clientOrderId,
      quantity: facts.quantity,
      price: facts.price,
      entrySide,
      trailing: bracket.trailing ?? false,
      contract,
      strategy,
    });
    this.#isPlacing = true;
    void this.#parts.placing.place(request, { getsOut: true }).then((outcome) => {
      this.#isPlacing = false;
      this.#placed(facts, outcome);
      // What is unknown is not failed: its own search looks on.
      if (outcome.kind === 'unknown' && !outcome.final)
        void outcome.resolved.then((end) => this.#placed(facts, end));
    });
  }

  #placed(facts: LegFacts, outcome: PlaceOutcome<Key>): void {
    if (outcome.kind === 'accepted') {
      facts.orderId = outcome.orderId;
      this.#failures = 0;
    } else if (outcome.kind !== 'unknown' || outcome.final) this.#failed();
    this.#parts.look(this.#entry);
  }

  #adjust(
    { order, orderId, facts }: Extract<LegState, { readonly is: 'working' }>,
    left: number,
    averagePrice: number | undefined,
  ): void {
    if (!order || order.status === 'cancelling') return;
    const contract = this.#contract;
    const quantity = order.filledQuantity + left;
    const stands = priceOfLeg(this.leg, order);
    const wanted =
      contract && averagePrice !== undefined && !this.#priceStays
        ? legPrice(this.leg, this.#entry.bracket, this.#entry.side, averagePrice, contract)
        : undefined;
    // A price that this broker did not set is the author's own.
    const price =
      wanted !== undefined && stands !== undefined && stands !== wanted && facts.prices.has(stands)
        ? wanted
        : undefined;
    if (quantity === order.quantity && price === undefined) return;
    void this.#do(() =>
      this.#modify(
        facts,
        orderId,
        {
          ...(quantity !== order.quantity && { quantity }),
          ...(price !== undefined &&
            (this.leg === 'stop' ? { stopPrice: price } : { limitPrice: price })),
        },
        quantity,
        price,
      ),
    );
  }

  async #modify(
    facts: LegFacts,
    orderId: string,
    change: {
      readonly quantity?: number;
      readonly stopPrice?: number;
      readonly limitPrice?: number;
    },
    quantity: number,
    price: number | undefined,
  ): Promise<boolean> {
    const { book, broker, changing } = this.#parts;
    try {
      book.write(this.#entry, {
        step: 'resize',
        leg: this.leg,
        clientOrderId: facts.clientOrderId,
        quantity,
        price,
        filled: this.#filledOfEntry,
      });
    } catch (cause) {
      broker.events.emit('journal.failed', {
        what: 'line',
        operation: 'modify',
        clientOrderId: facts.clientOrderId,
        cause,
      });
      return false;
    }
    const told = await changing.modify({ orderId, ...change }, { getsOut: true });
    const end = told.kind === 'unknown' && !told.final ? await told.resolved : told;
    if (end.kind === 'rejected' && price !== undefined) this.#priceStays = true;
    // The row is what the next step is decided by; the stream may tell of it later than the answer.
    await this.#readAgain(orderId);
    return end.kind === 'accepted';
  }

  async #cancel({
    facts,
    ...state
  }: Extract<LegState, { readonly is: 'working' | 'uncertain' }>): Promise<boolean> {
    const { book, changing } = this.#parts;
    if (!facts.cancelAsked)
      book.writeOrGoOn(this.#entry, { step: 'cancel', clientOrderId: facts.clientOrderId });
    const told = await changing.cancel(
      state.is === 'working' ? { orderId: state.orderId } : { clientOrderId: facts.clientOrderId },
    );
    const end = told.kind === 'unknown' && !told.final ? await told.resolved : told;
    // The venue neither shows it nor says what a cancel of it came to.
    if (end.kind === 'unknown' && end.code === 'ABSENT' && state.is === 'working')
      facts.isGone = true;
    return end.kind === 'accepted' || facts.isGone;
  }

  async #readAgain(orderId: string): Promise<void> {
    const { broker } = this.#parts;
    await lookUp(
      broker,
      { by: 'order-id', orderId: orderId as Order['orderId'] },
      { lane: 'resolve', timeoutMs: broker.lookupTimeoutMs },
    );
  }

  /** One step; the next one is decided when it has ended. `step` gives whether it went well. */
  #do(step: () => Promise<boolean>): Promise<void> {
    this.#working = step()
      .catch((error: unknown) => {
        this.#parts.broker.log.warn(
          { clientOrderId: this.#entry.clientOrderId, leg: this.leg, error },
          'a leg could not be kept',
        );
        return false;
      })
      .then((wentWell) => {
        if (wentWell) this.#failures = 0;
        else this.#failed();
      })
      .finally(() => {
        this.#working = undefined;
        this.#parts.look(this.#entry);
      });
    return this.#working;
  }

  #failed(): void {
    const pauseMs = Math.min(firstPauseMs * 2 ** this.#failures, longestPauseMs);
    this.#failures += 1;
    this.#retryAt = this.#parts.broker.clock.monotonic() + pauseMs;
    this.#parts.lookIn(pauseMs, this.#entry);
  }

  get #filledOfEntry(): number {
    const { clientOrderId, orderId, filledAtLeast } = this.#entry;
    return Math.max(
      rowOf(this.#parts.broker, this.#parts.book, clientOrderId, orderId)?.filledQuantity ?? 0,
      filledAtLeast,
    );
  }

  get #contract(): Contract | undefined {
    return cachedContract(this.#parts.broker, this.#entry.contractId);
  }

  /** The contract of an entry of an earlier process may not be at hand. */
  async #fetchContract(): Promise<boolean> {
    await this.#parts.broker.adapter.prepare('contract', this.#entry.contractId, 'close');
    return this.#contract !== undefined;
  }

  #rowOf(facts: LegFacts): Order | undefined {
    return rowOf(this.#parts.broker, this.#parts.book, facts.clientOrderId, facts.orderId);
  }
}
