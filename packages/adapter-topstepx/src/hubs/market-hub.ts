import type {
  Clock,
  Contract,
  ContractId,
  Logger,
  MarketChannel,
  MarketEvidence,
} from '@hotpath/core';
import type { MarketWatcher } from './contract-market.ts';
import { ContractMarket } from './contract-market.ts';
import type { HubEvent } from './hub-event.ts';
import type { HubTopic } from './hub-keeper.ts';
import { HubKeeper } from './hub-keeper.ts';
import { marketHubTimings } from './hub-timings.ts';
import type { SliceSource } from './slice-queue.ts';
import { SliceQueue } from './slice-queue.ts';
import type { HubOwner } from './user-hub.ts';

const methods: Readonly<Record<MarketChannel, string>> = {
  quotes: 'ContractQuotes',
  trades: 'ContractTrades',
  depth: 'ContractMarketDepth',
};
const marketTargets: ReadonlySet<string> = new Set([
  'GatewayQuote',
  'GatewayTrade',
  'GatewayDepth',
]);
/** The contract is the first argument; read without the rest. */
const contractOf = /"arguments":\["([^"\\]+)"/;
/** How often at most the same kind of trouble is written to the log. */
const logEveryMs = 10_000;

/** The market hub of one login: quotes, trades and depth of the contracts that anybody watches, subscribed to once for all who do. */
export class MarketHub implements SliceSource {
  readonly #keeper: HubKeeper;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #slices: SliceQueue;
  readonly #markets = new Map<ContractId, ContractMarket>();
  readonly #topics = new Map<string, HubTopic>();
  /** Markets with something to do, in turn. */
  readonly #ready = new Set<ContractMarket>();
  readonly #loggedAt = new Map<string, number>();
  readonly #doubtToken: () => void;

  constructor(owner: HubOwner) {
    this.#clock = owner.clock;
    this.#log = owner.log;
    this.#doubtToken = owner.doubtToken;
    this.#slices = new SliceQueue([this], owner.clock, owner.log);
    this.#keeper = new HubKeeper({
      ...owner,
      name: 'market',
      timings: marketHubTimings,
      event: (event) => this.#event(event),
    });
  }

  /** Watches until the returned function is called. */
  watch(
    { id }: Contract,
    channels: readonly MarketChannel[],
    listener: (item: MarketEvidence) => void,
  ): () => void {
    const market = this.#market(id);
    const watcher: MarketWatcher = { channels: new Set(channels), listener, isLive: false };
    market.watchers.add(watcher);
    for (const channel of watcher.channels) this.#subscribe(market, id, channel);
    // Not before the caller has what this returns.
    queueMicrotask(() => {
      if (!market.watchers.has(watcher)) return;
      this.#tellLive(market, id, watcher, this.#clock.now());
      market.tellKnown(watcher, this.#clock.now());
    });
    return () => {
      if (!market.watchers.delete(watcher)) return;
      for (const channel of watcher.channels) this.#unsubscribe(market, id, channel);
      if (market.watchers.size > 0) return;
      this.#markets.delete(id);
      this.#ready.delete(market);
    };
  }

  /** The last traded price, when it was told at most `maxAgeMs` ago. */
  lastPrice(contractId: ContractId, maxAgeMs: number): number | undefined {
    return this.#markets.get(contractId)?.quote.lastPrice(maxAgeMs, this.#clock.monotonic());
  }

  close(): void {
    this.#keeper.close();
    this.#ready.clear();
    this.#markets.clear();
  }

  /** One step for the market whose turn it is. */
  step(): boolean {
    const [market] = this.#ready;
    if (!market) return false;
    this.#ready.delete(market);
    if (market.step()) this.#ready.add(market);
    return true;
  }

  #market(contractId: ContractId): ContractMarket {
    const known = this.#markets.get(contractId);
    if (known) return known;
    const market = new ContractMarket({
      contractId,
      unreadable: (problem) =>
        this.#warn({ contractId, problem }, 'a market event could not be read'),
      threw: (error) =>
        this.#log.error({ error, contractId }, 'a market event could not be taken in'),
    });
    this.#markets.set(contractId, market);
    return market;
  }

  #subscribe(market: ContractMarket, contractId: ContractId, channel: MarketChannel): void {
    const key = `${channel} ${contractId}`;
    if (this.#topics.has(key)) return;
    const calls = (verb: string) => [{ method: `${verb}${methods[channel]}`, given: [contractId] }];
    const topic: HubTopic = {
      subscribe: calls('Subscribe'),
      unsubscribe: calls('Unsubscribe'),
      live: (at) => {
        market.liveChannels.add(channel);
        for (const watcher of market.watchers)
          if (watcher.channels.has(channel)) this.#tellLive(market, contractId, watcher, at);
      },
      lost: (at, because) => {
        market.liveChannels.delete(channel);
        market.lose(channel);
        for (const watcher of market.watchers)
          if (watcher.channels.has(channel))
            this.#tellGap(market, contractId, watcher, at, because);
      },
    };
    this.#topics.set(key, topic);
    this.#keeper.add(topic);
  }

  #unsubscribe(market: ContractMarket, contractId: ContractId, channel: MarketChannel): void {
    for (const watcher of market.watchers) if (watcher.channels.has(channel)) return;
    const key = `${channel} ${contractId}`;
    const topic = this.#topics.get(key);
    this.#topics.delete(key);
    market.liveChannels.delete(channel);
    market.lose(channel);
    if (topic) this.#keeper.remove(topic);
  }

  #tellLive(
    market: ContractMarket,
    contractId: ContractId,
    watcher: MarketWatcher,
    at: number,
  ): void {
    if (
      watcher.isLive ||
      ![...watcher.channels].every((channel) => market.liveChannels.has(channel))
    )
      return;
    watcher.isLive = true;
    market.tellOne(watcher, { of: 'live', contractId, at });
  }

  /** Of several channels lost at once the first tells; one that was refused from the start tells why nothing comes. */
  #tellGap(
    market: ContractMarket,
    contractId: ContractId,
    watcher: MarketWatcher,
    at: number,
    because: string,
  ): void {
    const channelsLive = [...watcher.channels].filter((channel) =>
      market.liveChannels.has(channel),
    ).length;
    if (!watcher.isLive && channelsLive < watcher.channels.size - 1) return;
    watcher.isLive = false;
    market.tellOne(watcher, { of: 'gap', contractId, at, because });
  }

  #event(event: HubEvent): void {
    if (event.target === 'GatewayLogout') {
      this.#doubtToken();
      this.#keeper.restart('the venue logged the session out');
    }
    if (!marketTargets.has(event.target)) return;
    const contractId = contractOf.exec(event.record)?.[1];
    const market =
      contractId === undefined ? undefined : this.#markets.get(contractId as ContractId);
    if (!market) {
      // The last ones of a contract that nobody watches any more are no trouble.
      if (contractId === undefined)
        this.#warn({ target: event.target }, 'a market event names no contract');
      return;
    }
    const waiting = { event, asOf: this.#clock.now(), monotonic: this.#clock.monotonic() };
    if (event.target === 'GatewayQuote') market.addQuote(waiting);
    else this.#add(market, waiting);
    this.#ready.add(market);
    this.#slices.wake();
  }

  #add(market: ContractMarket, waiting: Parameters<ContractMarket['addOther']>[0]): void {
    const dropped = market.addOther(waiting);
    if (dropped === 0) return;
    const because = `${dropped} trades and depth updates were dropped unread: more came than could be handed on`;
    this.#warn({ dropped }, 'market data was dropped');
    const contractId = contractOf.exec(waiting.event.record)?.[1] as ContractId;
    for (const watcher of market.watchers) {
      if (!watcher.isLive || !(watcher.channels.has('trades') || watcher.channels.has('depth')))
        continue;
      market.tellOne(watcher, { of: 'gap', contractId, at: waiting.asOf, because });
      market.tellOne(watcher, { of: 'live', contractId, at: waiting.asOf });
    }
  }

  #warn(fields: object, message: string): void {
    const now = this.#clock.monotonic();
    if (now - (this.#loggedAt.get(message) ?? Number.NEGATIVE_INFINITY) < logEveryMs) return;
    this.#loggedAt.set(message, now);
    this.#log.warn({ hub: 'market', ...fields }, message);
  }
}
