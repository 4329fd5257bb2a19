import { bookLevels } from '../exchange/book-levels.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { ExchangeEvent } from '../exchange/exchange-event.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';
import { priceOfTicks } from '../tick.ts';
import { fractionOf, hubTimestamp, paddedTimestamp } from '../timestamps.ts';
import type { Hub } from './hub.ts';
import { boundCall } from './hub-call.ts';
import type { HubConnection } from './hub-connection.ts';
import { eventFrame } from './hub-connection.ts';
import type { HubRules } from './hub-rules.ts';
import { Subscriptions } from './subscriptions.ts';

type PriceEvent = Extract<ExchangeEvent, { kind: 'price' }>;

/** What a session has traded so far, prices in ticks. */
interface SessionPrices {
  readonly open: number;
  high: number;
  low: number;
  volume: number;
  events: number;
}

const methods = { Quotes: 1, Trades: 1, MarketDepth: 1 } as const;

const depthType = { ask: 1, bid: 2, bestAsk: 3, bestBid: 4 } as const;
/** Every so many price steps, trades and depth hold a null entry, as clients have met them. */
const nullEvery = 8;
/** Every so many, between those, a trade has no type and depth is one row in place of an array; clients have met both. */
const oddEvery = 16;
const oddAt = 12;

/** Quotes, trades and depth by contract, at each price step from the subscription on. */
export class MarketHub implements Hub {
  readonly #subscriptions = new Subscriptions<string>();
  /** Connections that have had a first, fuller quote, by contract. */
  readonly #begun = new Map<string, WeakSet<HubConnection>>();
  #sessions = new Map<string, SessionPrices>();
  readonly #rules: HubRules;
  readonly #timestamp: (epochMs: number) => string;
  #detach: () => void = () => {};

  constructor(rules: HubRules) {
    this.#rules = rules;
    const write = rules.paddedTimes ? paddedTimestamp : hubTimestamp;
    this.#timestamp = (epochMs) => write(epochMs, fractionOf(epochMs));
  }

  close(): void {
    this.#detach();
  }

  attach(exchange: Exchange): void {
    this.#detach();
    this.#sessions = new Map();
    this.#detach = exchange.listen((event) => {
      const contract = event.kind === 'price' ? exchange.contract(event.contractId) : undefined;
      if (contract && event.kind === 'price') this.#publish(event, contract);
    });
  }

  forget(connection: HubConnection): void {
    this.#subscriptions.forget(connection);
  }

  invoke(connection: HubConnection, target: string, given: readonly unknown[]): string | undefined {
    const call = boundCall(target, given, {
      methods,
      anyCase: this.#rules.methodsInAnyCase,
      nameOf: (kind) => `Contract${kind}`,
      isArgument: (value) => typeof value === 'string',
    });
    if (typeof call === 'string') return call;
    const contractId = String(given[0]);
    const topic = `${call.kind} ${contractId}`;
    if (call.subscribes) this.#subscriptions.add(topic, connection);
    else this.#subscriptions.remove(topic, connection);
    if (call.kind === 'Quotes') this.#begun.get(contractId)?.delete(connection);
    return undefined;
  }

  #publish(event: PriceEvent, contract: SimulatedContract): void {
    const session = this.#advance(event);
    this.#quote(event, contract, session);
    const withNull = session.events % nullEvery === 0 ? [null] : [];
    const isOdd = session.events % oddEvery === oddAt;
    const timestamp = this.#timestamp(event.at);
    const price = (ticks: number): number => priceOfTicks(ticks, contract.tick);
    const { ask, last } = event.quote;
    // A trade at the ask was bought.
    const type = last >= ask ? 0 : 1;
    const trade = () => ({
      symbolId: contract.symbolId,
      price: price(last),
      timestamp,
      type: isOdd ? null : type,
      volume: event.volume,
      contractId: contract.id,
    });
    if (event.volume > 0)
      this.#send('Trades', 'GatewayTrade', contract.id, () => [trade(), ...withNull]);
    const level = (kind: number, ticks: number, volume: number) => ({
      contractId: contract.id,
      timestamp,
      type: kind,
      price: price(ticks),
      volume,
      currentVolume: 0,
    });
    const { bids, asks } = bookLevels(event.quote, event.steps, this.#rules.bookSize);
    const levels = () =>
      [0, 1].flatMap((index) => {
        const [bid, offer] = [bids[index], asks[index]];
        const best = index === 0;
        return [
          ...(bid ? [level(best ? depthType.bestBid : depthType.bid, bid.ticks, bid.size)] : []),
          ...(offer
            ? [level(best ? depthType.bestAsk : depthType.ask, offer.ticks, offer.size)]
            : []),
        ];
      });
    this.#send('MarketDepth', 'GatewayDepth', contract.id, () =>
      isOdd ? levels()[0] : [...levels(), ...withNull],
    );
  }

  #advance({ contractId, quote: { last }, before, volume }: PriceEvent): SessionPrices {
    let session = this.#sessions.get(contractId);
    if (!session) {
      session = { open: before.last, high: before.last, low: before.last, volume: 0, events: 0 };
      this.#sessions.set(contractId, session);
    }
    session.high = Math.max(session.high, last);
    session.low = Math.min(session.low, last);
    session.volume += volume;
    session.events += 1;
    return session;
  }

  /** A first quote holds everything, each later one only what changed. */
  #quote(event: PriceEvent, contract: SimulatedContract, session: SessionPrices): void {
    const connections = this.#subscriptions.of(`Quotes ${contract.id}`);
    if (!connections) return;
    const { before, quote, at } = event;
    const price = (ticks: number): number => priceOfTicks(ticks, contract.tick);
    const times = {
      lastUpdated: this.#timestamp(at),
      timestamp: this.#timestamp(at),
      contract: contract.id,
    };
    const changed = {
      ...(quote.last !== before.last && { lastPrice: price(quote.last) }),
      ...(quote.bid !== before.bid && { bestBid: price(quote.bid) }),
      ...(quote.ask !== before.ask && { bestAsk: price(quote.ask) }),
      ...(event.volume > 0 && { volume: session.volume }),
    };
    const change = quote.last - session.open;
    const whole = () => ({
      lastPrice: price(quote.last),
      bestBid: price(quote.bid),
      bestAsk: price(quote.ask),
      change: price(change),
      changePercent: Math.round((change / session.open) * 1e6) / 1e6,
      open: price(session.open),
      high: price(session.high),
      low: price(session.low),
      volume: session.volume,
    });
    const target = 'GatewayQuote';
    const frameOf = (fields: object): string =>
      eventFrame(target, [contract.id, { symbol: contract.symbolId, ...fields, ...times }]);
    const isTold =
      Object.keys(changed).length > 0 &&
      (this.#rules.volumeQuotes || Object.keys(changed).some((name) => name !== 'volume'));
    const delta = isTold ? frameOf(changed) : undefined;
    const begun = this.#begun.get(contract.id) ?? new WeakSet<HubConnection>();
    this.#begun.set(contract.id, begun);
    for (const connection of connections) {
      const frame = begun.has(connection) ? delta : frameOf(whole());
      begun.add(connection);
      if (frame !== undefined) connection.send({ target, frame });
    }
  }

  #send(
    kind: 'Trades' | 'MarketDepth',
    target: string,
    contractId: string,
    rows: () => unknown,
  ): void {
    const connections = this.#subscriptions.of(`${kind} ${contractId}`);
    if (!connections) return;
    const frame = eventFrame(target, [contractId, rows()]);
    for (const connection of connections) connection.send({ target, frame });
  }
}
