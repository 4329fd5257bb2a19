import type {
  Account,
  Adapter,
  AdapterContext,
  AdapterReads,
  Answer,
  Capabilities,
  Contract,
  Encoded,
  Endpoint,
  Evidence,
  Finding,
  Intent,
  Lane,
  MarketChannel,
  MarketEvidence,
  Missing,
  Mutation,
  PreparedRequest,
  Sought,
  Verdict,
} from '@hotpath/core';
import { ExecutorError, isAboutCertificate } from '@hotpath/core';
import type { PriceFeed } from '@hotpath/gateway-sim';
import { within } from '../hubs/within.ts';
import type { TopstepxAdapter } from '../topstepx-adapter.ts';
import type { MarketHost } from './market-host.ts';
import { QuoteFeed } from './quote-feed.ts';

/** What paper mode takes of an adapter of the venue: its market, and nothing with which an order could be written. */
export interface VenueMarket extends Pick<
  TopstepxAdapter,
  'connect' | 'close' | 'contract' | 'prepare' | 'watchMarket'
> {
  readonly reads: Pick<AdapterReads, 'searchContracts' | 'bars'>;
}

export interface PaperAdapterParts {
  /** The venue's. */
  readonly origin: string;
  readonly account: { readonly id: number; readonly name: string };
  readonly market: VenueMarket;
  /** Of the simulator inside this process. */
  readonly orders: TopstepxAdapter;
  readonly host: MarketHost;
  readonly gateway: { readonly feed: PriceFeed; close(): Promise<void> };
  /** Followed from the start. */
  readonly symbols: readonly string[];
  readonly quoteWaitMs: number;
}

/**
 * The venue's market and a simulator's orders as one adapter. Core and the executors know the simulator's address alone; the venue's is known to the host,
 * which lets nothing but reads of the market through, and to the market hub.
 */
export class PaperAdapter implements Adapter {
  readonly mode = 'paper';
  readonly venue: string;
  readonly capabilities: Capabilities;
  readonly endpoint: Endpoint;
  readonly login: string;
  readonly reads: AdapterReads;
  readonly #parts: PaperAdapterParts;
  readonly #quotes: QuoteFeed;
  /** Contracts whose quotes are needed and which are not known yet. */
  readonly #awaited = new Set<string>();
  #context: AdapterContext | undefined;
  /** Whether the log says where orders go; a start may be tried several times. */
  #told = false;

  constructor(parts: PaperAdapterParts) {
    const { origin, market, orders, gateway } = parts;
    this.#parts = parts;
    this.venue = origin;
    this.capabilities = orders.capabilities;
    this.endpoint = orders.endpoint;
    this.login = orders.login;
    const { searchContracts, bars } = market.reads;
    this.reads = { ...orders.reads, searchContracts, ...(bars && { bars }) };
    this.#quotes = new QuoteFeed({
      feed: gateway.feed,
      watch: (contract, channels, listener) => market.watchMarket(contract, channels, listener),
    });
  }

  get account(): Account {
    return this.#parts.orders.account;
  }

  /** May be called again when it has rejected. */
  async connect(context: AdapterContext): Promise<void> {
    const { origin, account, market, orders, host } = this.#parts;
    if (!this.#told)
      context.log.info(
        { account: account.name, quotesFrom: origin, ordersTo: this.endpoint.origin.origin },
        'paper mode: orders fill in a simulator inside this process, on the quotes of the venue; none reaches the venue',
      );
    this.#told = true;
    await market
      .connect({
        ...context,
        send: host.send,
        throttled: host.throttled,
        evidence: (item) => this.#takeMarket(item, context),
      })
      .catch((error: unknown) => this.#noMarket(error));
    await orders.connect({ ...context, evidence: (item) => takeOrders(item, context) });
    this.#context = context;
    const awaited = [...this.#awaited];
    this.#awaited.clear();
    for (const contractId of awaited) this.wanted(contractId);
    await Promise.all(this.#parts.symbols.map((symbol) => this.#followFromStart(symbol, context)));
  }

  /** No executor asks the venue, so that none tells of its certificate. */
  #noMarket(error: unknown): never {
    if (isAboutCertificate(error))
      throw new ExecutorError(
        'CERTIFICATE_REFUSED',
        `${this.#parts.origin} has a certificate that is not accepted: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    throw error;
  }

  async close(): Promise<void> {
    const { market, orders, host, gateway } = this.#parts;
    this.#context = undefined;
    this.#quotes.close();
    await Promise.allSettled([orders.close(), market.close()]);
    host.close();
    await gateway.close();
  }

  /** The simulator has, or may soon have, an order or a position in this contract. */
  wanted(contractId: string): void {
    const context = this.#context;
    if (!context) {
      this.#awaited.add(contractId);
      return;
    }
    const { market } = this.#parts;
    const known = market.contract(contractId);
    if (known) return this.#quotes.follow(known);
    market.prepare('contract', contractId).then(
      () => {
        const contract = market.contract(contractId);
        if (contract && this.#context) this.#quotes.follow(contract);
      },
      (error: unknown) =>
        context.log.warn(
          { contractId, error },
          'the contract of an order on paper could not be read: without its quotes nothing fills',
        ),
    );
  }

  /** A market order was refused for want of a quote. */
  unpriced(contractId: string): void {
    this.#context?.log.warn(
      { contractId, waitedMs: this.#parts.quoteWaitMs },
      'the venue told no quote in time: a market order on paper was refused',
    );
  }

  openStreams(): void {
    this.#parts.orders.openStreams();
  }

  watchMarket(
    contract: Contract,
    channels: readonly MarketChannel[],
    listener: (item: MarketEvidence) => void,
  ): () => void {
    // Who watches a contract will place in it: its quotes are at hand then.
    this.#quotes.follow(contract);
    return this.#parts.market.watchMarket(contract, channels, listener);
  }

  contract(symbol: string): Contract | undefined {
    const contract = this.#parts.market.contract(symbol);
    // What has been named here may be ordered next.
    if (contract) this.#quotes.list(contract);
    return contract;
  }

  prepare(missing: Missing, symbol: string | undefined, lane?: Lane): Promise<void> {
    const { market, orders } = this.#parts;
    return missing === 'authorization'
      ? orders.prepare(missing, symbol, lane)
      : market.prepare(missing, symbol, lane);
  }

  encode(intent: Intent): Encoded {
    return this.#parts.orders.encode(intent);
  }

  probe(): PreparedRequest | undefined {
    return this.#parts.orders.probe();
  }

  decode(operation: Mutation, answer: Answer, intent?: Intent): Verdict {
    return this.#parts.orders.decode(operation, answer, intent);
  }

  renewAuthorization(generation: number): Promise<void> {
    return this.#parts.orders.renewAuthorization(generation);
  }

  find(
    sought: Sought,
    options: { readonly lane: Lane; readonly timeoutMs: number },
  ): Promise<Finding> {
    return this.#parts.orders.find(sought, options);
  }

  /** A contract that can't be read, or has no quotes now, keeps nobody from starting: what is placed in it waits as any other. */
  async #followFromStart(symbol: string, { clock, log }: AdapterContext): Promise<void> {
    const { market, quoteWaitMs } = this.#parts;
    await market
      .prepare('contract', symbol)
      .catch((error: unknown) =>
        log.warn({ symbol, error }, 'a contract to follow on paper could not be read'),
      );
    const contract = market.contract(symbol);
    if (!contract)
      return log.warn({ symbol }, 'a contract to follow on paper is not known to the venue');
    await within(this.#quotes.first(contract), quoteWaitMs, clock, 'a first quote').catch(() =>
      log.warn(
        { symbol, waitedMs: quoteWaitMs },
        'the venue has told no quote yet: nothing fills on paper before it does',
      ),
    );
  }

  #takeMarket(item: Evidence, context: AdapterContext): void {
    // The venue's accounts are not told: its user hub is never opened.
    if (item.of === 'roll')
      for (const contract of [{ ...item.from, active: false }, item.to])
        this.#quotes.list(contract);
    if (
      item.of === 'roll' ||
      item.of === 'session-failed' ||
      ((item.of === 'stream-gap' || item.of === 'stream-live') && item.stream === 'market')
    )
      context.evidence(item);
  }
}

/** Contracts roll at the venue alone. */
function takeOrders(item: Evidence, context: AdapterContext): void {
  if (item.of !== 'roll') context.evidence(item);
}
