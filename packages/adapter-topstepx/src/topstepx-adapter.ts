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
  PreparedRequest,
  Redactor,
  Sought,
  Verdict,
} from '@hotpath/core';
import { AdapterError, ReadError } from '@hotpath/core';
import { setMaxListeners } from 'node:events';
import * as z from 'zod';
import { BarReads } from './bar-reads.ts';
import { projectxCapabilities } from './capabilities.ts';
import { AccountStreams } from './account-streams.ts';
import { ContractCache } from './contract-cache.ts';
import { ContractWatch } from './contract-watch.ts';
import { decodeAnswer } from './decode.ts';
import type { LastPrice } from './encode.ts';
import { encodeIntent } from './encode.ts';
import { reads } from './endpoints.ts';
import { partsOf } from './login-parts.ts';
import { contractHint, isAboutContract } from './old-contract.ts';
import { OrderReads } from './order-reads.ts';
import type { Ask, ReadOptions } from './read-client.ts';
import { ReadClient, RefusedRead } from './read-client.ts';
import { accountRow, contractRow, positionRow, tradeRow } from './rows.ts';
import { timestamps } from './timestamps.ts';
import type { Session } from './session.ts';
import type { TopstepxLogin } from './topstepx-login.ts';
import type { CheckedTopstepxOptions } from './topstepx-options.ts';

/** Characters of the names of accounts in an error. */
const longestNames = 1_000;

/** How old a last price may be for a trail in ticks. */
const lastPriceAgeMs = 2000;

const schemas = {
  accounts: z.object({ accounts: z.array(accountRow) }),
  contracts: z.object({ contracts: z.array(contractRow) }),
  contract: z.object({ contract: contractRow }),
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
  #contractWatch: ContractWatch | undefined;
  #leaveSession: () => void = () => {};
  readonly #lastPrice: LastPrice;
  readonly #orders: OrderReads;
  readonly #bars: BarReads;
  #account: Account | undefined;
  /** Ends what waits for room among the bars. */
  #closing = closingController();

  /** `lastPrice`: where a trail in ticks begins, when the market is watched elsewhere. */
  constructor(
    options: CheckedTopstepxOptions,
    login: TopstepxLogin,
    clock: Clock,
    lastPrice?: LastPrice,
  ) {
    this.#options = options;
    this.#login = login;
    this.#clock = clock;
    this.login = `${options.baseUrl.origin} ${login.userName}`;
    this.#lastPrice = lastPrice ?? ((contract) => this.lastPrice(contract));
    this.capabilities = projectxCapabilities(options.rateLimit, options.capabilities);
    const ask: Ask = (template, body, schema, readOptions) =>
      this.#read(template, body, schema, readOptions);
    this.#orders = new OrderReads(ask, () => this.#accountId, clock);
    this.#bars = new BarReads(ask, partsOf(login).barsPacer, clock, () => this.#closing.signal);
    this.endpoint = { origin: new URL(options.baseUrl.origin), keepWarm: undefined };
  }

  get account(): Account {
    if (!this.#account)
      throw new AdapterError('VENUE_UNREACHABLE', 'The adapter is not connected.');
    return this.#account;
  }

  /** May be called again when it has rejected: what was had before, such as the token, is not asked for again. */
  async connect(context: AdapterContext): Promise<void> {
    const client = new ReadClient(context, {
      timeoutMs: this.#options.readTimeoutMs,
      origin: this.endpoint.origin.origin,
      texts: this.#texts,
    });
    const { clock, random, log } = context;
    this.#client = client;
    this.#closing = closingController();
    this.#context = context;
    this.#leaveSession();
    this.#leaveSession = this.#session.attach({
      client,
      clock,
      random,
      log,
      failed: (message) => context.evidence({ of: 'session-failed', message }),
    });
    try {
      await this.#session.authorization(client);
      const account = this.#chosenAccount(await this.reads.accounts());
      const read = async (lane?: Lane): Promise<readonly Contract[]> =>
        (await this.#read(reads.contracts, { live: false }, schemas.contracts, { lane })).contracts;
      const contracts = await read();
      // safeguard: an adapter that was closed while it connected opens nothing any more
      if (this.#client !== client)
        throw new AdapterError('VENUE_UNREACHABLE', 'The adapter was closed while it connected.');
      // end of safeguard
      this.#account = account;
      this.#contracts.bind(contracts);
      this.#contractWatch = new ContractWatch({
        cache: this.#contracts,
        clock,
        random,
        log,
        read,
        rolled: (roll) => this.#takeIn({ of: 'roll', ...roll }),
      });
      this.#streams = new AccountStreams(
        partsOf(this.#login),
        this.#options,
        context,
        account.id,
        (item) => this.#takeIn(item),
      );
    } catch (error) {
      if (this.#client === client) this.#leaveSession();
      if (ReadError.is(error))
        throw new AdapterError('VENUE_UNREACHABLE', error.message, { cause: error });
      throw error;
    }
  }

  close(): Promise<void> {
    this.#client = undefined;
    this.#closing.abort();
    this.#streams?.close();
    this.#streams = undefined;
    this.#contractWatch?.stop();
    this.#leaveSession();
    return Promise.resolve();
  }

  openStreams(): void {
    this.#streams?.openUser();
  }

  watchMarket(
    contract: Contract,
    channels: readonly MarketChannel[],
    listener: (item: MarketEvidence) => void,
  ): () => void {
    return this.#streams?.watch(contract, channels, listener) ?? (() => {});
  }

  contract(symbol: string): Contract | undefined {
    return this.#contracts.get(symbol);
  }

  async prepare(missing: Missing, symbol: string | undefined, lane?: Lane): Promise<void> {
    switch (missing) {
      case 'authorization':
        await this.#session.authorization(this.#connected);
        return;
      case 'contract':
        if (symbol !== undefined) await this.#prepareContract(symbol, lane);
        return;
      case 'last-price':
        throw new AdapterError(
          'VENUE_UNREACHABLE',
          `a trail in ticks needs a last price of ${symbol ?? 'the contract'} that is at most ${lastPriceAgeMs} ms old: subscribe to its quotes, or give trailPrice.`,
        );
    }
  }

  encode(intent: Intent): Encoded {
    return encodeIntent(
      intent,
      this.account.id,
      this.#client ? this.#session.current : undefined,
      this.#lastPrice,
    );
  }

  probe(): PreparedRequest | undefined {
    const authorization = this.#client && this.#session.current;
    return (
      authorization && {
        template: reads.accounts,
        authorization,
        body: JSON.stringify({ onlyActiveAccounts: true }),
      }
    );
  }

  /** Undefined when it is too old. */
  lastPrice(contract: Contract): number | undefined {
    return this.#streams?.lastPrice(contract.id, lastPriceAgeMs);
  }

  decode(operation: Mutation, answer: Answer, intent?: Intent): Verdict {
    const verdict = decodeAnswer(operation, answer, this.#texts);
    if (operation === 'place' && verdict.is === 'accepted' && verdict.orderId !== undefined)
      this.#streams?.expectOrder(verdict.orderId);
    if (verdict.is !== 'refused' || !isAboutContract(verdict)) return verdict;
    this.#contractWatch?.doubt(intent && 'contract' in intent ? intent.contract : undefined);
    // safeguard: an order for an old month is told what to do
    return {
      ...verdict,
      hint: contractHint(intent, this.#contracts, (root) => this.isDoubted(root)) ?? verdict.hint,
    };
    // end of safeguard
  }

  isDoubted(symbol: string): boolean {
    return this.#contractWatch?.isDoubted(symbol) === true;
  }

  async renewAuthorization(generation: number): Promise<void> {
    await this.#session.renew(generation, this.#connected);
  }

  async find(
    sought: Sought,
    options: { readonly lane: Lane; readonly timeoutMs: number },
  ): Promise<Finding> {
    try {
      return sought.by === 'order-id'
        ? await this.#orders.byId(sought.orderId, options)
        : await this.#orders.byTag(sought.clientOrderId, sought.since, options);
    } catch (error) {
      return { is: 'unreachable', message: error instanceof Error ? error.message : String(error) };
    }
  }

  readonly reads: AdapterReads = {
    account: async (lane) => {
      this.#account = this.#chosenAccount(await this.reads.accounts(lane));
      return this.#account;
    },
    accounts: async (lane) =>
      (await this.#read(reads.accounts, { onlyActiveAccounts: true }, schemas.accounts, { lane }))
        .accounts,
    openOrders: (lane) => this.#orders.open({ lane }),
    orders: (span, lane) => this.#orders.created(span, { lane }),
    positions: async (lane) =>
      this.#dated(
        (
          await this.#read(reads.positions, { accountId: this.#accountId }, schemas.positions, {
            lane,
          })
        ).positions,
      ),
    trades: async (span, lane) =>
      (
        await this.#read(
          reads.trades,
          { accountId: this.#accountId, ...timestamps(span) },
          schemas.trades,
          { lane },
        )
      ).trades,
    searchContracts: (text) => this.#searched(text),
    bars: (request) => this.#bars.bars(request),
  };

  get #session(): Session {
    return partsOf(this.#login).session;
  }

  get #texts(): Redactor {
    return partsOf(this.#login).texts;
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

  get #accountId(): number {
    return Number(this.account.id);
  }

  #read<Value>(
    template: Parameters<ReadClient['read']>[0],
    body: object | string,
    schema: z.ZodType<Value>,
    options?: ReadOptions,
  ): Promise<Value> {
    return this.#connected.read(template, body, schema, this.#session, options);
  }

  #chosenAccount(accounts: readonly Account[]): Account {
    const wanted = this.#options.account;
    const account = accounts.find(({ id, name }) => id === wanted || name === wanted);
    if (!account) {
      const names = this.#texts.clean(accounts.map(({ name }) => name).join(', '), longestNames);
      throw new AdapterError(
        'ACCOUNT_NOT_FOUND',
        `This login has no account "${wanted}"; it has ${names || 'none'}.`,
      );
    }
    // Nothing is placed on it in paper mode.
    if (!account.canTrade && this.#options.mode === 'live')
      throw new AdapterError(
        'ACCOUNT_CANNOT_TRADE',
        `The venue takes no orders for account ${account.name}: it may be locked out or have broken a rule.`,
      );
    return account;
  }

  async #searched(text: string, lane?: Lane): Promise<readonly Contract[]> {
    if (text === '')
      return (await this.#read(reads.contracts, { live: false }, schemas.contracts, { lane }))
        .contracts;
    return (
      await this.#read(reads.contractSearch, { searchText: text, live: false }, schemas.contracts, {
        lane,
      })
    ).contracts;
  }

  async #prepareContract(symbol: string, lane: Lane | undefined): Promise<void> {
    if (this.isDoubted(symbol)) return this.#contractWatch?.settle(lane);
    if (symbol.startsWith('CON.')) {
      try {
        this.#contracts.add([
          (await this.#read(reads.contractById, { contractId: symbol }, schemas.contract, { lane }))
            .contract,
        ]);
      } catch (error) {
        if (!(error instanceof RefusedRead)) throw error;
      }
      return;
    }
    this.#contracts.addFound(symbol, await this.#searched(symbol, lane));
  }
}

/** Any number of bars may wait for it. */
function closingController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
