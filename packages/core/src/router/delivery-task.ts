import type { Lane } from '../adapter.ts';
import type { ClientOrderId, OrderId } from '../brand.ts';
import type { Failure } from '../delivery.ts';
import type { Intent } from '../intent.ts';
import type { Mutation } from '../operation.ts';
import type { NotSentCode } from '../outcome-codes.ts';
import type { Timings } from '../outcome.ts';
import type { Assignment, RoutingSnapshot } from '../routing/routing-snapshot.ts';
import type { Verdict } from '../verdict.ts';
import type { Deadline } from './deadline.ts';

/** One intent on its way to the venue. */
export interface DeliveryTask<Key extends string> {
  readonly operation: Mutation;
  readonly lane: Lane;
  readonly intent: Intent;
  readonly clientOrderId: ClientOrderId | undefined;
  readonly orderId: OrderId | undefined;
  /** What `prepare` is asked for when the encoding lacks something. */
  readonly symbol: string | undefined;
  /** What the journal keeps of the request. */
  readonly content: object;
  /** Whether it may leave although its journal line could not be written: true for what gets out of the market. */
  readonly goesUnjournaled: boolean;
  /** Whether it only takes off what is held: it goes although every executor is tripped, where the broker lets exits do so. Absent: as `goesUnjournaled`. */
  readonly getsOut?: boolean | undefined;
  readonly deadline: Deadline;
  readonly signal: AbortSignal | undefined;
  /** Says whether the bot has taken the intent back; undefined for what can't be. Looked at in the tick of every write. */
  readonly withdrawal: { readonly withdrawn: boolean } | undefined;
  readonly dryRun: boolean;
  /** Monotonic milliseconds of the bot's call. */
  readonly startedAt: number;
  assign(routing: RoutingSnapshot<Key>): Assignment<Key>;
}

/** What delivering came to, before anybody asked the venue again. */
export type DeliveryResult =
  | {
      readonly is: 'not-sent';
      readonly code: NotSentCode;
      readonly message: string;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly is: 'answered'; readonly verdict: Exclude<Verdict, { readonly is: 'unauthorized' }> }
  /** Bytes left or may have left, and no answer came. */
  | { readonly is: 'silent'; readonly failure: Failure }
  /** The executor threw, which proves nothing. */
  | { readonly is: 'executor-failed'; readonly message: string };

/** How far a delivery has come. */
export interface DeliverySoFar<Key extends string> {
  /** Who delivered last; undefined when nothing was delivered. */
  readonly executor: Key | undefined;
  readonly deliveries: number;
  /** Whether the journal knows of the intent. */
  readonly journaled: boolean;
  /** Wall milliseconds before the first delivery. */
  readonly firstSentAt: number;
  readonly timings: Omit<Timings, 'settled'>;
}

export interface DeliveryEnd<Key extends string> extends DeliverySoFar<Key> {
  readonly result: DeliveryResult;
}
