import type {
  Account,
  Adapter,
  AdapterContext,
  AdapterReads,
  Answer,
  Capabilities,
  Clock,
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
  Order,
  PreparedRequest,
  Sought,
  Verdict,
} from '@hotpath/core';
import { AdapterError, ReadError } from '@hotpath/core';
import * as z from 'zod';
import { projectxCapabilities } from './capabilities.ts';
import { AccountStreams } from './account-streams.ts';
import { ContractCache } from './contract-cache.ts';
import { decodeAnswer } from './decode.ts';
import { encodeIntent } from './encode.ts';
import { reads } from './endpoints.ts';
import { partsOf } from './login-parts.ts';
import type { ReadOptions } from './read-client.ts';
import { ReadClient, RefusedRead, UnexpectedStatus } from './read-client.ts';
import { accountRow, contractRow, orderRow, positionRow, tradeRow } from './rows.ts';
import type { Session } from './session.ts';
import type { TopstepxLogin } from './topstepx-login.ts';
import { rtcUrlOf } from './rtc-url.ts';
import type { CheckedTopstepxOptions } from './topstepx-options.ts';

/** How far before the first attempt a lookup begins: the venue's clock may be behind ours. */
const lookupMarginMs = 10 * 60 * 1000;
/** How old a last price may be for a trail in ticks. */
const lastPriceAgeMs = 2000;
/** Rows of a page of the newer order query, its largest. */
const orderPage = 100;

const schemas = {
  accounts: z.object({ accounts: z.array(accountRow) }),
  contracts: z.object({ contracts: z.array(contractRow) }),
  contract: z.object({ contract: contractRow }),
  orders: z.object({ orders: z.array(orderRow) }),
  order: z.object({ order: orderRow }),
  positions: z.object({ positions: z.array(positionRow) }),
  trades: z.object({ trades: z.array(tradeRow) }),
};

/** The ProjectX Gateway behind core's adapter interface. */
export class TopstepxAdapter implements Adapter {
  readonly capabilities: Capabilities;
  readonly endpoint: Endpoint;
  readonly login: string;
  readonly #options: CheckedTopstepxOptions;
  readonly #login: TopstepxLogin;
  readonly #clock: Clock;
  readonly #contracts = new ContractCache();
  #client: ReadClient | undefined;
  #context: AdapterContext | undefined;
  #streams: AccountStreams | undefined;
  #leaveSession: () => void = () => {};
  /** Older deployments have no v2 query; asked once, remembered. */
  #hasOrderQuery = true;
  #account: Account | undefined;

  constructor(options: CheckedTopstepxOptions, login: TopstepxLogin, clock: Clock) {
    this.#options = options;
    this.#login = login;
    this.#clock = clock;
    this.login = `${options.baseUrl.origin} ${login.userName}`;
    this.capabilities = projectxCapabilities(options.rateLimit);
    this.endpoint = { origin: new URL(options.baseUrl.origin), keepWarm: undefined };
  }

  get account(): Account {
    if (!this.#account) throw new AdapterError('VENUE_UNREACHABLE', 'The adapter is not connected.');
    return this.#account;
  }

  async connect(context: AdapterContext): Promise<void> {
    const client = new ReadClient(context, this.#options.readTimeoutMs);
    this.#client = client;
    this.#context = context;
    const { clock, random, log } = context;
    this.#leaveSession = this.#session.attach({ client, clock, random, log, failed: (message) => context.evidence({ of: 'session-failed', message }) });
    try {
      await this.#session.authorization(client);
      this.#account = this.#chosenAccount(await this.reads.accounts());
      const { contracts } = await this.#read(reads.contracts, { live: false }, schemas.contracts);
      this.#contracts.add(contracts);
      this.#streams = new AccountStreams(partsOf(this.#login), rtcUrlOf(this.#options), context, this.account.id, (item) => this.#takeIn(item));
    } catch (error) {
      this.#leaveSession();
      if (error instanceof ReadError) throw new AdapterError('VENUE_UNREACHABLE', `The venue could not be read at the start: ${error.message}`, { cause: error });
      throw error;
    }
  }

  close(): Promise<void> {
    this.#client = undefined;
    this.#streams?.close();
    this.#streams = undefined;
    this.#leaveSession();
    return Promise.resolve();
  }

  openStreams(): void {
    this.#streams?.openUser();
  }

  watchMarket(contract: Contract, channels: readonly MarketChannel[], listener: (item: MarketEvidence) => void): () => void {
    return this.#streams?.watch(contract, channels, listener) ?? (() => {});
  }

  contract(symbol: string): Contract | undefined {
    return this.#contracts.get(symbol);
  }

  async prepare(missing: Missing, symbol: string | undefined): Promise<void> {
    switch (missing) {
      case 'authorization':
        await this.#session.authorization(this.#connected);
        return;
      case 'contract':
        if (symbol !== undefined) await this.#prepareContract(symbol);
        return;
      case 'last-price':
        throw new AdapterError('VENUE_UNREACHABLE', `a trail in ticks needs a last price of ${symbol ?? 'the contract'} that is at most ${lastPriceAgeMs} ms old: subscribe to its quotes, or give trailPrice.`);
    }
  }

  encode(intent: Intent): Encoded {
    return encodeIntent(intent, this.account.id, this.#client ? this.#session.current : undefined, this.#lastPrice);
  }

  probe(): PreparedRequest | undefined {
    const authorization = this.#client && this.#session.current;
    return authorization && { template: reads.accounts, authorization, body: JSON.stringify({ onlyActiveAccounts: true }) };
  }

  readonly #lastPrice = (contract: Contract): number | undefined => this.#streams?.lastPrice(contract.id, lastPriceAgeMs);

  decode(operation: Mutation, answer: Answer): Verdict {
    const verdict = decodeAnswer(operation, answer);
    if (operation === 'place' && verdict.is === 'accepted' && verdict.orderId !== undefined) this.#streams?.expectOrder(verdict.orderId);
    return verdict;
  }

  async renewAuthorization(generation: number): Promise<void> {
    await this.#session.renew(generation, this.#connected);
  }

  async find(sought: Sought, options: { readonly lane: Lane; readonly timeoutMs: number }): Promise<Finding> {
    try {
      return sought.by === 'order-id' ? await this.#findById(sought.orderId, options) : await this.#findByTag(sought.clientOrderId, sought.since, options);
    } catch (error) {
      return { is: 'unreachable', message: error instanceof Error ? error.message : String(error) };
    }
  }

  readonly reads: AdapterReads = {
    account: async () => {
      this.#account = this.#chosenAccount(await this.reads.accounts());
      return this.#account;
    },
    accounts: async () => (await this.#read(reads.accounts, { onlyActiveAccounts: true }, schemas.accounts)).accounts,
    openOrders: async (lane) => this.#dated(await this.#openOrders({ lane })),
    orders: async (span, lane) => this.#dated((await this.#read(reads.orders, { accountId: this.#accountId, ...timestamps(span) }, schemas.orders, { lane })).orders),
    positions: async (lane) => this.#dated((await this.#read(reads.positions, { accountId: this.#accountId }, schemas.positions, { lane })).positions),
    trades: async (span) => (await this.#read(reads.trades, { accountId: this.#accountId, ...timestamps(span) }, schemas.trades)).trades,
    searchContracts: async (text) => (await this.#read(reads.contractSearch, { searchText: text, live: false }, schemas.contracts)).contracts,
  };

  get #session(): Session {
    return partsOf(this.#login).session;
  }

  get #connected(): ReadClient {
    if (!this.#client) throw new AdapterError('VENUE_UNREACHABLE', 'The adapter is not connected.');
    return this.#client;
  }

  #takeIn(item: Evidence): void {
    // Balance and the right to trade change while a bot runs.
    if (item.of === 'account') this.#account = item.account;
    this.#context?.evidence(item);
  }

  #dated<Row extends object>(rows: readonly Row[]): (Row & { readonly asOf: number })[] {
    const asOf = this.#clock.now();
    return rows.map((row) => ({ ...row, asOf }));
  }

  /** Suspended legs of brackets are shown by the newer query only (its documentation advises statuses 1 and 8). */
  async #openOrders(options: ReadOptions): Promise<readonly Omit<Order, 'asOf'>[]> {
    if (this.#hasOrderQuery) {
      try {
        return await this.#queryOrders([1, 6, 8], options);
      } catch (error) {
        if (!(error instanceof UnexpectedStatus) || error.status !== 404) throw error;
        this.#hasOrderQuery = false;
      }
    }
    return (await this.#read(reads.openOrders, { accountId: this.#accountId }, schemas.orders, options)).orders;
  }

  /** Pages hold at most 100 rows and offsets count rows (measured by one client); a row that moves between two pages is kept once. */
  async #queryOrders(statuses: readonly number[], options: ReadOptions): Promise<readonly Omit<Order, 'asOf'>[]> {
    const found = new Map<string, Omit<Order, 'asOf'>>();
    for (let pageOffset = 0; ; pageOffset += orderPage) {
      const body = { filter: { accountId: this.#accountId, statuses }, pageSize: orderPage, pageOffset, sortBy: 1, sortDirection: 0 };
      const { orders } = await this.#read(reads.orderQuery, body, schemas.orders, options);
      for (const order of orders) found.set(order.orderId, order);
      if (orders.length < orderPage) return [...found.values()];
    }
  }

  get #accountId(): number {
    return Number(this.account.id);
  }

  #read<Value>(template: Parameters<ReadClient['read']>[0], body: object, schema: z.ZodType<Value>, options?: ReadOptions): Promise<Value> {
    return this.#connected.read(template, body, schema, this.#session, options);
  }

  #chosenAccount(accounts: readonly Account[]): Account {
    const wanted = this.#options.account;
    const account = accounts.find(({ id, name }) => id === wanted || name === wanted);
    if (!account) {
      const names = accounts.map(({ name }) => name).join(', ');
      throw new AdapterError('ACCOUNT_NOT_FOUND', `This login has no account "${wanted}"; it has ${names || 'none'}.`);
    }
    if (!account.canTrade) throw new AdapterError('ACCOUNT_CANNOT_TRADE', `The venue takes no orders for account ${account.name}: it may be locked out or have broken a rule.`);
    return account;
  }

  async #prepareContract(symbol: string): Promise<void> {
    if (symbol.startsWith('CON.')) {
      try {
        this.#contracts.add([(await this.#read(reads.contractById, { contractId: symbol }, schemas.contract)).contract]);
      } catch (error) {
        if (!(error instanceof RefusedRead)) throw error;
      }
      return;
    }
    this.#contracts.add(await this.reads.searchContracts(symbol));
  }

  async #findById(orderId: string, options: ReadOptions): Promise<Finding> {
    try {
      const { order } = await this.#read(reads.orderById, { accountId: this.#accountId, orderId: Number(orderId) }, schemas.order, options);
      return { is: 'found', order: { ...order, asOf: this.#clock.now() } };
    } catch (error) {
      if (error instanceof RefusedRead) return { is: 'not-found' };
      throw error;
    }
  }

  /** Tags are compared without case, an exact match first; a bracket's legs carry their entry's tag with an ending and are not it. */
  async #findByTag(tag: string, since: number, options: ReadOptions): Promise<Finding> {
    const { orders } = await this.#read(reads.orders, { accountId: this.#accountId, ...timestamps({ from: since - lookupMarginMs }) }, schemas.orders, options);
    const own = orders.filter((order) => order.parentOrderId === undefined);
    const order = own.find(({ clientOrderId }) => clientOrderId === tag) ?? own.find((candidate) => sameTag(candidate, tag));
    return order ? { is: 'found', order: { ...order, asOf: this.#clock.now() } } : { is: 'not-found' };
  }
}

function sameTag({ clientOrderId }: Pick<Order, 'clientOrderId'>, tag: string): boolean {
  return clientOrderId?.toLowerCase() === tag.toLowerCase();
}

function timestamps({ from, to }: { readonly from: number; readonly to?: number | undefined }): object {
  return { startTimestamp: new Date(from).toISOString(), ...(to !== undefined && { endTimestamp: new Date(to).toISOString() }) };
}
