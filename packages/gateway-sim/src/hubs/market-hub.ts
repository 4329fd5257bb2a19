import type { Exchange } from '../exchange/exchange.ts';
import type { ExchangeEvent } from '../exchange/exchange-event.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';
import { priceOfTicks } from '../tick.ts';
import { hubTimestamp } from '../timestamps.ts';
import type { Hub } from './hub.ts';
import { badArguments, noSuchMethod } from './hub.ts';
import type { HubConnection } from './hub-connection.ts';
import { eventFrame } from './hub-connection.ts';
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

const depthType = { ask: 1, bid: 2, bestAsk: 3, bestBid: 4 } as const;
/** Every so many price steps, trades and depth hold a null entry, as clients have met them. */
const nullEvery = 8;

/** Quotes, trades and depth by contract, at each price step from the subscription on. */
export class MarketHub implements Hub {
  readonly #subscriptions = new Subscriptions<string>();
  /** Connections that have had a first, fuller quote, by contract. */
  readonly #begun = new Map<string, WeakSet<HubConnection>>();
  #sessions = new Map<string, SessionPrices>();
  #detach: () => void = () => {};

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

  invoke(connection: HubConnection, target: string, [contractId]: readonly unknown[]): string | undefined {
    const [, verb, kind] = /^(Subscribe|Unsubscribe)Contract(Quotes|Trades|MarketDepth)$/.exec(target) ?? [];
    if (verb === undefined || kind === undefined) return noSuchMethod;
    if (typeof contractId !== 'string') return badArguments;
    const topic = `${kind} ${contractId}`;
    if (verb === 'Subscribe') this.#subscriptions.add(topic, connection);
    else this.#subscriptions.remove(topic, connection);
    if (kind === 'Quotes') this.#begun.get(contractId)?.delete(connection);
    return undefined;
  }

  #publish(event: PriceEvent, contract: SimulatedContract): void {
    const session = this.#advance(event);
    this.#quote(event, contract, session);
    const withNull = session.events % nullEvery === 0 ? [null] : [];
    const timestamp = hubTimestamp(event.at);
    const price = (ticks: number): number => priceOfTicks(ticks, contract.tick);
    const { bid, ask, last } = event.quote;
    // A trade at the ask was bought.
    const trade = () => ({ symbolId: contract.symbolId, price: price(last), timestamp, type: last >= ask ? 0 : 1, volume: event.volume, contractId: contract.id });
    if (event.volume > 0) this.#send('Trades', 'GatewayTrade', contract.id, () => [trade(), ...withNull]);
    const level = (type: number, ticks: number, volume: number) => ({ contractId: contract.id, timestamp, type, price: price(ticks), volume, currentVolume: 0 });
    this.#send('MarketDepth', 'GatewayDepth', contract.id, () => [
      level(depthType.bestBid, bid, 2 + (session.events % 5)),
      level(depthType.bestAsk, ask, 2 + (session.events % 7)),
      level(depthType.bid, bid - 1, 5),
      level(depthType.ask, ask + 1, 5),
      ...withNull,
    ]);
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
    const times = { lastUpdated: hubTimestamp(at), timestamp: hubTimestamp(at), contract: contract.id };
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
    const frameOf = (fields: object): string => eventFrame(target, [contract.id, { symbol: contract.symbolId, ...fields, ...times }]);
    const delta = Object.keys(changed).length === 0 ? undefined : frameOf(changed);
    const begun = this.#begun.get(contract.id) ?? new WeakSet<HubConnection>();
    this.#begun.set(contract.id, begun);
    for (const connection of connections) {
      const frame = begun.has(connection) ? delta : frameOf(whole());
      begun.add(connection);
      if (frame !== undefined) connection.send({ target, frame });
    }
  }

  #send(kind: 'Trades' | 'MarketDepth', target: string, contractId: string, rows: () => readonly unknown[]): void {
    const connections = this.#subscriptions.of(`${kind} ${contractId}`);
    if (!connections) return;
    const frame = eventFrame(target, [contractId, rows()]);
    for (const connection of connections) connection.send({ target, frame });
  }
}
