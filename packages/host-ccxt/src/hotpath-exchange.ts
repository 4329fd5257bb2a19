import type { Contract, MarketEvidence, Order, OrderRef, Outcome, Position, Subscription, TimeSpan, Trade } from '@hotpath/core';
import { ArgumentsRequired, BadRequest, Exchange, InvalidOrder, NotSupported, OrderNotFound, RequestTimeout } from 'ccxt';
import type { Balances, Dictionary, Int, Market, MarketInterface, Num, OHLCV, Order as CcxtOrder, OrderSide, OrderType, Position as CcxtPosition, Str, Strings, Ticker, Trade as CcxtTrade } from 'ccxt';
import { errorOf, readErrorOf } from './errors.ts';
import type { CcxtBroker } from './features.ts';
import { features, offered } from './features.ts';
import { marketOf } from './market.ts';
import { modifyRequest, orderRequest, refuseUnknown } from './order-parameters.ts';
import { timeframes } from './timeframes.ts';
import { flatPosition, rawBalance, rawBar, rawOrder, rawPosition, rawTicker, rawTrade } from './unified.ts';
import { UpdateLog } from './update-log.ts';

type Params = Record<string, unknown>;

const dayMs = 86_400_000;
/** Reads of what was, without a `since`. */
const defaultSpanMs = 7 * dayMs;
const defaultBars = 100;
/** Without a price by then, the market stream gives none. */
const quoteWithinMs = 5_000;
const none: ReadonlySet<string> = new Set();
const spanned: ReadonlySet<string> = new Set(['until']);

/** What this class keeps of its own, away from the many fields of ccxt's. */
interface Inner {
  readonly broker: CcxtBroker;
  readonly orders: UpdateLog<CcxtOrder>;
  readonly trades: UpdateLog<CcxtTrade>;
  readonly positions: UpdateLog<CcxtPosition>;
  readonly tickers: UpdateLog<Ticker>;
  readonly subscriptions: Map<string, Promise<Subscription>>;
  readonly stopListening: () => void;
}
const inners = new WeakMap<HotpathExchange, Inner>();

function innerOf(exchange: HotpathExchange): Inner {
  const inner = inners.get(exchange);
  if (!inner) throw new TypeError('an exchange is made by createCcxtExchange({ broker })');
  return inner;
}

/** A ccxt exchange that trades through a Hotpath broker. Nothing of ccxt's own transport, retries or throttling is between a call and its order. */
export class HotpathExchange extends Exchange {
  /** Gives it the broker it trades through. Made so, and not by the constructor: ccxt's own calls `describe` before a field of a subclass is set. */
  static over(broker: CcxtBroker): HotpathExchange {
    const exchange = new HotpathExchange({});
    const updated = (order: Order): void => innerOf(exchange).orders.add(exchange.#symbolOf(order.contractId), exchange.#unifiedOrder(order));
    const filled = ({ trade }: { readonly trade: Trade }): void => innerOf(exchange).trades.add(exchange.#symbolOf(trade.contractId), exchange.#unifiedTrade(trade));
    const moved = ({ contractId, position, asOf }: { readonly contractId: Contract['id']; readonly position: Position | undefined; readonly asOf: number }): void => {
      const symbol = exchange.#symbolOf(contractId);
      innerOf(exchange).positions.add(symbol, position ? exchange.#unifiedPosition(position) : exchange.safePosition(flatPosition({ id: contractId }, symbol, asOf, (at) => exchange.iso8601(at))));
    };
    inners.set(exchange, {
      broker,
      orders: new UpdateLog(),
      trades: new UpdateLog(),
      positions: new UpdateLog(),
      tickers: new UpdateLog(),
      subscriptions: new Map(),
      stopListening: () => {
        broker.off('order.updated', updated);
        broker.off('order.filled', filled);
        broker.off('position.updated', moved);
      },
    });
    broker.on('order.updated', updated);
    broker.on('order.filled', filled);
    broker.on('position.updated', moved);
    return exchange;
  }

  override describe(): object {
    const base = super.describe() as { readonly has: Readonly<Record<string, unknown>> };
    const has = Object.fromEntries(Object.keys(base.has).map((name) => [name, false]));
    for (const name of offered) has[name] = true;
    return this.deepExtend(base, {
      id: 'hotpath',
      name: 'Hotpath',
      version: '1',
      pro: true,
      certified: false,
      // The broker has a rate budget of its own, and orders never wait for it.
      enableRateLimit: false,
      rateLimit: 1,
      has,
      features,
      timeframes: Object.fromEntries(Object.keys(timeframes).map((name) => [name, name])),
      requiredCredentials: { apiKey: false, secret: false },
    });
  }

  override async fetchMarkets(params: Params = {}): Promise<Market[]> {
    refuseUnknown(params, none);
    const contracts = await this.#read(() => innerOf(this).broker.searchContracts(''));
    return contracts.map((contract) => this.safeMarketStructure(this.#market(contract)));
  }

  override async createOrder(symbol: string, type: OrderType, side: OrderSide, amount: number, price?: Num, params: Params = {}): Promise<CcxtOrder> {
    const contract = await this.#contract(symbol);
    const call = { contract, type, side, amount, price: price ?? undefined, params };
    // A market order's legs are distances from a fill that nobody knows yet: the price it would get now stands for it.
    const isMeasured = type === 'market' && [params['stopLoss'], params['takeProfit']].some((leg) => typeof leg === 'object' && leg !== null && 'triggerPrice' in leg);
    const trails = params['trailingAmount'] !== undefined;
    const quote = isMeasured || trails ? await this.#quote(symbol) : undefined;
    const request = orderRequest(call, side === 'buy' ? quote?.ask : quote?.bid);
    const outcome = await innerOf(this).broker.placeOrder(request);
    if (outcome.kind !== 'accepted') throw errorOf(outcome);
    return this.#after({ orderId: outcome.orderId }, { id: outcome.orderId, clientOrderId: outcome.clientOrderId, symbol, type, side, amount, price, status: 'open', info: outcome });
  }

  override async editOrder(id: string, symbol: string, type: OrderType, side: OrderSide, amount?: Num, price?: Num, params: Params = {}): Promise<CcxtOrder> {
    const { broker } = innerOf(this);
    await this.#contract(symbol);
    const before = await this.#order({ orderId: id });
    if (side !== undefined && side !== before.side) throw new InvalidOrder(`side is "${side}", and order ${id} is a ${before.side}; an order keeps its side`);
    const isStop = before.type === 'stop' || before.type === 'trailing-stop';
    const outcome = await broker.modifyOrder(modifyRequest(id, type, isStop, amount === before.quantity ? undefined : amount, price ?? undefined, params));
    if (outcome.kind !== 'accepted') throw errorOf(outcome);
    // What the stream has shown so far may be the order as it was.
    return this.#after({ orderId: id }, { id, symbol, type, side: before.side, amount: amount ?? before.quantity, price, status: 'open', info: outcome }, true);
  }

  override async cancelOrder(id: Str, symbol?: Str, params: Params = {}): Promise<CcxtOrder> {
    refuseUnknown(params, new Set(['clientOrderId']));
    const reference = referenceOf(id, params);
    const outcome = await innerOf(this).broker.cancelOrder(reference);
    if (outcome.kind !== 'accepted') throw errorOf(outcome);
    const { orderId, filledQuantity, remainingQuantity, became } = outcome;
    const status = became === 'filled' ? 'closed' : 'canceled';
    return this.#after({ orderId }, { id: orderId, symbol, status, filled: filledQuantity, remaining: became === 'filled' ? remainingQuantity : undefined, info: outcome });
  }

  /** Cancels this bot's orders. Throws `RequestTimeout` when one may still work. */
  override async cancelAllOrders(symbol?: Str, params: Params = {}): Promise<CcxtOrder[]> {
    refuseUnknown(params, none);
    const { broker } = innerOf(this);
    if (symbol === undefined) {
      const report = await broker.cancelAllOrders();
      return this.#cancelled(report.orders, report.complete);
    }
    const { id } = await this.#contract(symbol);
    const open = await this.#read(() => broker.getOpenOrders());
    const outcomes = await Promise.all(open.filter(({ contractId, foreign }) => contractId === id && foreign !== true).map(({ orderId }) => broker.cancelOrder({ orderId })));
    return this.#cancelled(outcomes, outcomes.every(({ kind }) => kind === 'accepted'));
  }

  override async fetchOrder(id: Str, symbol?: Str, params: Params = {}): Promise<CcxtOrder> {
    refuseUnknown(params, new Set(['clientOrderId']));
    await this.loadMarkets();
    if (symbol !== undefined) this.market(symbol);
    return this.#unifiedOrder(await this.#order(referenceOf(id, params)));
  }

  override fetchOrders(symbol?: Str, since?: Int, limit?: Int, params: Params = {}): Promise<CcxtOrder[]> {
    return this.#history(symbol, since, limit, params, () => true);
  }

  override fetchClosedOrders(symbol?: Str, since?: Int, limit?: Int, params: Params = {}): Promise<CcxtOrder[]> {
    return this.#history(symbol, since, limit, params, ({ status }) => status === 'filled');
  }

  override async fetchOpenOrders(symbol?: Str, since?: Int, limit?: Int, params: Params = {}): Promise<CcxtOrder[]> {
    refuseUnknown(params, none);
    await this.#known(symbol);
    const open = await this.#read(() => innerOf(this).broker.getOpenOrders());
    return this.filterBySymbolSinceLimit(open.map((order) => this.#unifiedOrder(order)), symbol, since, limit) as CcxtOrder[];
  }

  override async fetchMyTrades(symbol?: Str, since?: Int, limit?: Int, params: Params = {}): Promise<CcxtTrade[]> {
    await this.#known(symbol);
    const span = this.#span(since, params);
    const trades = await this.#read(() => innerOf(this).broker.getTrades(span));
    const unified = trades.filter(({ voided }) => !voided).map((trade) => this.#unifiedTrade(trade));
    return this.filterBySymbolSinceLimit(this.sortBy(unified, 'timestamp'), symbol, since, limit) as CcxtTrade[];
  }

  override async fetchPositions(symbols?: Strings, params: Params = {}): Promise<CcxtPosition[]> {
    refuseUnknown(params, none);
    await this.loadMarkets();
    for (const symbol of symbols ?? []) this.market(symbol);
    const positions = await this.#read(() => innerOf(this).broker.getPositions());
    const unified = positions.map((position) => this.#unifiedPosition(position));
    return symbols === undefined ? unified : unified.filter(({ symbol }) => symbol !== undefined && symbols.includes(symbol));
  }

  override async fetchPosition(symbol: string, params: Params = {}): Promise<CcxtPosition> {
    const [position] = await this.fetchPositions([symbol], params);
    return position ?? this.safePosition(flatPosition(await this.#contract(symbol), symbol, this.milliseconds(), (at) => this.iso8601(at)));
  }

  override async closePosition(symbol: string, side?: OrderSide, params: Params = {}): Promise<CcxtOrder> {
    refuseUnknown(params, new Set(['strategy', 'deadlineMs']));
    const { id } = await this.#contract(symbol);
    if (side !== undefined) {
      const held = (await this.#read(() => innerOf(this).broker.getPositions())).find(({ contractId }) => contractId === id);
      const fits = held === undefined || (held.side === 'buy' ? ['buy', 'long'] : ['sell', 'short']).includes(side);
      if (!fits) throw new InvalidOrder(`side is "${side}", and the position is ${held.side === 'buy' ? 'long' : 'short'}`);
    }
    const strategy = typeof params['strategy'] === 'string' ? { strategy: params['strategy'] } : {};
    const deadlineMs = typeof params['deadlineMs'] === 'number' ? { deadlineMs: params['deadlineMs'] } : {};
    const outcome = await innerOf(this).broker.closePosition({ symbol: id, ...strategy, ...deadlineMs });
    if (outcome.kind !== 'accepted') throw errorOf(outcome);
    return this.safeOrder({ info: outcome, symbol, type: 'market', status: outcome.remainingQuantity === 0 ? 'closed' : 'open', remaining: outcome.remainingQuantity });
  }

  override async fetchBalance(params: Params = {}): Promise<Balances> {
    refuseUnknown(params, none);
    const account = await this.#read(() => innerOf(this).broker.getAccount());
    return this.safeBalance(rawBalance(account, this.milliseconds(), (at) => this.iso8601(at)));
  }

  override async fetchOHLCV(symbol: string, timeframe = '1m', since?: Int, limit?: Int, params: Params = {}): Promise<OHLCV[]> {
    refuseUnknown(params, spanned);
    const span = timeframes[timeframe];
    if (!span) throw new NotSupported(`timeframe is "${timeframe}", must be one of ${Object.keys(timeframes).join(', ')}`);
    const { id } = await this.#contract(symbol);
    const spanMs = this.parseTimeframe(timeframe) * 1000;
    const now = this.milliseconds();
    const from = since ?? now - spanMs * (limit ?? defaultBars);
    const to = Math.min(now, untilOf(params) ?? (limit === undefined ? now : from + spanMs * limit));
    const bars = await this.#read(() => innerOf(this).broker.getBars({ symbol: id, from, to, ...span }));
    return this.filterBySinceLimit(bars.map(rawBar), since, limit, 0) as OHLCV[];
  }

  override async fetchTicker(symbol: string, params: Params = {}): Promise<Ticker> {
    refuseUnknown(params, none);
    const quote = await this.#quote(symbol);
    return this.safeTicker(rawTicker(quote, symbol, (at) => this.iso8601(at)), this.market(symbol));
  }

  override async watchOrders(symbol?: Str, since?: Int, limit?: Int, params: Params = {}): Promise<CcxtOrder[]> {
    refuseUnknown(params, none);
    await this.#known(symbol);
    return this.filterBySinceLimit(await innerOf(this).orders.next(symbol === undefined ? undefined : [symbol]), since, limit, 'timestamp', true) as CcxtOrder[];
  }

  override async watchMyTrades(symbol?: Str, since?: Int, limit?: Int, params: Params = {}): Promise<CcxtTrade[]> {
    refuseUnknown(params, none);
    await this.#known(symbol);
    return this.filterBySinceLimit(await innerOf(this).trades.next(symbol === undefined ? undefined : [symbol]), since, limit, 'timestamp', true) as CcxtTrade[];
  }

  override async watchPositions(symbols?: Strings, since?: Int, limit?: Int, params: Params = {}): Promise<CcxtPosition[]> {
    refuseUnknown(params, none);
    await this.loadMarkets();
    for (const symbol of symbols ?? []) this.market(symbol);
    return this.filterBySinceLimit(await innerOf(this).positions.next(symbols), since, limit, 'timestamp', true) as CcxtPosition[];
  }

  override async watchTicker(symbol: string, params: Params = {}): Promise<Ticker> {
    refuseUnknown(params, none);
    await this.#subscription(symbol);
    const newest = (await innerOf(this).tickers.next([symbol])).at(-1);
    if (!newest) throw new RequestTimeout(`no price of ${symbol} came`);
    return newest;
  }

  /** Ends what watches the market and whoever waits. The broker stays open: it is its maker's to close. */
  override async close(): Promise<void> {
    const { orders, trades, positions, tickers, subscriptions, stopListening } = innerOf(this);
    stopListening();
    for (const log of [orders, trades, positions, tickers]) log.close();
    const open = [...subscriptions.values()];
    subscriptions.clear();
    for (const subscription of await Promise.allSettled(open)) if (subscription.status === 'fulfilled') await subscription.value.close();
  }

  /** A mutation has been accepted: whatever the reads say, it is not reported as failed. */
  async #after(reference: OrderRef, told: Params, fresh = false): Promise<CcxtOrder> {
    try {
      const order = await innerOf(this).broker.getOrder(reference, { fresh });
      if (order) return this.#unifiedOrder(order);
    } catch {
      // What the venue answered to the order itself stands.
    }
    return this.safeOrder(told);
  }

  async #order(reference: OrderRef): Promise<Order> {
    await this.loadMarkets();
    const order = await this.#read(() => innerOf(this).broker.getOrder(reference));
    if (!order) throw new OrderNotFound(`the venue shows no order ${reference.orderId ?? reference.clientOrderId}`);
    return order;
  }

  async #history(symbol: Str, since: Int, limit: Int, params: Params, wanted: (order: Order) => boolean): Promise<CcxtOrder[]> {
    await this.#known(symbol);
    const span = this.#span(since, params);
    const orders = await this.#read(() => innerOf(this).broker.getOrderHistory(span));
    const unified = orders.filter(wanted).map((order) => this.#unifiedOrder(order));
    return this.filterBySymbolSinceLimit(this.sortBy(unified, 'timestamp'), symbol, since, limit) as CcxtOrder[];
  }

  #cancelled(outcomes: readonly Outcome[], complete: boolean): CcxtOrder[] {
    if (!complete) {
      const open = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [] : [`${outcome.clientOrderId ?? 'an order'}: ${outcome.message}`]));
      throw new RequestTimeout(`not every order is known to be gone${open.length > 0 ? `: ${open.join('; ')}` : ''}`);
    }
    return outcomes.flatMap((outcome) => (outcome.kind === 'accepted' && outcome.operation === 'cancel' ? [this.safeOrder({ id: outcome.orderId, status: outcome.became === 'filled' ? 'closed' : 'canceled', filled: outcome.filledQuantity, info: outcome })] : []));
  }

  #span(since: Int, params: Params): TimeSpan {
    refuseUnknown(params, spanned);
    const to = untilOf(params);
    return { from: since ?? this.milliseconds() - defaultSpanMs, ...(to !== undefined && { to }) };
  }

  async #known(symbol: Str): Promise<void> {
    await this.loadMarkets();
    if (symbol !== undefined) this.market(symbol);
  }

  async #contract(symbol: string): Promise<Contract> {
    await this.loadMarkets();
    return this.market(symbol).info as Contract;
  }

  async #quote(symbol: string): Promise<NonNullable<Subscription['quote']>> {
    const subscription = await this.#subscription(symbol);
    if (subscription.quote) return subscription.quote;
    const first = innerOf(this).tickers.next([symbol]);
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), quoteWithinMs).unref());
    await Promise.race([first, late]);
    if (!subscription.quote) throw new RequestTimeout(`no price of ${symbol} came within ${quoteWithinMs} ms`);
    return subscription.quote;
  }

  async #subscription(symbol: string): Promise<Subscription> {
    const { id } = await this.#contract(symbol);
    const { broker, subscriptions, tickers } = innerOf(this);
    const open = subscriptions.get(id);
    if (open) return open;
    const listener = (item: MarketEvidence): void => {
      if (item.of === 'quote') tickers.add(symbol, this.safeTicker(rawTicker(item.quote, symbol, (at) => this.iso8601(at)), this.market(symbol)));
    };
    const opening = this.#read(() => broker.subscribe({ symbol: id, channels: ['quotes'] }, listener));
    subscriptions.set(id, opening);
    // One that could not be had is tried again at the next call.
    opening.catch(() => subscriptions.delete(id));
    return opening;
  }

  async #read<Value>(read: () => Promise<Value>): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      throw readErrorOf(error);
    }
  }

  #market(contract: Contract): object {
    return marketOf(contract, (at) => this.yymmdd(at), (at) => this.iso8601(at));
  }

  /** Undefined for a contract that is no market of today: an expired one, in an old order. */
  #marketById(contractId: string): MarketInterface | undefined {
    const byId = this.markets_by_id as Dictionary<MarketInterface[] | undefined> | undefined;
    return byId?.[contractId]?.[0];
  }

  #symbolOf(contractId: string): string | undefined {
    return this.#marketById(contractId)?.symbol;
  }

  #unifiedOrder(order: Order): CcxtOrder {
    const market = this.#marketById(order.contractId);
    return this.safeOrder(rawOrder(order, market?.symbol, (at) => this.iso8601(at)), market);
  }

  #unifiedTrade(trade: Trade): CcxtTrade {
    const market = this.#marketById(trade.contractId);
    return this.safeTrade(rawTrade(trade, market?.symbol, (at) => this.iso8601(at)), market);
  }

  #unifiedPosition(position: Position): CcxtPosition {
    const market = this.#marketById(position.contractId);
    return this.safePosition(rawPosition(position, market?.symbol, market?.contractSize, undefined, (at) => this.iso8601(at)));
  }
}

function referenceOf(id: Str, params: Params): OrderRef {
  const { clientOrderId } = params;
  if (id !== undefined && id !== '') return { orderId: id };
  if (typeof clientOrderId === 'string') return { clientOrderId };
  throw new ArgumentsRequired('id: name the order by its id, or by params.clientOrderId');
}

function untilOf({ until }: Params): number | undefined {
  if (until === undefined) return undefined;
  if (typeof until !== 'number') throw new BadRequest(`params.until is ${JSON.stringify(until)}, must be milliseconds`);
  return until;
}
