import type {
  CancelOutcome,
  Contract,
  Order,
  OrderRef,
  Position,
  Quote,
  TimeSpan,
  Trade,
} from '@hotpath/core';
import {
  BadRequest,
  BadSymbol,
  BaseError,
  Exchange,
  InvalidOrder,
  NotSupported,
  OrderNotFound,
  RequestTimeout,
} from 'ccxt';
import type {
  Balances,
  Dictionary,
  Int,
  Market,
  MarketInterface,
  Num,
  OHLCV,
  Order as CcxtOrder,
  OrderSide,
  OrderType,
  Position as CcxtPosition,
  Str,
  Strings,
  Ticker,
  Trade as CcxtTrade,
} from 'ccxt';
import { barsInSpan } from './bars-in-span.ts';
import { errorOf, readErrorOf, unsentOf } from './errors.ts';
import type { CcxtBroker } from './features.ts';
import { features, offered } from './features.ts';
import { LiveQuotes } from './live-quotes.ts';
import { marketOf } from './market.ts';
import {
  entryOf,
  modifiable,
  modifyRequest,
  needsPrice,
  numeric,
  optionsOf,
  orderRequest,
  referenceOf,
  refuseUnknown,
  shown,
} from './order-parameters.ts';
import { timeframes } from './timeframes.ts';
import {
  flatPosition,
  rawBalance,
  rawBar,
  rawOrder,
  rawPosition,
  rawTicker,
  rawTrade,
} from './unified.ts';
import { UpdateLog } from './update-log.ts';

type Params = Record<string, unknown>;

const dayMs = 86_400_000;
/** Reads of what was, without a `since`. */
const defaultSpanMs = 7 * dayMs;
const defaultBars = 100;
const none: ReadonlySet<string> = new Set();
const spanned: ReadonlySet<string> = new Set(['until']);
const named: ReadonlySet<string> = new Set(['clientOrderId']);
const closing: ReadonlySet<string> = new Set(['strategy', 'deadlineMs']);

/** What this class keeps of its own, away from the many fields of ccxt's. */
interface Inner {
  readonly broker: CcxtBroker;
  readonly orders: UpdateLog<CcxtOrder>;
  readonly trades: UpdateLog<CcxtTrade>;
  readonly positions: UpdateLog<CcxtPosition>;
  readonly tickers: UpdateLog<Ticker>;
  readonly quotes: LiveQuotes;
  readonly stopListening: () => void;
}
/** What became of several cancels. */
interface Cancelling {
  readonly outcomes: readonly CancelOutcome[];
  readonly complete: boolean;
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
    const updated = (order: Order): void =>
      innerOf(exchange).orders.add(
        exchange.#symbolOf(order.contractId),
        exchange.#unifiedOrder(order),
      );
    const filled = ({ trade }: { readonly trade: Trade }): void =>
      innerOf(exchange).trades.add(
        exchange.#symbolOf(trade.contractId),
        exchange.#unifiedTrade(trade),
      );
    const moved = ({
      contractId,
      position,
      asOf,
    }: {
      readonly contractId: Contract['id'];
      readonly position: Position | undefined;
      readonly asOf: number;
    }): void => {
      const symbol = exchange.#symbolOf(contractId);
      innerOf(exchange).positions.add(
        symbol,
        position
          ? exchange.#unifiedPosition(position)
          : exchange.safePosition(
              flatPosition({ id: contractId }, symbol, asOf, (at) => exchange.iso8601(at)),
            ),
      );
    };
    const quoted = (contractId: string, quote: Quote): void => {
      const market = exchange.#marketById(contractId);
      if (market?.symbol !== undefined)
        innerOf(exchange).tickers.add(market.symbol, exchange.#unifiedTicker(quote, market.symbol));
    };
    inners.set(exchange, {
      broker,
      orders: new UpdateLog(),
      trades: new UpdateLog(),
      positions: new UpdateLog(),
      tickers: new UpdateLog(),
      quotes: new LiveQuotes(broker, quoted),
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

  override market(symbol: string): MarketInterface {
    // safeguard: a symbol that is no text is refused by name
    if (typeof symbol !== 'string')
      throw new BadSymbol(
        `symbol is ${shown(symbol)}, must be a market's, such as "MNQ/USD:USD-261218"`,
      );
    // end of safeguard
    return super.market(symbol);
  }

  override async fetchMarkets(params: Params = {}): Promise<Market[]> {
    refuseUnknown(params, none);
    const contracts = await this.#read(() => innerOf(this).broker.searchContracts(''));
    return contracts.map((contract) => this.safeMarketStructure(this.#market(contract)));
  }

  override async createOrder(
    symbol: string,
    type: OrderType,
    side: OrderSide,
    amount: number,
    price?: Num,
    params: Params = {},
  ): Promise<CcxtOrder> {
    const contract = await this.#first(() => this.#contract(symbol));
    const call = { contract, type, side, amount, price, params };
    const entry = entryOf(call);
    const quote = needsPrice(entry, params)
      ? await this.#first(() => this.#quote(symbol))
      : undefined;
    const request = orderRequest(call, entry, side === 'buy' ? quote?.ask : quote?.bid);
    const outcome = await innerOf(this).broker.placeOrder(request);
    if (outcome.kind !== 'accepted') throw errorOf(outcome);
    return this.#after(
      { orderId: outcome.orderId },
      {
        id: outcome.orderId,
        clientOrderId: outcome.clientOrderId,
        symbol,
        type,
        side,
        amount,
        price,
        status: 'open',
        info: outcome,
      },
    );
  }

  override async editOrder(
    id: string,
    symbol: string,
    type: OrderType,
    side: OrderSide,
    amount?: Num,
    price?: Num,
    params: Params = {},
  ): Promise<CcxtOrder> {
    refuseUnknown(params, modifiable);
    const { broker } = innerOf(this);
    const reference = referenceOf(id, params);
    const contract = await this.#first(() => this.#contract(symbol));
    const before = await this.#first(() => this.#order(reference));
    const kept = before.type === 'limit' ? 'limit' : 'market';
    if (before.contractId !== contract.id)
      throw new InvalidOrder(
        `symbol is "${symbol}", and order ${before.orderId} is one of ${before.contractId}`,
      );
    if (side !== undefined && side !== before.side)
      throw new InvalidOrder(
        `side is "${side}", and order ${before.orderId} is a ${before.side}; an order keeps its side`,
      );
    if (type !== undefined && type !== kept)
      throw new InvalidOrder(
        `type is "${type}", and order ${before.orderId} is of type "${kept}"; an order keeps its type`,
      );
    const quantity = numeric('amount', amount);
    const outcome = await broker.modifyOrder(
      modifyRequest(
        { orderId: before.orderId },
        kept,
        quantity === before.quantity ? undefined : quantity,
        price,
        params,
      ),
    );
    if (outcome.kind !== 'accepted') throw errorOf(outcome);
    // What the stream has shown so far may be the order as it was.
    return this.#after(
      { orderId: before.orderId },
      {
        id: before.orderId,
        symbol,
        type,
        side: before.side,
        amount: amount ?? before.quantity,
        price,
        status: 'open',
        info: outcome,
      },
      true,
    );
  }

  override async cancelOrder(id: Str, symbol?: Str, params: Params = {}): Promise<CcxtOrder> {
    refuseUnknown(params, named);
    const reference = referenceOf(id, params);
    // A cancel waits for no list of markets.
    if (symbol !== undefined && this.markets !== undefined) this.market(symbol);
    const outcome = await innerOf(this).broker.cancelOrder(reference);
    if (outcome.kind !== 'accepted') throw errorOf(outcome);
    return this.#cancelled(outcome, symbol);
  }

  /** Cancels this bot's orders, of a symbol or all. Throws when one is not known to be gone, `RequestTimeout` when it may still work. */
  override async cancelAllOrders(symbol?: Str, params: Params = {}): Promise<CcxtOrder[]> {
    refuseUnknown(params, none);
    const { outcomes, complete } =
      symbol === undefined
        ? await this.#cancelAll()
        : await this.#cancelAllOf(await this.#first(() => this.#contract(symbol)));
    const failed = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [] : [outcome]));
    const [first] = failed;
    if (first !== undefined && failed.every(({ kind }) => kind !== 'unknown')) throw errorOf(first);
    if (!complete)
      throw new RequestTimeout(
        `not every order is known to be gone${failed.map(({ clientOrderId, message }) => `; ${clientOrderId ?? 'an order'}: ${message}`).join('')}`,
      );
    return Promise.all(
      outcomes.flatMap((outcome) =>
        outcome.kind === 'accepted' ? [this.#cancelled(outcome, symbol)] : [],
      ),
    );
  }

  override async fetchOrder(id: Str, symbol?: Str, params: Params = {}): Promise<CcxtOrder> {
    refuseUnknown(params, named);
    await this.#known(symbol);
    return this.#unifiedOrder(await this.#order(referenceOf(id, params)));
  }

  override fetchOrders(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<CcxtOrder[]> {
    return this.#history(symbol, since, limit, params, () => true);
  }

  override fetchClosedOrders(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<CcxtOrder[]> {
    return this.#history(symbol, since, limit, params, ({ status }) => status === 'filled');
  }

  override async fetchOpenOrders(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<CcxtOrder[]> {
    refuseUnknown(params, none);
    await this.#known(symbol);
    const open = await this.#read(() => innerOf(this).broker.getOpenOrders());
    return this.filterBySymbolSinceLimit(
      this.sortBy(
        open.map((order) => this.#unifiedOrder(order)),
        'timestamp',
      ),
      symbol,
      since,
      limit,
    ) as CcxtOrder[];
  }

  override async fetchMyTrades(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<CcxtTrade[]> {
    await this.#known(symbol);
    const span = this.#span(since, params);
    const trades = await this.#read(() => innerOf(this).broker.getTrades(span));
    const unified = trades
      .filter(({ voided }) => !voided)
      .map((trade) => this.#unifiedTrade(trade));
    return this.filterBySymbolSinceLimit(
      this.sortBy(unified, 'timestamp'),
      symbol,
      since,
      limit,
    ) as CcxtTrade[];
  }

  override async fetchPositions(symbols?: Strings, params: Params = {}): Promise<CcxtPosition[]> {
    refuseUnknown(params, none);
    await this.loadMarkets();
    if (symbols !== undefined && !Array.isArray(symbols))
      throw new BadRequest(`symbols is ${shown(symbols)}, must be a list of symbols`);
    for (const symbol of symbols ?? []) this.market(symbol);
    const positions = await this.#read(() => innerOf(this).broker.getPositions());
    const unified = positions.map((position) => this.#unifiedPosition(position));
    return symbols === undefined
      ? unified
      : unified.filter(({ symbol }) => symbol !== undefined && symbols.includes(symbol));
  }

  override async fetchPosition(symbol: string, params: Params = {}): Promise<CcxtPosition> {
    const [position] = await this.fetchPositions([symbol], params);
    return (
      position ??
      this.safePosition(
        flatPosition(await this.#contract(symbol), symbol, this.milliseconds(), (at) =>
          this.iso8601(at),
        ),
      )
    );
  }

  override async closePosition(
    symbol: string,
    side?: OrderSide,
    params: Params = {},
  ): Promise<CcxtOrder> {
    refuseUnknown(params, closing);
    const options = optionsOf(params);
    const { id } = await this.#first(() => this.#contract(symbol));
    if (side !== undefined) {
      const wanted = ['buy', 'long'].includes(side)
        ? 'buy'
        : ['sell', 'short'].includes(side)
          ? 'sell'
          : undefined;
      if (wanted === undefined)
        throw new InvalidOrder(
          `side is "${side}", must be that of the position, "long" or "short"`,
        );
      const held = (
        await this.#first(() => this.#read(() => innerOf(this).broker.getPositions()))
      ).find(({ contractId }) => contractId === id);
      if (held !== undefined && held.side !== wanted)
        throw new InvalidOrder(
          `side is "${side}", and the position is ${held.side === 'buy' ? 'long' : 'short'}`,
        );
    }
    const outcome = await innerOf(this).broker.closePosition({ symbol: id, ...options });
    if (outcome.kind !== 'accepted') throw errorOf(outcome);
    return this.safeOrder({
      info: outcome,
      symbol,
      type: 'market',
      status: outcome.remainingQuantity === 0 ? 'closed' : 'open',
      remaining: outcome.remainingQuantity,
    });
  }

  override async fetchBalance(params: Params = {}): Promise<Balances> {
    refuseUnknown(params, none);
    const account = await this.#read(() => innerOf(this).broker.getAccount());
    return this.safeBalance(rawBalance(account, this.milliseconds(), (at) => this.iso8601(at)));
  }

  override async fetchOHLCV(
    symbol: string,
    timeframe = '1m',
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<OHLCV[]> {
    refuseUnknown(params, spanned);
    const span = timeframes[timeframe];
    if (!span)
      throw new NotSupported(
        `timeframe is "${timeframe}", must be one of ${Object.keys(timeframes).join(', ')}`,
      );
    const { id } = await this.#contract(symbol);
    const spanMs = this.parseTimeframe(timeframe) * 1000;
    const until = Math.min(this.milliseconds(), untilOf(params) ?? Infinity);
    const read = (from: number, to: number) =>
      this.#read(() => innerOf(this).broker.getBars({ symbol: id, from, to, ...span }));
    const bars = await barsInSpan(read, {
      spanMs,
      since: since ?? undefined,
      limit: limit ?? (since === undefined ? defaultBars : undefined),
      until,
    });
    return bars.map(rawBar) as OHLCV[];
  }

  override async fetchTicker(symbol: string, params: Params = {}): Promise<Ticker> {
    refuseUnknown(params, none);
    return this.#unifiedTicker(await this.#quote(symbol), symbol);
  }

  override async watchOrders(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<CcxtOrder[]> {
    refuseUnknown(params, none);
    await this.#known(symbol);
    return this.filterBySinceLimit(
      await innerOf(this).orders.next(symbol === undefined ? undefined : [symbol]),
      since,
      limit,
      'timestamp',
      true,
    ) as CcxtOrder[];
  }

  override async watchMyTrades(
    symbol?: Str,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<CcxtTrade[]> {
    refuseUnknown(params, none);
    await this.#known(symbol);
    return this.filterBySinceLimit(
      await innerOf(this).trades.next(symbol === undefined ? undefined : [symbol]),
      since,
      limit,
      'timestamp',
      true,
    ) as CcxtTrade[];
  }

  override async watchPositions(
    symbols?: Strings,
    since?: Int,
    limit?: Int,
    params: Params = {},
  ): Promise<CcxtPosition[]> {
    refuseUnknown(params, none);
    await this.loadMarkets();
    for (const symbol of symbols ?? []) this.market(symbol);
    return this.filterBySinceLimit(
      await innerOf(this).positions.next(symbols?.length === 0 ? undefined : symbols),
      since,
      limit,
      'timestamp',
      true,
    ) as CcxtPosition[];
  }

  override async watchTicker(symbol: string, params: Params = {}): Promise<Ticker> {
    refuseUnknown(params, none);
    const { id } = await this.#contract(symbol);
    await this.#read(() => innerOf(this).quotes.watch(id));
    const newest = (await innerOf(this).tickers.next([symbol])).at(-1);
    if (!newest) throw new RequestTimeout(`no price of ${symbol} came`);
    return newest;
  }

  /** Ends what watches the market and whoever waits. The broker stays open: it is its maker's to close. */
  override async close(): Promise<void> {
    const { orders, trades, positions, tickers, quotes, stopListening } = innerOf(this);
    stopListening();
    for (const log of [orders, trades, positions, tickers]) log.close();
    await quotes.close();
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
    if (!order)
      throw new OrderNotFound(
        `the venue shows no order ${reference.orderId ?? reference.clientOrderId}`,
      );
    return order;
  }

  async #history(
    symbol: Str,
    since: Int,
    limit: Int,
    params: Params,
    wanted: (order: Order) => boolean,
  ): Promise<CcxtOrder[]> {
    await this.#known(symbol);
    const span = this.#span(since, params);
    const orders = await this.#read(() => innerOf(this).broker.getOrderHistory(span));
    const unified = orders.filter(wanted).map((order) => this.#unifiedOrder(order));
    return this.filterBySymbolSinceLimit(
      this.sortBy(unified, 'timestamp'),
      symbol,
      since,
      limit,
    ) as CcxtOrder[];
  }

  async #cancelAll(): Promise<Cancelling> {
    const { orders, complete } = await innerOf(this).broker.cancelAllOrders();
    return {
      outcomes: orders.flatMap((outcome) => (outcome.operation === 'cancel' ? [outcome] : [])),
      complete,
    };
  }

  async #cancelAllOf({ id, root, name }: Contract): Promise<Cancelling> {
    const { broker } = innerOf(this);
    const working = (): Promise<Order[]> =>
      this.#read(async () =>
        (await broker.getOpenOrders({ fresh: true })).filter(
          ({ contractId, foreign }) => contractId === id && foreign !== true,
        ),
      );
    const listed = await this.#first(working);
    const ids = new Set(listed.map(({ orderId }) => orderId));
    // What the bot was told is unknown may be live without being shown yet.
    const hidden = broker
      .intents({ open: true })
      .filter(
        ({ contractId, orderId, request }) =>
          (contractId === undefined
            ? [id, root, name].includes(request.symbol)
            : contractId === id) &&
          (orderId === undefined || !ids.has(orderId)),
      );
    const outcomes = await Promise.all([
      ...listed.map(({ orderId }) => broker.cancelOrder({ orderId })),
      ...hidden.map(({ clientOrderId }) => broker.cancelOrder({ clientOrderId })),
    ]);
    // One may have come meanwhile. A read that fails shows nothing, and is no proof of it.
    const left = await working().catch(() => undefined);
    return {
      outcomes,
      complete: left?.length === 0 && outcomes.every(({ kind }) => kind === 'accepted'),
    };
  }

  async #cancelled(
    {
      orderId,
      filledQuantity,
      remainingQuantity,
      became,
      ...rest
    }: Extract<CancelOutcome, { kind: 'accepted' }>,
    symbol: Str,
  ): Promise<CcxtOrder> {
    const filled = became === 'filled';
    return this.#after(
      { orderId },
      {
        id: orderId,
        symbol,
        status: filled ? 'closed' : 'canceled',
        filled: filledQuantity,
        remaining: filled ? remainingQuantity : undefined,
        info: { orderId, filledQuantity, remainingQuantity, became, ...rest },
      },
    );
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

  async #quote(symbol: string): Promise<Quote> {
    const { id } = await this.#contract(symbol);
    return this.#read(() => innerOf(this).quotes.read(id, symbol));
  }

  /** What a mutation has to know before it can be sent. */
  async #first<Value>(look: () => Promise<Value>): Promise<Value> {
    try {
      return await look();
    } catch (error) {
      throw unsentOf(error);
    }
  }

  async #read<Value>(read: () => Promise<Value>): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      throw error instanceof BaseError ? error : readErrorOf(error);
    }
  }

  #market(contract: Contract): object {
    return marketOf(
      contract,
      (at) => this.yymmdd(at),
      (at) => this.iso8601(at),
    );
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
    return this.safeOrder(
      rawOrder(order, market?.symbol, (at) => this.iso8601(at)),
      market,
    );
  }

  #unifiedTicker(quote: Quote, symbol: string): Ticker {
    return this.safeTicker(
      rawTicker(quote, symbol, (at) => this.iso8601(at)),
      this.market(symbol),
    );
  }

  #unifiedTrade(trade: Trade): CcxtTrade {
    const market = this.#marketById(trade.contractId);
    return this.safeTrade(
      rawTrade(trade, market?.symbol, (at) => this.iso8601(at)),
      market,
    );
  }

  #unifiedPosition(position: Position): CcxtPosition {
    const market = this.#marketById(position.contractId);
    return this.safePosition(
      rawPosition(position, market?.symbol, market?.contractSize, undefined, (at) =>
        this.iso8601(at),
      ),
    );
  }
}

function untilOf({ until }: Params): number | undefined {
  if (until === undefined) return undefined;
  if (typeof until !== 'number')
    throw new BadRequest(`params.until is ${JSON.stringify(until)}, must be milliseconds`);
  return until;
}
