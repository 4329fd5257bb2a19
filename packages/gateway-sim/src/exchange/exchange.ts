import type { SimulatedContract } from '../instruments/contracts.ts';
import type { Fill } from './account-book.ts';
import { AccountBook } from './account-book.ts';
import { bracketRefusal } from './brackets.ts';
import type { ExchangeListener } from './exchange-event.ts';
import type { ExchangeSettings } from './exchange-settings.ts';
import { isOrderType, newOrder, withLegs } from './new-order.ts';
import { OrderFlow } from './order-flow.ts';
import { orderPrices } from './order-prices.ts';
import type { OrderRecord, OrderTypeNumber, RawRequest, SideNumber } from './order-record.ts';
import { isFinal, orderStatus, orderType } from './order-record.ts';
import type { ModifyOrder, PlaceOrder } from './order-requests.ts';
import { OrderStore } from './order-store.ts';
import { cancelRestriction, placeVerdict, wasRecordedAsOrder } from './place-refusals.ts';
import type { PriceSource, Quote } from './price-source.ts';
import type { Refusal } from './refusal.ts';
import { asCloseRefusal, isRefusal, refusal } from './refusal.ts';

const firstFillId = 3_000_000_001;
const firstPositionId = 820_000_001;

/** The venue's matching side: orders, prices and what becomes of both. Time comes with every call. */
export class Exchange {
  readonly accounts: ReadonlyMap<number, AccountBook>;
  readonly #settings: ExchangeSettings;
  readonly #store: OrderStore;
  readonly #flow: OrderFlow;
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
      keepFills: settings.keepHistory,
      tagsIgnoreCase: settings.tagsIgnoreCase,
      costs: settings.costs,
    };
    this.accounts = new Map(
      settings.accounts.map((account) => [account.id, new AccountBook(account, parts)]),
    );
    this.#flow = new OrderFlow(settings, this.#store, this.accounts);
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
    return this.#flow.listen(listener);
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
    return this.#settings.contracts.find(contractId);
  }

  /** Order of checks as far as it is known: account, contract, tag, prices, brackets, hours, margin. A refused order is an order all the same and keeps its tag. */
  place(request: PlaceOrder, raw: RawRequest): OrderRecord | Refusal {
    const account = this.accounts.get(request.accountId);
    if (!account) return refusal(1);
    if (!account.settings.canTrade) return refusal(10);
    // The code is the reference's; its text was never recorded.
    if (account.settings.restriction === 'violation') return refusal(4);
    const contract = this.contract(request.contractId);
    if (!contract) return refusal(8);
    if (!contract.activeContract) return refusal(9);
    // No row could show such an order. The texts are those that a client matches, or made after them.
    if (!isOrderType(request.type)) return refusal(2, 'Invalid order type specified');
    const side = sideOf(request.side, this.#settings.rules.sidesUnchecked);
    // safeguard: a side that there is not trades nothing
    if (side === undefined) return refusal(2, 'Invalid order side specified');
    return this.#place({ ...request, type: request.type, side }, account, contract, raw);
  }

  #place(
    request: PlaceOrder & { readonly type: OrderTypeNumber; readonly side: SideNumber },
    account: AccountBook,
    contract: SimulatedContract,
    raw: RawRequest,
    madeByClose?: true,
  ): OrderRecord | Refusal {
    const source = this.prices(contract.id);
    if (!source) return refusal(9);
    const customTag =
      this.#settings.rules.emptyTag === 'no-tag' && request.customTag === ''
        ? null
        : request.customTag;
    const order = newOrder(
      { ...request, customTag },
      contract,
      this.#store.nextId(),
      raw,
      madeByClose,
    );
    const legs = withLegs(order, request, () => this.#store.nextId());
    const tags = this.#tagRefusal(account, request, order, legs);
    if (tags) return tags;
    const { prices, refused } = placeVerdict(
      request,
      order,
      account,
      source,
      this.#settings,
      raw.at,
    );
    if (prices) {
      order.limitTicks = prices.limitTicks;
      order.stopTicks = prices.stopTicks;
      order.trailTicks = prices.trailTicks;
    }
    if (
      refused &&
      this.#settings.rules.refusedOrders === 'recorded' &&
      !wasRecordedAsOrder(refused.text)
    )
      return refusal(refused.errorCode, refused.text);
    if (refused) {
      this.#flow.register(account, order);
      this.#flow.reject(order, raw.at);
      return refusal(refused.errorCode, refused.text, order.id);
    }
    if (
      this.#settings.rules.crossingLimits === 'market' &&
      order.type === orderType.limit &&
      this.#settings.matching.isDue(order, source, raw.at)
    )
      order.shownAsMarket = true;
    order.legs = legs;
    this.#flow.take(account, order);
    this.#flow.begin(order, raw.at);
    return order;
  }

  /** Why an order cannot have its tag, or its legs theirs. */
  #tagRefusal(
    account: AccountBook,
    request: PlaceOrder,
    { customTag }: OrderRecord,
    legs: OrderRecord['legs'],
  ): Refusal | undefined {
    if (customTag === undefined) return undefined;
    const takesLegs =
      bracketRefusal(
        request,
        account.settings.bracketMode,
        this.#settings.rules.leastTargetTicks,
      ) === undefined;
    const wanted = [
      customTag,
      ...(takesLegs ? [legs?.stopLoss?.customTag, legs?.takeProfit?.customTag] : []),
    ].filter((tag) => tag !== undefined);
    const { longestTag } = this.#settings.rules;
    if (longestTag > 0 && wanted.some((tag) => tag.length > longestTag))
      return refusal(2, 'Invalid custom tag');
    if (!wanted.some((tag) => account.tags.has(tag))) return undefined;
    account.duplicateTags.set(customTag, (account.duplicateTags.get(customTag) ?? 0) + 1);
    return refusal(2, 'Specified custom tag is already in use');
  }

  modify(request: ModifyOrder, raw: RawRequest): OrderRecord | Refusal {
    if (!this.accounts.has(request.accountId)) return refusal(1);
    const order = this.order(request.accountId, request.orderId);
    if (!order || isFinal(order)) return refusal(2);
    const source = this.prices(order.contract.id);
    if (!source) return refusal(7);
    order.requests.push(raw);
    const { rules } = this.#settings;
    if (this.#flow.isCancelling(order)) return refusal(4);
    const isSuspended = order.status === orderStatus.suspended;
    if (isSuspended && rules.suspendedLegs === 'refused') return refusal(3, 'Order is suspended');
    if (request.size != null && request.size <= order.fillVolume)
      return refusal(3, 'Invalid order size specified');
    if (
      request.size != null &&
      request.size !== order.size &&
      order.parentOrderId !== undefined &&
      rules.legSize === 'refused'
    )
      return refusal(3, 'Invalid order size specified');
    const changesPrice =
      request.limitPrice != null || request.stopPrice != null || request.trailPrice != null;
    if (changesPrice) {
      // A join order has become a limit order at its price.
      const type =
        order.type === orderType.joinBid || order.type === orderType.joinAsk
          ? orderType.limit
          : order.type;
      const prices = orderPrices(type, order.side, request, order.contract, source.quote, false);
      const text = prices.ok
        ? request.trailPrice == null
          ? undefined
          : this.#trailRefusal(order)
        : prices.text;
      if (!prices.ok || text !== undefined) return refusal(3, text ?? 'Invalid price');
      order.limitTicks = prices.limitTicks;
      order.stopTicks = prices.stopTicks;
      order.trailTicks = prices.trailTicks;
    }
    if (request.size != null) order.size = request.size;
    if (rules.modifyMovesTime) order.updatedAt = raw.at;
    this.#flow.announce({ kind: 'order', order });
    if (!isSuspended) this.#flow.matchInTime(order, raw.at);
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
    if (this.#flow.isCancelling(order)) return refusal(4);
    this.#flow.cancelInTime(order, raw.at);
    return order;
  }

  /** Closes the whole net position at the market, or `size` of it. The order it makes has no tag. */
  close(
    accountId: number,
    contractId: string,
    size: number | undefined,
    raw: RawRequest,
  ): OrderRecord | Refusal {
    const account = this.accounts.get(accountId);
    if (!account) return refusal(1);
    const contract = this.contract(contractId);
    if (!contract) return refusal(3);
    if (!this.prices(contractId)) return refusal(4);
    if (size !== undefined && account.settings.restriction === 'live') return refusal(9);
    if (!account.settings.canTrade) return refusal(size === undefined ? 8 : 9);
    const position = account.positions.get(contractId);
    if (
      !position ||
      (this.#settings.rules.secondClose === 'refused' &&
        this.#flow.isClosing(accountId, contractId))
    )
      return refusal(2);
    const held = Math.abs(position.size);
    if (size !== undefined && (size < 1 || size > held)) return refusal(5);
    // A contract that is no longer the front month can still be left.
    const closed = this.#place(
      {
        accountId,
        contractId,
        type: orderType.market,
        side: position.size > 0 ? 1 : 0,
        size: size ?? held,
      },
      account,
      contract,
      raw,
      true,
    );
    if (isRefusal(closed)) return asCloseRefusal(closed, size !== undefined);
    if (size === undefined && this.#settings.closeCancelsOrders) {
      for (const order of this.#store.working(contractId))
        if (order.accountId === accountId && order !== closed) this.#flow.cancel(order, raw.at);
    }
    return closed;
  }

  /** Takes in what was before a restart, without a word; orders in the order of their ids. Entries whose legs still wait have them work now. */
  restore(orders: readonly OrderRecord[], fills: readonly Fill[], at: number): void {
    for (const order of orders) {
      this.#store.add(order);
      if (order.customTag !== undefined)
        this.accounts.get(order.accountId)?.tags.take(order.customTag, order.id);
    }
    for (const fill of fills) {
      this.#nextFillId = Math.max(this.#nextFillId, fill.id + 1);
      this.accounts.get(fill.accountId)?.restore(fill);
    }
    for (const order of orders) {
      // What was on its way when the process ended trades at the first of the new prices.
      if (order.status === orderStatus.pending) this.#flow.match(order, at);
      else if (
        order.parentOrderId === undefined &&
        order.status === orderStatus.filled &&
        order.legs
      )
        this.#flow.activateLegs(order, at);
    }
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
    const steps = this.#settings.matching.stepped(contractId);
    this.#flow.announce({
      kind: 'price',
      contractId,
      before: before ?? quote,
      quote,
      volume,
      steps,
      at,
    });
    for (const order of this.#store.working(contractId))
      if (!this.#flow.isOnTheWay(order)) this.#flow.match(order, at);
  }

  /** Refuses a market order that has found no price, and cancels its legs. */
  giveUp(order: OrderRecord, at: number): void {
    if (!isFinal(order)) this.#flow.giveUp(order, at);
  }

  /** At the end of the trading day, with that option, ends what is open. */
  flattenWhenDue(at: number): void {
    if (this.#settings.autoFlatten && this.#settings.calendar?.mustBeFlat(at) === true)
      this.#flatten(at);
  }

  /** Ends every order and closes every position, as the venue does at the end of the trading day. */
  #flatten(at: number): void {
    for (const account of this.accounts.values()) {
      const closing = new Set<string>();
      for (const order of this.#store.workingOf(account.settings.id)) {
        if (order.type === orderType.market) closing.add(order.contract.id);
        else if (!isFinal(order)) this.#flow.cancel(order, at);
      }
      for (const { contract, size } of account.positions.values()) {
        if (closing.has(contract.id)) continue;
        const request = {
          accountId: account.settings.id,
          contractId: contract.id,
          type: orderType.market,
          side: size > 0 ? 1 : 0,
          size: Math.abs(size),
        } as const;
        const order = newOrder(request, contract, this.#store.nextId(), {
          at,
          path: 'end of the trading day',
          body: '',
        });
        this.#flow.take(account, order);
        this.#flow.begin(order, at);
      }
    }
  }

  #trailRefusal({ type, contract }: OrderRecord): string | undefined {
    return type === orderType.trailingStop ? this.#settings.trailingRefusal(contract) : undefined;
  }
}

/** Buy and sell; undefined for a number that is neither. */
function sideOf(side: number, unchecked: boolean): SideNumber | undefined {
  if (side === 0 || side === 1) return side;
  return unchecked ? 1 : undefined;
}
