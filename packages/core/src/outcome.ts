import type { ClientOrderId, OrderId } from './brand.ts';
import type { Mutation } from './operation.ts';
import type { Order } from './order.ts';
import type { OutcomeCode } from './outcome-codes.ts';

/** Milliseconds with fractions. A stage that was not reached is undefined. */
export interface Timings {
  /** Choosing the executor. */
  readonly route: number | undefined;
  /** Writing the request's bytes in memory. */
  readonly encode: number | undefined;
  /** From the attempt's start (the call, for the first) until its bytes were handed to the kernel. */
  readonly toWire: number | undefined;
  /** From the attempt's start to the first byte of the answer. */
  readonly toFirstByte: number | undefined;
  /** From the attempt's start to the end of the venue's answer. */
  readonly total: number | undefined;
  /** From the call to this outcome, lookups and further attempts included. */
  readonly settled: number;
}

/** What to do about an outcome that is not `accepted`. `new-id`: trying again is safe. `same-id`: only the same client order id is. `no`: don't. */
export type Retry = 'new-id' | 'same-id' | 'no';

interface Told<Key extends string> {
  /** Undefined only where the order was placed without one. Of a close or a reduce: a name of the broker's own for `explain`, journal and log, which the venue does not know. */
  readonly clientOrderId: ClientOrderId | undefined;
  readonly operation: Mutation;
  /** As the call named it, or the place of the order that was to be changed; absent where neither is known. */
  readonly symbol?: string | undefined;
  /** Only with an adapter in paper mode, and then on every outcome: nothing of it reached a venue. */
  readonly mode?: 'paper' | undefined;
  /** Who delivered the attempt that decided; undefined when none was delivered. */
  readonly executor: Key | undefined;
  /** Attempts handed to an executor. */
  readonly deliveries: number;
  readonly timings: Timings;
}
interface Refused<Key extends string> extends Told<Key> {
  readonly code: OutcomeCode;
  /** One sentence for a person. */
  readonly message: string;
  readonly retry: Retry;
  /** Of a modify or a cancel: the order, where its id is known. Of a place: the order that was refused, where the venue keeps those. */
  readonly orderId?: OrderId | undefined;
  /** The request's field at fault. */
  readonly field?: string | undefined;
  /** What would help. */
  readonly hint?: string | undefined;
}

/** The venue's own refusal. */
export interface Rejected<Key extends string = string> extends Refused<Key> {
  readonly kind: 'rejected';
  /** The venue's number for the refusal. */
  readonly venueCode: number | undefined;
  /** A refused order can still have an id: some venues keep refused orders as orders. */
  readonly orderId: OrderId | undefined;
  /** The order's state, where a lookup showed it. */
  readonly order: Order | undefined;
}
/** Said only on proof: nothing was written, or the venue refused before execution. */
export interface NotSent<Key extends string = string> extends Refused<Key> {
  readonly kind: 'not-sent';
  /** Milliseconds until the rate budget has room; only with `BUDGET_EXHAUSTED`. */
  readonly retryAfterMs: number | undefined;
  /** With `CLIENT_ORDER_ID_IN_USE`: the first call's outcome so far. */
  readonly existing: Outcome<Key> | undefined;
}
/** Written, and nobody knows yet what became of it. */
export interface Unknown<Key extends string, Done> extends Refused<Key> {
  readonly kind: 'unknown';
  readonly final: false;
  /** The end of the story. Never rejects. Not enumerable, so that the outcome can be logged, cloned and sent to a worker. */
  readonly resolved: Promise<Done | Rejected<Key> | NotSent<Key> | Unsettled<Key>>;
}
/** No answer was to be had. Has no `resolved`, so a loop over it ends. */
export interface Unsettled<Key extends string = string> extends Refused<Key> {
  readonly kind: 'unknown';
  readonly final: true;
  readonly code: 'ABSENT' | 'IN_USE_NOT_FOUND' | 'CLOSED';
}
type Union<Key extends string, Done> =
  | Done
  | Rejected<Key>
  | NotSent<Key>
  | Unknown<Key, Done>
  | Unsettled<Key>;

/** The venue has the order. Not final: a later refusal comes as an order update. */
export interface Placed<Key extends string = string> extends Told<Key> {
  readonly kind: 'accepted';
  readonly operation: 'place';
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId;
  /** True when a lookup, not the answer, showed it. */
  readonly recovered: boolean;
}
/** The order has its new values. */
export interface Modified<Key extends string = string> extends Told<Key> {
  readonly kind: 'accepted';
  readonly operation: 'modify';
  readonly orderId: OrderId;
  /** True when a lookup, not the answer, showed it. */
  readonly recovered: boolean;
}
/** What became of the order: `accepted` alone would let a bot believe that a filled order is gone. */
export interface Cancelled<Key extends string = string> extends Told<Key> {
  readonly kind: 'accepted';
  readonly operation: 'cancel';
  readonly orderId: OrderId;
  /** `already-final`: expired or rejected before the cancel came. */
  readonly became: 'cancelled' | 'filled' | 'already-final';
  readonly filledQuantity: number;
  readonly remainingQuantity: number;
}
/** What is held after a close or a reduce. */
export interface Closed<Key extends string = string> extends Told<Key> {
  readonly kind: 'accepted';
  readonly operation: 'close' | 'reduce';
  readonly became: 'flat' | 'already-flat' | 'reduced' | 'not-yet-flat' | 'reversed';
  /** Contracts still held, without sign. */
  readonly remainingQuantity: number;
}

/** What became of a place. */
export type PlaceOutcome<Key extends string = string> = Union<Key, Placed<Key>>;
/** What became of a modify. */
export type ModifyOutcome<Key extends string = string> = Union<Key, Modified<Key>>;
/** What became of a cancel. */
export type CancelOutcome<Key extends string = string> = Union<Key, Cancelled<Key>>;
/** What became of a close or a reduce. */
export type CloseOutcome<Key extends string = string> = Union<Key, Closed<Key>>;
/** What became of a mutation. */
export type Outcome<Key extends string = string> =
  | PlaceOutcome<Key>
  | ModifyOutcome<Key>
  | CancelOutcome<Key>
  | CloseOutcome<Key>;
/** The four words for what became of a mutation. */
export type OutcomeKind = Outcome['kind'];
