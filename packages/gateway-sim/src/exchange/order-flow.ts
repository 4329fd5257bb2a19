import type { AccountBook } from './account-book.ts';
import type { ExchangeEvent, ExchangeListener } from './exchange-event.ts';
import type { ExchangeSettings } from './exchange-settings.ts';
import { fillEvents } from './fill-events.ts';
import type { Slice } from './matching.ts';
import type { OrderRecord, OrderStatusNumber } from './order-record.ts';
import { isFinal, orderStatus, orderType } from './order-record.ts';
import type { OrderStore } from './order-store.ts';

/** What becomes of orders once they are taken: matched, filled, cancelled, their legs set to work; and who is told. */
export class OrderFlow {
  readonly #settings: ExchangeSettings;
  readonly #store: OrderStore;
  readonly #accounts: ReadonlyMap<number, AccountBook>;
  readonly #listeners = new Set<ExchangeListener>();
  /** Orders that the market is there for and that have not traded yet, because the venue takes time. */
  readonly #onTheWay = new Set<OrderRecord>();
  /** Orders whose cancel was accepted and is not done. */
  readonly #cancelling = new Set<OrderRecord>();

  constructor(
    settings: ExchangeSettings,
    store: OrderStore,
    accounts: ReadonlyMap<number, AccountBook>,
  ) {
    this.#settings = settings;
    this.#store = store;
    this.#accounts = accounts;
  }

  listen(listener: ExchangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  announce(event: ExchangeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Takes an order and its legs in, and tells of them. */
  take(account: AccountBook, order: OrderRecord): void {
    const { legs } = order;
    for (const each of [order, legs?.stopLoss, legs?.takeProfit])
      if (each) this.register(account, each);
    // As most often recorded: the stop-loss leg is announced before its entry, the target after it. They came in any order.
    const told = [legs?.stopLoss, order, legs?.takeProfit].filter((each) => each !== undefined);
    for (const each of this.#settings.choice.unusual() ? told.toReversed() : told)
      this.announce({ kind: 'order', order: each });
  }

  register(account: AccountBook, order: OrderRecord): void {
    this.#store.add(order);
    if (order.customTag !== undefined) account.tags.take(order.customTag, order.id);
  }

  reject(order: OrderRecord, at: number): void {
    this.announce({ kind: 'order', order });
    this.#move(order, orderStatus.rejected, at);
  }

  /** An order that has just been taken: one for the market trades, another one works. */
  begin(order: OrderRecord, at: number): void {
    if (order.type !== orderType.market) this.#move(order, orderStatus.open, at);
    this.matchInTime(order, at);
  }

  /** Refuses a market order that has found no price, and cancels its legs. */
  giveUp(order: OrderRecord, at: number): void {
    this.#move(order, orderStatus.rejected, at);
    for (const leg of [order.legs?.takeProfit, order.legs?.stopLoss])
      if (leg && !isFinal(leg)) this.#move(leg, orderStatus.cancelled, at);
  }

  isOnTheWay(order: OrderRecord): boolean {
    return this.#onTheWay.has(order);
  }

  isCancelling(order: OrderRecord): boolean {
    return this.#cancelling.has(order);
  }

  /** Whether the order of a close has not traded yet. */
  isClosing(accountId: number, contractId: string): boolean {
    return [...this.#onTheWay].some(
      (order) =>
        order.madeByClose === true &&
        !isFinal(order) &&
        order.accountId === accountId &&
        order.contract.id === contractId,
    );
  }

  /** Cancels an order as soon as the venue gets to it: it may fill meanwhile. */
  cancelInTime(order: OrderRecord, at: number): void {
    const cancelMs = this.#settings.times.cancelMs();
    if (cancelMs <= 0) return this.cancel(order, at);
    this.#cancelling.add(order);
    this.#settings.later(cancelMs, (then) => {
      this.#cancelling.delete(order);
      // safeguard: a fill ends a cancel that is on its way
      if (!isFinal(order)) this.cancel(order, then);
    });
  }

  /** Cancels an order. The legs of an entry that never filled go with it; a leg's sibling stays. */
  cancel(order: OrderRecord, at: number): void {
    this.#move(order, orderStatus.cancelled, at);
    if (order.parentOrderId !== undefined || !order.legs) return;
    if (order.fillVolume > 0) return this.activateLegs(order, at);
    for (const leg of [order.legs.takeProfit, order.legs.stopLoss])
      if (leg && !isFinal(leg)) this.#move(leg, orderStatus.cancelled, at);
  }

  /** Matches an order that has just come or changed, as soon as the venue gets to it. */
  matchInTime(order: OrderRecord, at: number): void {
    if (this.#onTheWay.has(order)) return;
    const source = this.#settings.prices.get(order.contract.id);
    const { matching, times } = this.#settings;
    const waitMs =
      !source || !matching.isDue(order, source, at)
        ? 0
        : order.madeByClose === true
          ? times.closeFillMs()
          : times.fillMs();
    if (waitMs <= 0) return this.#matchFirst(order, at);
    this.#onTheWay.add(order);
    this.#settings.later(waitMs, (then) => {
      this.#onTheWay.delete(order);
      this.#matchFirst(order, then);
    });
  }

  #matchFirst(order: OrderRecord, at: number): void {
    this.match(order, at);
    if (order.type === orderType.market && order.fillVolume === 0 && !isFinal(order))
      this.#settings.unpriced(order);
  }

  /** Trades what can be traded of an order at the present price. */
  match(order: OrderRecord, at: number): void {
    const source = this.#settings.prices.get(order.contract.id);
    if (!source || isFinal(order) || order.status === orderStatus.suspended) return;
    const { matching } = this.#settings;
    if (!matching.isDue(order, source, at)) return;
    const slices = matching.slices(order, source);
    if (slices.length > 0) this.#fill(order, slices, at);
  }

  /** Sets the legs' prices from the entry's fill price and lets them work; the target is announced first, as recorded. */
  activateLegs(entry: OrderRecord, filledAt: number): void {
    const { takeProfit, stopLoss } = entry.legs ?? {};
    const fillTicks = Math.round(entry.filledTicks / entry.fillVolume);
    const activate = (leg: OrderRecord | undefined, at: number): void => {
      if (leg?.status !== orderStatus.suspended) return;
      const { legsOfClosed } = this.#settings.rules;
      if (
        legsOfClosed !== 'works' &&
        !this.#accounts.get(entry.accountId)?.positions.has(entry.contract.id)
      ) {
        if (legsOfClosed === 'refused') this.#move(leg, orderStatus.rejected, at);
        else this.#enter(leg, orderStatus.cancelled, at);
        return;
      }
      const level = fillTicks + (leg.bracketTicks ?? 0);
      leg.size = entry.fillVolume;
      if (leg.type === orderType.limit) leg.limitTicks = level;
      else leg.stopTicks = level;
      this.#move(leg, orderStatus.open, at);
    };
    const work = (at: number): void => {
      activate(takeProfit, at);
      activate(stopLoss, at);
      for (const leg of [takeProfit, stopLoss]) if (leg) this.match(leg, at);
    };
    const { times, later } = this.#settings;
    if (times.bracketActivationMs > 0) later(times.bracketActivationMs, work);
    else work(filledAt);
  }

  #fill(order: OrderRecord, slices: readonly Slice[], at: number): void {
    const account = this.#accounts.get(order.accountId);
    if (!account) return;
    for (const { size, priceTicks } of slices) {
      order.fillVolume += size;
      order.filledTicks += priceTicks * size;
    }
    const isWhole = order.fillVolume === order.size;
    this.#enter(order, isWhole ? orderStatus.filled : orderStatus.open, at);
    // Recorded in four of four: a filled order keeps the time at which it began to work.
    if (this.#settings.rules.updateAtFill) order.updatedAt = at;
    const booked = account.fill(order, slices, at);
    this.announce({ kind: 'booked', order, fills: booked.turns.map(({ fill }) => fill) });
    for (const event of fillEvents(order, booked, this.#settings.choice)) this.announce(event);
    if (!isWhole || !order.legs) return;
    if (order.parentOrderId === undefined) this.activateLegs(order, at);
    else
      for (const sibling of [order.legs.takeProfit, order.legs.stopLoss])
        if (sibling && !isFinal(sibling)) this.#move(sibling, orderStatus.cancelled, at);
  }

  #move(order: OrderRecord, status: OrderStatusNumber, at: number): void {
    this.#enter(order, status, at);
    order.updatedAt = at;
    this.announce({ kind: 'order', order });
  }

  #enter(order: OrderRecord, status: OrderStatusNumber, at: number): void {
    order.status = status;
    order.states.push({ status, at });
    this.#store.settle(order);
  }
}
