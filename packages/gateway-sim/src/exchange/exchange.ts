import type { ContractList } from '../instruments/contract-list.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';
import type { SessionCalendar } from '../sessions/session-calendar.ts';
import type { AccountSettings, Fill } from './account-book.ts';
import { AccountBook } from './account-book.ts';
import { bracketRefusal } from './brackets.ts';
import type { ExchangeEvent, ExchangeListener } from './exchange-event.ts';
import { tradePrice } from './matching.ts';
import { newOrder, withLegs } from './new-order.ts';
import { orderPrices } from './order-prices.ts';
import type { OrderRecord, OrderStatusNumber, RawRequest } from './order-record.ts';
import { isFinal, orderStatus, orderType } from './order-record.ts';
import type { ModifyOrder, PlaceOrder } from './order-requests.ts';
import { OrderStore } from './order-store.ts';
import type { PriceSource, Quote } from './price-source.ts';
import type { Refusal } from './refusal.ts';
import { asCloseRefusal, isRefusal, refusal } from './refusal.ts';

const firstFillId = 3_000_000_001;
const firstPositionId = 820_000_001;

export interface ExchangeSettings {
  readonly contracts: ContractList;
  readonly accounts: readonly AccountSettings[];
  /** By contract id; a contract without one has expired. */
  readonly prices: ReadonlyMap<string, PriceSource>;
  /** Most contracts of an order that trade at once, the rest at the next price steps; 0 for no limit. */
  readonly largestFill: number;
  /** How many final orders and fills are remembered; 0 for all. */
  readonly keepHistory: number;
  /** Undefined for a venue that is always open. */
  readonly calendar: SessionCalendar | undefined;
  /** Whether positions and orders end with the session. */
  readonly autoFlatten: boolean;
  /** Whether a whole close also cancels the contract's orders of the account. */
  readonly closeCancelsOrders: boolean;
  readonly tagsIgnoreCase: boolean;
  /** Why a trailing stop cannot be placed in a contract; undefined for no reason. */
  readonly trailingRefusal: (contract: SimulatedContract) => string | undefined;
  /** Told of a market order that has found no price yet. */
  readonly unpriced: (order: OrderRecord) => void;
  /** Does a filled entry's activation of its legs, at once or later. */
  readonly activateLater: (task: (at: number) => void, at: number) => void;
}

/** The venue's matching side: orders, prices and what becomes of both. Time comes with every call. */
export class Exchange {
  readonly accounts: ReadonlyMap<number, AccountBook>;
  readonly #settings: ExchangeSettings;
  readonly #store: OrderStore;
  readonly #listeners = new Set<ExchangeListener>();
  #nextFillId = firstFillId;
  #nextPositionId = firstPositionId;

  constructor(settings: ExchangeSettings) {
    this.#settings = settings;
    this.#store = new OrderStore(settings.keepHistory, ({ accountId, customTag }) => {
      if (customTag !== undefined) this.accounts.get(accountId)?.tags.shrink(customTag);
    });
    const parts = {
      nextFillId: () => this.#nextFillId++,
      nextPositionId: () => this.#nextPositionId++,
      announce: (event: ExchangeEvent) => this.#announce(event),
      keepFills: settings.keepHistory,
      tagsIgnoreCase: settings.tagsIgnoreCase,
    };
    this.accounts = new Map(settings.accounts.map((account) => [account.id, new AccountBook(account, parts)]));
  }

  /** In the order of creation. */
  get orders(): readonly OrderRecord[] {
    return this.#store.orders;
  }

  /** How many final orders were dropped to keep memory bounded. */
  get forgottenOrders(): number {
    return this.#store.forgotten;
  }

  /** Calls `listener` at every event, within the call that causes it. Gives the function that ends it. */
  listen(listener: ExchangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  order(accountId: number, orderId: number): OrderRecord | undefined {
    const order = this.#store.byId(orderId);
    return order?.accountId === accountId ? order : undefined;
  }

  /** Status open only: suspended bracket legs are not in it. */
  openOrders(accountId: number): OrderRecord[] {
    return this.#store.workingOf(accountId).filter(({ status }) => status === orderStatus.open);
  }

  prices(contractId: string): PriceSource | undefined {
    return this.#settings.prices.get(contractId);
  }

  contract(contractId: string): SimulatedContract | undefined {
    return this.#settings.contracts.byId(contractId);
  }

  /** Order of checks as far as it is known: account, contract, tag, prices, brackets, hours, margin. A refused order is an order all the same and keeps its tag. */
  place(request: PlaceOrder, raw: RawRequest): OrderRecord | Refusal {
    const account = this.accounts.get(request.accountId);
    if (!account) return refusal(1);
    if (!account.settings.canTrade) return refusal(10);
    // The code is the reference's; its text was never recorded.
    if (account.settings.restriction === 'violation') return refusal(4);
    const contract = this.#settings.contracts.byId(request.contractId);
    if (!contract) return refusal(8);
    if (!contract.activeContract) return refusal(9);
    return this.#place(request, account, contract, raw);
  }

  #place(request: PlaceOrder, account: AccountBook, contract: SimulatedContract, raw: RawRequest): OrderRecord | Refusal {
    const source = this.prices(contract.id);
    if (!source) return refusal(9);
    const order = newOrder(request, contract, this.#store.nextId(), raw);
    const { customTag } = order;
    const legs = withLegs(order, request, () => this.#store.nextId());
    const bracketText = bracketRefusal(request, account.settings.bracketMode);
    const wantedTags = bracketText === undefined ? [customTag, legs?.stopLoss?.customTag, legs?.takeProfit?.customTag] : [customTag];
    if (customTag !== undefined && wantedTags.some((tag) => tag !== undefined && account.tags.has(tag))) {
      account.duplicateTags.set(customTag, (account.duplicateTags.get(customTag) ?? 0) + 1);
      return refusal(2, 'Specified custom tag is already in use');
    }
    this.#register(account, order);
    const prices = request.size < 1 ? ({ ok: false, text: 'Invalid size' } as const) : orderPrices(order.type, order.side, request, contract, source.quote, true);
    const text = prices.ok ? (this.#trailRefusal(order) ?? bracketText ?? this.#hoursRefusal(raw.at)) : prices.text;
    if (prices.ok) {
      order.limitTicks = prices.limitTicks;
      order.stopTicks = prices.stopTicks;
      order.trailTicks = prices.trailTicks;
    }
    if (text !== undefined) return this.#reject(order, 2, text, raw.at);
    if (lacksMargin(account, order)) return this.#reject(order, 3, 'Not enough margin.', raw.at);
    if (legs) {
      order.legs = legs;
      // As recorded: the stop-loss leg is announced before its entry, the target after it.
      if (legs.stopLoss) this.#register(account, legs.stopLoss);
    }
    this.#announce({ kind: 'order', order });
    if (legs?.takeProfit) this.#register(account, legs.takeProfit);
    if (order.type === orderType.market) {
      this.#match(order, raw.at);
      if (order.fillVolume === 0) this.#settings.unpriced(order);
    } else {
      this.#move(order, orderStatus.open, raw.at);
      this.#match(order, raw.at);
    }
    return order;
  }

  modify(request: ModifyOrder, raw: RawRequest): OrderRecord | Refusal {
    if (!this.accounts.has(request.accountId)) return refusal(1);
    const order = this.order(request.accountId, request.orderId);
    if (!order || isFinal(order)) return refusal(2);
    const source = this.prices(order.contract.id);
    if (!source) return refusal(7);
    order.requests.push(raw);
    // What the live gateway does with a suspended leg is not known.
    if (order.status === orderStatus.suspended) return refusal(3, 'Order is suspended');
    if (request.size != null && request.size <= order.fillVolume) return refusal(3, 'Invalid size');
    const changesPrice = request.limitPrice != null || request.stopPrice != null || request.trailPrice != null;
    if (changesPrice) {
      // A join order has become a limit order at its price.
      const type = order.type === orderType.joinBid || order.type === orderType.joinAsk ? orderType.limit : order.type;
      const prices = orderPrices(type, order.side, request, order.contract, source.quote, false);
      const text = prices.ok ? (request.trailPrice == null ? undefined : this.#trailRefusal(order)) : prices.text;
      if (!prices.ok || text !== undefined) return refusal(3, text ?? 'Invalid price');
      order.limitTicks = prices.limitTicks;
      order.stopTicks = prices.stopTicks;
      order.trailTicks = prices.trailTicks;
    }
    if (request.size != null) order.size = request.size;
    order.updatedAt = raw.at;
    this.#announce({ kind: 'order', order });
    this.#match(order, raw.at);
    return order;
  }

  cancel(accountId: number, orderId: number, raw: RawRequest): OrderRecord | Refusal {
    const account = this.accounts.get(accountId);
    if (!account) return refusal(1);
    const restricted = cancelRestriction(account);
    if (restricted !== undefined) return refusal(6, restricted);
    const order = this.order(accountId, orderId);
    if (!order) return refusal(2);
    order.requests.push(raw);
    if (isFinal(order)) return refusal(2);
    this.#cancel(order, raw.at);
    return order;
  }

  /** Closes the whole net position at the market, or `size` of it. The order it makes has no tag. */
  close(accountId: number, contractId: string, size: number | undefined, raw: RawRequest): OrderRecord | Refusal {
    const account = this.accounts.get(accountId);
    if (!account) return refusal(1);
    const contract = this.contract(contractId);
    if (!contract) return refusal(3);
    if (!this.prices(contractId)) return refusal(4);
    if (size !== undefined && account.settings.restriction === 'live') return refusal(9);
    if (!account.settings.canTrade) return refusal(size === undefined ? 8 : 9);
    const position = account.positions.get(contractId);
    if (!position) return refusal(2);
    const held = Math.abs(position.size);
    if (size !== undefined && (size < 1 || size > held)) return refusal(5);
    // A contract that is no longer the front month can still be left.
    const closed = this.#place({ accountId, contractId, type: orderType.market, side: position.size > 0 ? 1 : 0, size: size ?? held }, account, contract, raw);
    if (isRefusal(closed)) return asCloseRefusal(closed, size !== undefined);
    if (size === undefined && this.#settings.closeCancelsOrders) {
      for (const order of this.#store.working(contractId)) if (order.accountId === accountId && order !== closed) this.#cancel(order, raw.at);
    }
    return closed;
  }

  /** Takes in what was before a restart, without a word; orders in the order of their ids. Entries whose legs still wait have them work now. */
  restore(orders: readonly OrderRecord[], fills: readonly Fill[], at: number): void {
    for (const order of orders) {
      this.#store.add(order);
      if (order.customTag !== undefined) this.accounts.get(order.accountId)?.tags.take(order.customTag, order.id);
    }
    for (const fill of fills) {
      this.#nextFillId = Math.max(this.#nextFillId, fill.id + 1);
      this.accounts.get(fill.accountId)?.restore(fill);
    }
    for (const order of orders) if (order.parentOrderId === undefined && order.status === orderStatus.filled && order.legs) this.#activateLegs(order, at);
  }

  /** One step of every contract's price, and what it sets off. */
  stepPrices(at: number): void {
    for (const [contractId, source] of this.#settings.prices) {
      const before = source.quote;
      if (!source.step) continue;
      source.step();
      this.#priced(contractId, source, before, at);
    }
    this.flattenWhenDue(at);
  }

  /** The price of a contract was moved from outside; `before`: what it was. */
  priced(contractId: string, before: Quote | undefined, at: number): void {
    const source = this.prices(contractId);
    if (source) this.#priced(contractId, source, before, at);
  }

  #priced(contractId: string, source: PriceSource, before: Quote | undefined, at: number): void {
    const { quote, volume } = source;
    if (!quote) return;
    this.#announce({ kind: 'price', contractId, before: before ?? quote, quote, volume, at });
    for (const order of this.#store.working(contractId)) this.#match(order, at);
  }

  /** Refuses a market order that has found no price, and cancels its legs. */
  giveUp(order: OrderRecord, at: number): void {
    if (isFinal(order)) return;
    this.#move(order, orderStatus.rejected, at);
    for (const leg of [order.legs?.takeProfit, order.legs?.stopLoss]) if (leg && !isFinal(leg)) this.#move(leg, orderStatus.cancelled, at);
  }

  /** At the end of the trading day, with that option, ends what is open. */
  flattenWhenDue(at: number): void {
    if (this.#settings.autoFlatten && this.#settings.calendar?.mustBeFlat(at) === true) this.#flatten(at);
  }

  /** Ends every order and closes every position, as the venue does at the end of the trading day. */
  #flatten(at: number): void {
    for (const account of this.accounts.values()) {
      const closing = new Set<string>();
      for (const order of this.#store.workingOf(account.settings.id)) {
        if (order.type === orderType.market) closing.add(order.contract.id);
        else if (!isFinal(order)) this.#cancel(order, at);
      }
      for (const { contract, size } of account.positions.values()) {
        if (closing.has(contract.id)) continue;
        const request = { accountId: account.settings.id, contractId: contract.id, type: orderType.market, side: size > 0 ? 1 : 0, size: Math.abs(size) };
        const order = newOrder(request, contract, this.#store.nextId(), { at, path: 'end of the trading day', body: '' });
        this.#register(account, order);
        this.#announce({ kind: 'order', order });
        this.#match(order, at);
        if (order.fillVolume === 0) this.#settings.unpriced(order);
      }
    }
  }

  #trailRefusal({ type, contract }: OrderRecord): string | undefined {
    return type === orderType.trailingStop ? this.#settings.trailingRefusal(contract) : undefined;
  }

  #hoursRefusal(at: number): string | undefined {
    return this.#settings.calendar?.takesOrders(at) === false ? 'Trading is currently unavailable. The instrument is not in an active trading status.' : undefined;
  }

  #register(account: AccountBook, order: OrderRecord): void {
    this.#store.add(order);
    if (order.customTag !== undefined) account.tags.take(order.customTag, order.id);
    if (order.status === orderStatus.suspended) this.#announce({ kind: 'order', order });
  }

  #reject(order: OrderRecord, errorCode: number, text: string, at: number): Refusal {
    this.#announce({ kind: 'order', order });
    this.#move(order, orderStatus.rejected, at);
    return refusal(errorCode, text, order.id);
  }

  #move(order: OrderRecord, status: OrderStatusNumber, at: number): void {
    order.status = status;
    order.updatedAt = at;
    order.states.push({ status, at });
    this.#store.settle(order);
    this.#announce({ kind: 'order', order });
  }

  /** Cancels an order. The legs of an entry that never filled go with it; a leg's sibling stays. */
  #cancel(order: OrderRecord, at: number): void {
    this.#move(order, orderStatus.cancelled, at);
    if (order.parentOrderId !== undefined || !order.legs) return;
    if (order.fillVolume > 0) return this.#activateLegs(order, at);
    for (const leg of [order.legs.takeProfit, order.legs.stopLoss]) if (leg && !isFinal(leg)) this.#move(leg, orderStatus.cancelled, at);
  }

  #match(order: OrderRecord, at: number): void {
    const source = this.prices(order.contract.id);
    if (!source || isFinal(order) || order.status === orderStatus.suspended) return;
    // safeguard: no fill without a fresh quote
    const quote = source.tradesAt?.(at) === false ? undefined : source.quote;
    const priceTicks = quote && tradePrice(order, quote);
    if (priceTicks !== undefined) this.#fill(order, priceTicks, at);
  }

  #fill(order: OrderRecord, priceTicks: number, at: number): void {
    const rest = order.size - order.fillVolume;
    const { largestFill } = this.#settings;
    const size = largestFill > 0 ? Math.min(largestFill, rest) : rest;
    order.fillVolume += size;
    order.filledTicks += priceTicks * size;
    this.#move(order, size === rest ? orderStatus.filled : orderStatus.open, at);
    this.accounts.get(order.accountId)?.fill(order, size, priceTicks, at);
    if (size < rest || !order.legs) return;
    if (order.parentOrderId === undefined) this.#activateLegs(order, at);
    else for (const sibling of [order.legs.takeProfit, order.legs.stopLoss]) if (sibling && !isFinal(sibling)) this.#move(sibling, orderStatus.cancelled, at);
  }

  /** Sets the legs' prices from the entry's fill price and lets them work; the target is announced first, as recorded. */
  #activateLegs(entry: OrderRecord, filledAt: number): void {
    const { takeProfit, stopLoss } = entry.legs ?? {};
    const fillTicks = Math.round(entry.filledTicks / entry.fillVolume);
    const activate = (leg: OrderRecord | undefined, at: number): void => {
      if (leg?.status !== orderStatus.suspended) return;
      const level = fillTicks + (leg.bracketTicks ?? 0);
      leg.size = entry.fillVolume;
      if (leg.type === orderType.limit) leg.limitTicks = level;
      else leg.stopTicks = level;
      this.#move(leg, orderStatus.open, at);
    };
    this.#settings.activateLater((at) => {
      activate(takeProfit, at);
      activate(stopLoss, at);
      for (const leg of [takeProfit, stopLoss]) if (leg) this.#match(leg, at);
    }, filledAt);
  }

  #announce(event: ExchangeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function lacksMargin(account: AccountBook, { contract, side, size }: OrderRecord): boolean {
  const { marginPerContract } = account.settings;
  if (marginPerContract <= 0) return false;
  const held = account.positions.get(contract.id)?.size ?? 0;
  const after = Math.abs(held + (side === 0 ? size : -size));
  return after > Math.abs(held) && after * marginPerContract > account.balance;
}

/** The texts with which documented account kinds refuse a cancel. */
function cancelRestriction({ settings: { restriction } }: AccountBook): string | undefined {
  if (restriction === 'follower') return 'Follower accounts cannot cancel orders';
  return restriction === 'live' ? 'Live accounts not supported' : undefined;
}
