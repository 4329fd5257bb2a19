import type { Account } from './account.ts';
import type { ClientOrderId, OrderId } from './brand.ts';
import type { Capabilities } from './capabilities.ts';
import type { Clock } from './clock.ts';
import type { Contract } from './contract.ts';
import type { Answer, Delivery } from './delivery.ts';
import type { Bar, BarsRequest } from './bar.ts';
import type { Endpoint } from './executor.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Intent } from './intent.ts';
import type { Logger } from './logger.ts';
import type { MarketChannel, MarketEvidence } from './market-data.ts';
import type { Mutation } from './operation.ts';
import type { Order } from './order.ts';
import type { Position } from './position.ts';
import type { Random } from './random.ts';
import type { PreparedRequest } from './request.ts';
import type { Trade } from './trade.ts';
import type { Verdict } from './verdict.ts';

/**
 * What a request is spent on; each may fill the venue's rate limit up to a line of its own, `RateLimit` says which. From the one that may fill all of it: `close` (closes, reduces, and the position read for one),
 * `cancel` (cancels, the orders read for one, a login), `look` (what flatten and halt look at behind their first look) and `resolve` (what settles an unknown), `modify` and `place`, `read` (what a bot asks for).
 */
export type Lane = 'cancel' | 'close' | 'look' | 'resolve' | 'modify' | 'place' | 'read';

/** What stands between an intent and its bytes. */
export type Missing = 'authorization' | 'contract' | 'last-price';
/** A request ready to be written, or what it lacks. */
export type Encoded =
  | { readonly ready: true; readonly request: PreparedRequest }
  | { readonly ready: false; readonly missing: Missing };

/** What a read is for and how long it may take. */
export interface SendOptions {
  readonly lane: Lane;
  /** Which of the venue's buckets it counts in. Default: the one for everything. */
  readonly bucket?: 'bars' | undefined;
  /** Milliseconds until the answer must be there. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What core gives an adapter. */
export interface AdapterContext {
  /** The adapter's only way to the venue over HTTP: through the executor that serves reads, within the rate budget. Never throws for a network outcome. */
  send(request: PreparedRequest, options: SendOptions): Promise<Delivery>;
  /** Tells the rate budget that the venue refused a read for coming too often. `undefined`: it named no time. */
  throttled(retryAfterMs: number | undefined): void;
  /** Takes what the venue's streams bring. Never throws. */
  evidence(item: Evidence): void;
  readonly clock: Clock;
  /** For what must not happen at once everywhere, such as reconnecting. */
  readonly random: Random;
  readonly log: Logger;
}

/** Which order a lookup is after. */
export type Sought =
  /** `since`: wall milliseconds of the first attempt. */
  | {
      readonly by: 'client-order-id';
      readonly clientOrderId: ClientOrderId;
      readonly since: number;
    }
  | { readonly by: 'order-id'; readonly orderId: OrderId };

/** What can be asked of a venue. Each rejects with a `ReadError`, and none gives an empty list for an answer it has not. */
export interface AdapterReads {
  /** `lane`: what the read is for, when a start or an exit waits for it; as in those below. */
  account(lane?: Lane): Promise<Account>;
  accounts(lane?: Lane): Promise<readonly Account[]>;
  /** Working and suspended ones. */
  openOrders(lane?: Lane): Promise<readonly Order[]>;
  /** Orders of every state created in the span; wall milliseconds. `lane`: also `resolve`, when an unknown is settled by it. */
  orders(
    span: { readonly from: number; readonly to?: number | undefined },
    lane?: Lane,
  ): Promise<readonly Order[]>;
  positions(lane?: Lane): Promise<readonly Position[]>;
  trades(
    span: { readonly from: number; readonly to?: number | undefined },
    lane?: Lane,
  ): Promise<readonly Trade[]>;
  searchContracts(text: string): Promise<readonly Contract[]>;
  /** Bars of one contract, oldest first, over any span; an adapter pages within the venue's limits. Absent: the venue has none. */
  bars?(request: BarsRequest & { readonly contract: Contract }): Promise<readonly Bar[]>;
}

/**
 * Everything that knows one broker: codec, session, contracts, lookups, and the venue's limits as data.
 * `contract`, `encode` and `decode` stand between a bot's call and the wire: they are synchronous and do no I/O.
 */
export interface Adapter {
  readonly capabilities: Capabilities;
  /** Set when orders reach no venue: every outcome, log line and report says so, and its journal is never one of a venue's account. Absent: they do. */
  readonly mode?: 'paper' | undefined;
  /** Names the venue in the journal's scope where `endpoint` does not: one that listens somewhere else at each start. Default: the endpoint's origin. */
  readonly venue?: string | undefined;
  /** Names the login whose rate limit this adapter spends: adapters of one process with the same one share the budget. */
  readonly login: string;
  /** Known without I/O, so that executors warm up before the session logs in. */
  readonly endpoint: Endpoint;
  /** Logs in, finds the account and reads the contracts. Rejects with an `AdapterError` when the account can't trade. */
  connect(context: AdapterContext): Promise<void>;
  close(): Promise<void>;
  /** The account as last read; only after `connect`. */
  readonly account: Account;
  /** From the cache; undefined when it is not there (yet). */
  contract(symbol: string): Contract | undefined;
  /** Fetches what `contract` or `encode` lacked: the only cold step before a write. `lane`: of what waits for it; default `read`. */
  prepare(missing: Missing, symbol: string | undefined, lane?: Lane): Promise<void>;
  encode(intent: Intent): Encoded;
  /** `intent`: what was sent; absent where nobody knows it any more. */
  decode(operation: Mutation, answer: Answer, intent?: Intent): Verdict;
  /**
   * Whether what a symbol stands for is in doubt, since the venue refused an order for it: a place then waits for `prepare`, which asks the venue again; what gets out does not. Asked in the tick of every place. Absent: never.
   */
  isDoubted?(symbol: string): boolean;
  /** Replaces the token of `generation`; does nothing when that one has been replaced already. */
  renewAuthorization(generation: number): Promise<void>;
  find(
    sought: Sought,
    options: { readonly lane: Lane; readonly timeoutMs: number },
  ): Promise<Finding>;
  readonly reads: AdapterReads;
  /**
   * A small read under the session, template operation `read`: core sends it through a tripped executor to see whether it works again.
   * Undefined while there is no session. Absent: core asks `endpoint.keepWarm`, or the last read that was answered.
   */
  probe?(): PreparedRequest | undefined;
  /**
   * Begins the venue's order stream; called once, after `connect`. It reports to `context.evidence`, `stream-live` and `stream-gap` included, reconnects by itself
   * without end, and stops at `close`. Absent: the venue has no stream, and core learns by asking.
   */
  openStreams?(): void;
  /** Watches a contract's market until the returned function is called. Absent: the venue shows none. */
  watchMarket?(
    contract: Contract,
    channels: readonly MarketChannel[],
    listener: (item: MarketEvidence) => void,
  ): () => void;
}
