import type { Account } from '../account.ts';
import type { Bar, BarsRequest } from '../bar.ts';
import type { Contract } from '../contract.ts';
import type { Listener } from '../events/event-hub.ts';
import type { EventMap } from '../events/event-map.ts';
import type {
  CancelRequest,
  CloseRequest,
  LimitOrderRequest,
  MarketOrderRequest,
  ModifyRequest,
  OrderRef,
  OrderRequest,
  ReduceRequest,
  StopOrderRequest,
  TrailingStopOrderRequest,
} from '../order-request.ts';
import type { LogReport } from '../guarded-log.ts';
import type { Limits } from '../limits/limits.ts';
import type { Order } from '../order.ts';
import type { CancelOutcome, CloseOutcome, ModifyOutcome, PlaceOutcome } from '../outcome.ts';
import type { ExitReport } from '../outcomes/report.ts';
import type { Position } from '../position.ts';
import type { BudgetReport } from '../budget/request-budget.ts';
import type { ExecutorReport } from '../router/executor-roster.ts';
import type { ShadowReport } from '../rollout/shadow.ts';
import type { RolloutReport } from '../rollout/rollout.ts';
import type { Trade } from '../trade.ts';
import type { IntentStory, IntentView } from './intent-view.ts';
import type { MarketListener, SubscribeRequest, Subscription } from '../market/subscription.ts';

/** A span of wall time, milliseconds since the epoch. */
export interface TimeSpan {
  readonly from: number;
  /** Default: now. */
  readonly to?: number | undefined;
}

/** How reads of state answer. */
export interface ReadOptions {
  /** `true` asks the venue. Default `false`: from what the order stream brought while it is without a gap (`asOf` says when), from the venue otherwise. */
  readonly fresh?: boolean | undefined;
}

/** Numbers to watch. */
export interface BrokerMetrics<Key extends string = string> {
  /** Only when orders reach no venue. */
  readonly mode?: 'paper' | undefined;
  readonly executors: Record<Key, ExecutorReport>;
  /** What the logger could not take; `log.failed` tells of the first line. */
  readonly log: LogReport;
  /** Shares in force, the ramp and the latches. */
  readonly rollout: RolloutReport<Key>;
  /** What shadowing has found, by executor; empty while no table said `shadow`. */
  readonly shadow: Partial<Record<Key, ShadowReport>>;
  /** What is spent and left of the rate limit, with whom it is shared, and whether anybody lends. Undefined when the adapter states no rate limit. */
  readonly budget: BudgetReport | undefined;
  /** The venue's own bucket for bars; undefined when it has none. */
  readonly barsBudget: BudgetReport | undefined;
  readonly intents: {
    /** Places whose outcome has not been told yet. */
    readonly open: number;
    /** Places that are `unknown`. */
    readonly unknown: number;
  };
}

/**
 * One account at one venue. Mutations never throw and never reject: they give an outcome. Reads reject with a `ReadError`
 * and never give old data or an empty list in its place.
 */
export interface Broker<Key extends string = string> {
  /** Sends one order. Its bytes are handed over before this returns when the session, the contract and a connection are warm. */
  placeOrder(request: OrderRequest): Promise<PlaceOutcome<Key>>;
  /** Buys at the ask or sells at the bid. */
  placeMarketOrder(request: MarketOrderRequest): Promise<PlaceOutcome<Key>>;
  /** Rests at its price or better. */
  placeLimitOrder(request: LimitOrderRequest): Promise<PlaceOutcome<Key>>;
  /** Becomes a market order once the price trades there. */
  placeStopOrder(request: StopOrderRequest): Promise<PlaceOutcome<Key>>;
  /** `trailPrice` is absolute and sent as it is; `trailTicks` needs a last price from the market stream, otherwise `not-sent` `NO_LAST_PRICE`. */
  placeTrailingStopOrder(request: TrailingStopOrderRequest): Promise<PlaceOutcome<Key>>;
  /** Changes quantity or price of a working order in place. */
  modifyOrder(request: ModifyRequest): Promise<ModifyOutcome<Key>>;
  /** Cancels an order and says what became of it. */
  cancelOrder(request: CancelRequest): Promise<CancelOutcome<Key>>;

  /** Cancels this bot's orders, suspended and unknown ones included; with `foreign`, everybody's on the account. Never rejects. */
  cancelAllOrders(options?: { readonly foreign?: boolean | undefined }): Promise<ExitReport<Key>>;
  /** Closes what the venue says is held; a root means every contract of it. A second call joins one that is under way; one behind a reduce is sent when the bot has been told of that. */
  closePosition(request: CloseRequest): Promise<CloseOutcome<Key>>;
  /** Takes contracts off a position. Never repeated, since its size is relative. Waits, inside its deadline, for the end of an exit of the contract that is under way. */
  reducePosition(request: ReduceRequest): Promise<CloseOutcome<Key>>;
  /**
   * Cancels every order of the account, somebody else's included, closes every position, and looks again until nothing is left or three times `settleMs` are over (45 s by default, 15 s at least). Never rejects; the report says what it could not do.
   * A second call joins the first.
   */
  flatten(): Promise<ExitReport<Key>>;
  /**
   * Stops everything that enters the market, at once and over restarts, then does what `flatten` does. From here on places and changes of size are `not-sent` `HALTED`, those on their way included unless a byte of them left;
   * an order of this bot that turns up is cancelled, a position closed.
   */
  halt(): Promise<ExitReport<Key>>;
  /** Lifts the halt. Rejects with `JournalError`, and stays halted, when that can't be written down. */
  resume(): Promise<void>;
  /** True from `halt` to `resume`, over restarts. */
  readonly isHalted: boolean;
  /** The author's limits in force; undefined when there are none. */
  readonly limits: Limits | undefined;
  /** Replaces the limits, with those that are tighter in every point; looser ones only while halted. Throws `InvalidOptionsError` otherwise, and when the broker was made without limits. */
  setLimits(limits: Limits): void;

  /** The order as the venue has it now; undefined when it shows none. */
  getOrder(reference: OrderRef, options?: ReadOptions): Promise<Order | undefined>;
  /** Working and, where the venue shows them, suspended orders. */
  getOpenOrders(options?: ReadOptions): Promise<readonly Order[]>;
  /** Orders of every state created in the span. */
  getOrderHistory(span: TimeSpan): Promise<readonly Order[]>;
  /** A contract without a position has no row. */
  getPositions(options?: ReadOptions): Promise<readonly Position[]>;
  /** Fills in the span. */
  getTrades(span: TimeSpan): Promise<readonly Trade[]>;
  /** This broker's account. */
  getAccount(): Promise<Account>;
  /** Every account of the login. */
  getAccounts(): Promise<readonly Account[]>;
  /** The contract of a root, a contract name or a contract id; undefined when the broker has none. */
  getContract(symbol: string): Promise<Contract | undefined>;
  /** Contracts whose name the venue finds `text` in; every contract it offers for an empty text. */
  searchContracts(text: string): Promise<readonly Contract[]>;
  /** Bars over any span, oldest first unless `order` says otherwise. Rejects with `NotAvailableError` where the adapter has none. */
  getBars(request: BarsRequest): Promise<readonly Bar[]>;
  /** Watches a contract's market until the subscription is closed: by the listener, or by iterating over what it gives. Rejects with `NotAvailableError` where the adapter shows none. */
  subscribe(request: SubscribeRequest, listener?: MarketListener): Promise<Subscription>;
  /**
   * Waits until nothing more will fill, and gives the order as it then is: `filled`, or `cancelled`, `expired` or `rejected` with what had filled until then.
   * Rejects with `ReadError` `NOT_IN_TIME` after `timeoutMs`, and asks the venue once a second while its stream is down.
   */
  waitForFill(reference: OrderRef, options: { readonly timeoutMs: number }): Promise<Order>;

  /** A place of this process by its client order id, compared without case; undefined when it is not known. */
  getIntent(clientOrderId: string): IntentView<Key> | undefined;
  /** The places of this process, oldest first; with `open`, only those on their way or unknown. */
  intents(options?: { readonly open?: boolean | undefined }): readonly IntentView<Key>[];
  /** Resolves once the venue has been asked about everything that an earlier process on this journal left open; until then places are `not-sent` `RECOVERING`. Never rejects. */
  whenRecovered(): Promise<void>;
  /** An order's whole story from the journal and from memory. */
  explain(clientOrderId: string): Promise<IntentStory<Key>>;

  /** Which executors there are, whether they can be used, and what they have delivered. */
  executors(): Record<Key, ExecutorReport>;
  /**
   * Executors, rollout, rate budget and open intents in one look. With `reset`, the executors' counts begin anew in the same tick:
   * a delivery that is under way is counted where it ends, so that the reports together hold every one exactly once.
   */
  metrics(options?: { readonly reset?: boolean | undefined }): BrokerMetrics<Key>;

  /** Registers a listener. One that throws or rejects is logged and harms nothing; one that is registered already is not registered twice. */
  on<Name extends keyof EventMap<Key>>(event: Name, listener: Listener<EventMap<Key>[Name]>): void;
  /** As `on`, for one event. */
  once<Name extends keyof EventMap<Key>>(
    event: Name,
    listener: Listener<EventMap<Key>[Name]>,
  ): void;
  /** Takes a listener out. */
  off<Name extends keyof EventMap<Key>>(event: Name, listener: Listener<EventMap<Key>[Name]>): void;

  /** Takes no new intents, waits up to `closeWithinMs` for answers, and ends every connection. Cancels nothing. */
  close(): Promise<void>;
  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
