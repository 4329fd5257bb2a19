import type { ContractId, MarketChannel, MarketEvidence } from '@hotpath/core';
import { DepthBook } from './depth-book.ts';
import type { HubEvent } from './hub-event.ts';
import { eventArguments } from './hub-event.ts';
import { depthDelta, marketTrade, quoteDelta } from './market-rows.ts';
import { payloadsOf } from './payloads.ts';
import { QuoteState } from './quote-state.ts';

/** Somebody who watches a contract. */
export interface MarketWatcher {
  readonly channels: ReadonlySet<MarketChannel>;
  readonly listener: (item: MarketEvidence) => void;
  isLive: boolean;
}

/** An event that waits to be read, and when it came in. */
interface Waiting {
  readonly event: HubEvent;
  readonly asOf: number;
  readonly monotonic: number;
}

/** Quote updates of one contract that wait unread. Beyond it the oldest are merged at once: none is lost, because each may hold a price that no later one repeats. */
const quotesWaiting = 256;
/** Trades and depth updates of one contract that wait unread. Beyond it all of them are dropped and a gap is told. */
const othersWaiting = 2048;

export interface ContractMarketParts {
  readonly contractId: ContractId;
  /** Something of an event could not be read. */
  unreadable(problem: string): void;
  /** A watcher threw. */
  threw(error: unknown): void;
}

/** One contract's market: what waits to be read, what is known, and who watches. */
export class ContractMarket {
  readonly watchers: Set<MarketWatcher> = new Set();
  readonly liveChannels: Set<MarketChannel> = new Set();
  readonly quote: QuoteState;
  readonly #parts: ContractMarketParts;
  readonly #book: DepthBook;
  #quotes: Waiting[] = [];
  #others: Waiting[] = [];
  #quoteToTell = false;
  /** When the newest depth update came in; undefined when it has been told. */
  #depthToTell: number | undefined;
  #hasDepth = false;

  constructor(parts: ContractMarketParts) {
    this.#parts = parts;
    this.quote = new QuoteState(parts.contractId);
    this.#book = new DepthBook(parts.contractId);
  }

  /** Keeps a quote event unread. */
  addQuote(waiting: Waiting): void {
    this.#quotes.push(waiting);
    if (this.#quotes.length > quotesWaiting) this.#readQuote();
  }

  /** Keeps a trade or depth event unread; the number of events dropped for it. */
  addOther(waiting: Waiting): number {
    this.#others.push(waiting);
    if (this.#others.length <= othersWaiting) return 0;
    const dropped = this.#others.length;
    this.#others = [];
    this.#forgetDepth();
    return dropped;
  }

  /** Reads one event, or tells what has been merged; false when nothing is left. Quotes come first: the newest one is what orders go by. */
  step(): boolean {
    if (this.#quotes.length > 0) this.#readQuote();
    else if (this.#quoteToTell) this.#tellQuote();
    else if (this.#others.length > 0) this.#readOther();
    else if (this.#depthToTell !== undefined) this.#tellDepth(this.#depthToTell);
    else return false;
    return true;
  }

  /** What is known already, for one who comes later. */
  tellKnown(watcher: MarketWatcher, asOf: number): void {
    const { quote } = this.quote;
    if (quote && watcher.channels.has('quotes')) this.#hand(watcher, { of: 'quote', quote });
    if (this.#hasDepth && watcher.channels.has('depth'))
      this.#hand(watcher, { of: 'depth', depth: this.#book.snapshot(asOf) });
  }

  /** Tells those who watch the channel. */
  tell(channel: MarketChannel, item: MarketEvidence): void {
    for (const watcher of this.watchers)
      if (watcher.channels.has(channel)) this.#hand(watcher, item);
  }

  tellOne(watcher: MarketWatcher, item: MarketEvidence): void {
    this.#hand(watcher, item);
  }

  /** Updates of this channel were missed; what waits is older than that. */
  lose(channel: MarketChannel): void {
    if (channel === 'quotes') {
      this.#quotes = [];
      this.#quoteToTell = false;
      this.quote.forget();
    } else {
      const target = channel === 'depth' ? 'GatewayDepth' : 'GatewayTrade';
      this.#others = this.#others.filter(({ event }) => event.target !== target);
      if (channel === 'depth') this.#forgetDepth();
    }
  }

  #forgetDepth(): void {
    this.#book.clear();
    this.#depthToTell = undefined;
    this.#hasDepth = false;
  }

  #readQuote(): void {
    const waiting = this.#quotes.shift();
    if (!waiting) return;
    for (const row of this.#rows(waiting.event)) {
      const delta = quoteDelta(row);
      if (!delta) this.#parts.unreadable('a quote that is no object');
      else this.quote.merge(delta, waiting.asOf, waiting.monotonic);
      this.#quoteToTell ||= delta !== undefined;
    }
  }

  #readOther(): void {
    const waiting = this.#others.shift();
    if (!waiting) return;
    const isTrade = waiting.event.target === 'GatewayTrade';
    for (const row of this.#rows(waiting.event)) {
      if (isTrade) {
        const trade = marketTrade(row, this.#parts.contractId);
        if (trade) this.tell('trades', { of: 'market-trade', trade });
        else this.#parts.unreadable('a trade without price, size or time');
      } else {
        const delta = depthDelta(row);
        if (!delta) this.#parts.unreadable('a depth row without a type');
        else this.#book.merge(delta);
      }
    }
    if (isTrade) return;
    this.#depthToTell = waiting.asOf;
    this.#hasDepth = true;
  }

  #tellQuote(): void {
    this.#quoteToTell = false;
    const { quote } = this.quote;
    if (quote) this.tell('quotes', { of: 'quote', quote });
  }

  #tellDepth(asOf: number): void {
    this.#depthToTell = undefined;
    this.tell('depth', { of: 'depth', depth: this.#book.snapshot(asOf) });
  }

  /** The first argument names the contract. */
  #rows(event: HubEvent): readonly unknown[] {
    const given = eventArguments(event);
    if (!given) this.#parts.unreadable(`${event.target} is no JSON`);
    return payloadsOf((given ?? []).filter((value) => typeof value !== 'string'));
  }

  #hand({ listener }: MarketWatcher, item: MarketEvidence): void {
    try {
      listener(item);
    } catch (error) {
      this.#parts.threw(error);
    }
  }
}
