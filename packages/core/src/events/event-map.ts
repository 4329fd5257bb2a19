import type { Account } from '../account.ts';
import type { ClientOrderId, ContractId } from '../brand.ts';
import type { Contract } from '../contract.ts';
import type { Failure } from '../delivery.ts';
import type { JournalTrouble } from '../journal/journal.ts';
import type { Mutation, Operation } from '../operation.ts';
import type { Order } from '../order.ts';
import type { NotSent, Outcome, Rejected, Unknown } from '../outcome.ts';
import type { Position } from '../position.ts';
import type { RolloutCause } from '../rollout/ramp.ts';
import type { BudgetReport } from '../budget/request-budget.ts';
import type { Recovered } from '../recovery/recovery.ts';
import type { Trade } from '../trade.ts';

type OfKind<Key extends string, Kind extends Outcome['kind']> = Extract<
  Outcome<Key>,
  { readonly kind: Kind }
>;

/** A request of an intent was written; fires once its delivery ends. */
export interface OrderSent<Key extends string> {
  readonly operation: Mutation;
  readonly clientOrderId: ClientOrderId | undefined;
  readonly executor: Key;
}
/** The venue's record denies what the bot was told. */
export interface OrderContradicted<Key extends string> {
  readonly told: Outcome<Key>;
  readonly order: Order;
}
/** A position on the other side of what a close left, or one nobody expected. */
export interface PositionSurprise {
  readonly contractId: ContractId;
  /** Undefined when flat. */
  readonly position: Position | undefined;
  readonly message: string;
}
/** An attempt provably wrote no byte, and another executor takes it over. */
export interface ExecutorFallback<Key extends string> {
  readonly operation: Mutation;
  readonly clientOrderId: ClientOrderId | undefined;
  readonly from: Key;
  readonly to: Key;
  readonly failure: Failure;
}
/** An executor was taken out of routing for an operation, or put back. */
export interface ExecutorHealth<Key extends string> {
  readonly executor: Key;
  readonly operation: Operation;
  readonly message: string;
}
/** An executor's share changed. Percents are the ramp's step where a ramp moved it, otherwise the weight in force where no rule matches. */
export interface RolloutChanged<Key extends string> {
  readonly executor: Key;
  readonly cause: RolloutCause;
  readonly fromPercent: number;
  readonly toPercent: number;
  readonly because: string;
  /** Names the latch that this change set, or lifted: what a table's `released` refers to. */
  readonly latch: string | undefined;
  /** The numbers or the finding it rests on. */
  readonly evidence: object | undefined;
}
/** A new routing table does not hold together; the last good one stays in force. */
export interface RoutingRejected {
  /** One `path: sentence` for each fault. */
  readonly problems: readonly string[];
}
/** The order stream lost touch, or caught up. */
export interface StreamChange {
  readonly stream: 'orders' | 'market';
  /** Wall milliseconds. */
  readonly at: number;
}
/** As `StreamChange`, with its reason. */
export interface StreamGap extends StreamChange {
  readonly because: string;
}
/** The account's position in one contract is another than before. */
export interface PositionUpdated {
  readonly contractId: ContractId;
  /** Undefined when flat. */
  readonly position: Position | undefined;
  /** Wall milliseconds. */
  readonly asOf: number;
}
/** No valid token can be had. */
export interface SessionFailed {
  readonly message: string;
}
/** Less than a fifth is left of what is not reserved for getting out: of the window, or, where it is shared, of what this process has in hand. Fires once for each time it runs low. */
export type BudgetLow = BudgetReport;
/** The front month of a root changed. */
export interface ContractRolled {
  readonly from: Contract;
  readonly to: Contract;
}
/** Something went wrong with the journal. */
export interface JournalFailed {
  /**
   * `line`: one could not be written; what it told of did not enter the market, and what gets out went on.
   * `rotation`: the file could not be rotated, goes on as it was, and is rotated later. `file`: it was removed and written anew, or is not what was written any more, and takes no line until it is.
   */
  readonly what: 'line' | JournalTrouble['what'];
  /** Undefined where it was no operation's line. */
  readonly operation: Mutation | undefined;
  readonly clientOrderId: ClientOrderId | undefined;
  readonly cause: unknown;
}
/** The author's logger threw, rejected, or could not write. */
export interface LogFailed {
  readonly message: string;
}
/** The latch was set or lifted. */
export interface HaltChange {
  /** Wall milliseconds. */
  readonly at: number;
}

/** Every event and what its listeners get. Events fire after the bytes left, never between a call and its write. */
export interface EventMap<Key extends string> {
  'order.sent': OrderSent<Key>;
  'order.accepted': OfKind<Key, 'accepted'>;
  'order.rejected': Rejected<Key>;
  'order.not-sent': NotSent<Key>;
  'order.unknown': OfKind<Key, 'unknown'>;
  /** The end of an intent that was `unknown`, or that an earlier process left without one. */
  'order.resolved': Exclude<Outcome<Key>, Unknown<Key, never>>;
  /** What is known of an order changed: by the stream, a lookup or a read. */
  'order.updated': Order;
  /** One fill, once, whichever way it was learnt and however often it is told; the order with it as filled, though the order's own event may still be to come. Fills of before the start are not told. */
  'order.filled': { readonly order: Order; readonly trade: Trade };
  /** What an earlier process on this journal left open has been asked for; or, after a gap, orders under its ids were found that nobody here knows. */
  'broker.recovered': Recovered;
  /** An order that was called absent turned up, and is cancelled if it works; or one whose modify was answered as done works on with its old values. */
  'order.contradicted': OrderContradicted<Key>;
  'position.updated': PositionUpdated;
  /** One that turned up while halted; it is being closed. */
  'position.unexpected': PositionSurprise;
  /** A close left a position on the other side, or an entry's stop and target both filled. */
  'position.reversed': PositionSurprise;
  /** An entry asked for a stop loss, and no stop works for its position. */
  'position.unprotected': PositionSurprise;
  'account.updated': Account;
  'executor.fallback': ExecutorFallback<Key>;
  'executor.tripped': ExecutorHealth<Key>;
  'executor.recovered': ExecutorHealth<Key>;
  'rollout.changed': RolloutChanged<Key>;
  'routing.rejected': RoutingRejected;
  /** What happens at the venue may be missed from here on; reads ask the venue. */
  'stream.gap': StreamGap;
  /** What was missed has been read. */
  'stream.synced': StreamChange;
  'session.failed': SessionFailed;
  'budget.low': BudgetLow;
  'contract.rolled': ContractRolled;
  'journal.failed': JournalFailed;
  /** The first line that the logger could not take; `metrics().log` counts them. Fires once. */
  'log.failed': LogFailed;
  halted: HaltChange;
  resumed: HaltChange;
}

/** The name of an event. */
export type EventName = keyof EventMap<string>;
