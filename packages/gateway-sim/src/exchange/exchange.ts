import type { SimulatedContract } from '../instruments/contracts.ts';
import { seededRandom } from '../seeded-random.ts';
import { ticksOfPrice } from '../tick.ts';
import type { AccountSettings } from './account-book.ts';
import { AccountBook } from './account-book.ts';
import type { WantedPrices } from './order-prices.ts';
import { orderPrices } from './order-prices.ts';
import type { OrderRecord, OrderStatusNumber, OrderTypeNumber, RawRequest, SideNumber } from './order-record.ts';
import { orderStatus, orderType } from './order-record.ts';
import { PriceWalk } from './price-walk.ts';
import type { Refusal } from './refusal.ts';
import { refusal } from './refusal.ts';

export interface PlaceOrder extends WantedPrices {
  readonly accountId: number;
  readonly contractId: string;
  readonly type: number;
  readonly side: number;
  readonly size: number;
  readonly customTag?: string | null | undefined;
  readonly stopLossBracket?: BracketLeg | null | undefined;
  readonly takeProfitBracket?: BracketLeg | null | undefined;
}
export interface BracketLeg {
  readonly ticks: number;
  readonly type: number;
}
export interface ModifyOrder extends WantedPrices {
  readonly accountId: number;
  readonly orderId: number;
  readonly size?: number | null | undefined;
}

/** Ids begin above 2^31, as on the live gateway since 2026: clients that keep them in 32 bits fail here first. */
const firstOrderId = 3_400_000_001;
const firstFillId = 3_000_000_001;
const firstPositionId = 820_000_001;
const types: ReadonlySet<number> = new Set(Object.values(orderType));

/** The venue's matching side: orders, prices and what becomes of both. Time comes with every call. */
export class Exchange {
  readonly accounts: ReadonlyMap<number, AccountBook>;
  /** In the order of creation. */
  readonly orders: OrderRecord[] = [];
  readonly #contracts: ReadonlyMap<string, SimulatedContract>;
  readonly #walks: ReadonlyMap<string, PriceWalk>;
  readonly #ordersById = new Map<number, OrderRecord>();
  /** Working orders by contract: all that a price step has to look at. */
  readonly #working = new Map<string, Set<OrderRecord>>();
  #nextOrderId = firstOrderId;
  #nextFillId = firstFillId;
  #nextPositionId = firstPositionId;

  constructor(seed: number, contracts: readonly SimulatedContract[], accounts: readonly AccountSettings[]) {
    this.#contracts = new Map(contracts.map((contract) => [contract.id, contract]));
    this.#walks = new Map(
      contracts
        .filter((contract) => contract.activeContract)
        .map((contract) => [contract.id, new PriceWalk(ticksOfPrice(contract.product.startPrice, contract.tick) ?? 1, seededRandom(seed, contract.id))]),
    );
    const nextId = { fill: () => this.#nextFillId++, position: () => this.#nextPositionId++ };
    this.accounts = new Map(accounts.map((settings) => [settings.id, new AccountBook(settings, nextId)]));
  }

  order(accountId: number, orderId: number): OrderRecord | undefined {
    const order = this.#ordersById.get(orderId);
    return order?.accountId === accountId ? order : undefined;
  }

  walk(contractId: string): PriceWalk | undefined {
    return this.#walks.get(contractId);
  }

  /** Order of checks as far as it is known: account, contract, tag, then prices. A refused order is an order all the same and keeps its tag. */
  place(request: PlaceOrder, raw: RawRequest): OrderRecord | Refusal {
    const account = this.accounts.get(request.accountId);
    if (!account) return refusal(1);
    if (!account.settings.canTrade) return refusal(10);
    const contract = this.#contracts.get(request.contractId);
    if (!contract) return refusal(8);
    const walk = this.#walks.get(contract.id);
    if (!walk) return refusal(9);
    const tag = request.customTag ?? undefined;
    if (tag !== undefined && account.tags.has(tag.toLowerCase())) {
      account.duplicateTags.set(tag, (account.duplicateTags.get(tag) ?? 0) + 1);
      return refusal(2, 'Specified custom tag is already in use');
    }
    const side: SideNumber = request.side === 0 ? 0 : 1;
    const type = toType(request.type) ?? orderType.stopLimit;
    const prices = request.size < 1 ? ({ ok: false, text: 'Invalid size' } as const) : (bracketRefusal(request) ?? orderPrices(type, side, request, contract, walk.quote, true));
    const order = this.#open(request, contract, type, side, raw);
    if (tag !== undefined) account.tags.set(tag.toLowerCase(), order.id);
    if (!prices.ok) {
      this.#move(order, orderStatus.rejected, raw.at);
      return refusal(2, prices.text, order.id);
    }
    order.limitTicks = prices.limitTicks;
    order.stopTicks = prices.stopTicks;
    order.trailTicks = prices.trailTicks;
    this.#move(order, orderStatus.open, raw.at);
    this.#match(order, raw.at);
    return order;
  }

  modify(request: ModifyOrder, raw: RawRequest): OrderRecord | Refusal {
    if (!this.accounts.has(request.accountId)) return refusal(1);
    const order = this.order(request.accountId, request.orderId);
    if (!order || !isWorking(order)) return refusal(2);
    const walk = this.#walks.get(order.contract.id);
    if (!walk) return refusal(7);
    order.requests.push(raw);
    if (request.size != null && request.size <= order.fillVolume) return refusal(3, 'Invalid size');
    const changesPrice = request.limitPrice != null || request.stopPrice != null || request.trailPrice != null;
    if (changesPrice) {
      // A join order has become a limit order at its price.
      const type = order.type === orderType.joinBid || order.type === orderType.joinAsk ? orderType.limit : order.type;
      const prices = orderPrices(type, order.side, request, order.contract, walk.quote, false);
      if (!prices.ok) return refusal(3, prices.text);
      order.limitTicks = prices.limitTicks;
      order.stopTicks = prices.stopTicks;
      order.trailTicks = prices.trailTicks;
    }
    if (request.size != null) order.size = request.size;
    order.updatedAt = raw.at;
    this.#match(order, raw.at);
    return order;
  }

  cancel(accountId: number, orderId: number, raw: RawRequest): OrderRecord | Refusal {
    if (!this.accounts.has(accountId)) return refusal(1);
    const order = this.order(accountId, orderId);
    if (!order) return refusal(2);
    order.requests.push(raw);
    if (!isWorking(order)) return refusal(2);
    this.#move(order, orderStatus.cancelled, raw.at);
    return order;
  }

  /** Closes the whole net position at the market, or `size` of it. The order it makes has no tag. */
  close(accountId: number, contractId: string, size: number | undefined, raw: RawRequest): OrderRecord | Refusal {
    const account = this.accounts.get(accountId);
    if (!account) return refusal(1);
    if (!this.#contracts.has(contractId)) return refusal(3);
    const position = account.positions.get(contractId);
    if (!position) return refusal(2);
    const held = Math.abs(position.size);
    if (size !== undefined && (size < 1 || size > held)) return refusal(5);
    const closed = this.place({ accountId, contractId, type: orderType.market, side: position.size > 0 ? 1 : 0, size: size ?? held }, raw);
    return isRefusal(closed) ? asCloseRefusal(closed, size !== undefined) : closed;
  }

  /** One step of every contract's price, and what it sets off. */
  stepPrices(at: number): void {
    for (const [contractId, walk] of this.#walks) {
      walk.step();
      this.matchContract(contractId, at);
    }
  }

  matchContract(contractId: string, at: number): void {
    const working = this.#working.get(contractId);
    if (working) for (const order of working) this.#match(order, at);
  }

  #open(request: PlaceOrder, contract: SimulatedContract, type: OrderTypeNumber, side: SideNumber, raw: RawRequest): OrderRecord {
    const order: OrderRecord = {
      id: this.#nextOrderId++,
      accountId: request.accountId,
      contract,
      createdAt: raw.at,
      updatedAt: raw.at,
      status: orderStatus.pending,
      type,
      side,
      size: request.size,
      limitTicks: undefined,
      stopTicks: undefined,
      trailTicks: undefined,
      fillVolume: 0,
      filledTicks: 0,
      customTag: request.customTag ?? undefined,
      states: [{ status: orderStatus.pending, at: raw.at }],
      requests: [raw],
    };
    this.orders.push(order);
    this.#ordersById.set(order.id, order);
    return order;
  }

  #move(order: OrderRecord, status: OrderStatusNumber, at: number): void {
    order.status = status;
    order.updatedAt = at;
    order.states.push({ status, at });
    let working = this.#working.get(order.contract.id);
    if (!working) {
      working = new Set();
      this.#working.set(order.contract.id, working);
    }
    if (isWorking(order)) working.add(order);
    else working.delete(order);
  }

  #match(order: OrderRecord, at: number): void {
    const walk = this.#walks.get(order.contract.id);
    if (!walk) return;
    const { bid, ask, last } = walk.quote;
    const best = order.side === 0 ? ask : bid;
    switch (order.type) {
      case orderType.market:
        return this.#fill(order, best, at);
      case orderType.limit:
      case orderType.joinBid:
      case orderType.joinAsk: {
        const limit = order.limitTicks ?? best;
        // Never worse than the limit; better when the market is better.
        if (order.side === 0 ? ask <= limit : bid >= limit) this.#fill(order, best, at);
        return;
      }
      case orderType.trailingStop:
        trail(order, last);
        return this.#trigger(order, best, last, at);
      case orderType.stop:
        return this.#trigger(order, best, last, at);
      case orderType.stopLimit:
        return;
    }
  }

  #trigger(order: OrderRecord, best: number, last: number, at: number): void {
    const { stopTicks } = order;
    if (stopTicks !== undefined && (order.side === 0 ? last >= stopTicks : last <= stopTicks)) this.#fill(order, best, at);
  }

  #fill(order: OrderRecord, priceTicks: number, at: number): void {
    const size = order.size - order.fillVolume;
    order.fillVolume += size;
    order.filledTicks += priceTicks * size;
    this.accounts.get(order.accountId)?.fill(order, size, priceTicks, at);
    this.#move(order, orderStatus.filled, at);
  }
}

/** The stop follows the last price at its distance, and only towards it. */
function trail(order: OrderRecord, last: number): void {
  if (order.trailTicks === undefined || order.stopTicks === undefined) return;
  const level = last + order.trailTicks;
  order.stopTicks = order.side === 0 ? Math.min(order.stopTicks, level) : Math.max(order.stopTicks, level);
}

/** Every account is in Position Brackets mode, the live default, in which bracket objects are refused (ProjectX documentation, 2026). */
function bracketRefusal({ stopLossBracket, takeProfitBracket }: PlaceOrder): { readonly ok: false; readonly text: string } | undefined {
  if (stopLossBracket == null && takeProfitBracket == null) return undefined;
  return { ok: false, text: 'Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.' };
}

/** The close endpoints have numbers of their own for what a place refuses. */
function asCloseRefusal({ errorCode, errorMessage, orderId }: Refusal, partial: boolean): Refusal {
  if (errorCode === 9) return refusal(4, errorMessage, orderId);
  const [rejected, accountRejected] = partial ? [6, 9] : [5, 8];
  return refusal(errorCode === 10 ? accountRejected : rejected, errorMessage, orderId);
}

function isWorking(order: OrderRecord): boolean {
  return order.status === orderStatus.open || order.status === orderStatus.pending || order.status === orderStatus.suspended;
}

function toType(number: number): OrderTypeNumber | undefined {
  return types.has(number) ? (number as OrderTypeNumber) : undefined;
}

export function isRefusal(result: OrderRecord | Refusal): result is Refusal {
  return 'errorCode' in result;
}
