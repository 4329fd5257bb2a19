import type { ClientOrderId } from '../brand.ts';
import type { Failure } from '../delivery.ts';
import type { Mutation } from '../operation.ts';
import type { NotSent, Outcome, Rejected, Unknown } from '../outcome.ts';

type OfKind<Key extends string, Kind extends Outcome['kind']> = Extract<Outcome<Key>, { readonly kind: Kind }>;

/** A request of an intent was written; fires once its delivery ends. */
export interface OrderSent<Key extends string> {
  readonly operation: Mutation;
  readonly clientOrderId: ClientOrderId | undefined;
  readonly executor: Key;
}
/** An attempt provably wrote no byte, and another executor takes it over. */
export interface ExecutorFallback<Key extends string> {
  readonly operation: Mutation;
  readonly clientOrderId: ClientOrderId | undefined;
  readonly from: Key;
  readonly to: Key;
  readonly failure: Failure;
}
/** A journal line could not be written. */
export interface JournalFailed {
  readonly operation: Mutation;
  readonly clientOrderId: ClientOrderId | undefined;
  readonly cause: unknown;
}

/** A new routing table does not hold together; the last good one stays in force. */
export interface RoutingRejected {
  /** One `path: sentence` for each fault. */
  readonly problems: readonly string[];
}

/** Every event and what its listeners get. Events fire after the bytes left, never between a call and its write. */
export interface EventMap<Key extends string> {
  'order.sent': OrderSent<Key>;
  'order.accepted': OfKind<Key, 'accepted'>;
  'order.rejected': Rejected<Key>;
  'order.not-sent': NotSent<Key>;
  'order.unknown': OfKind<Key, 'unknown'>;
  /** The end of an intent that was `unknown`. */
  'order.resolved': Exclude<Outcome<Key>, Unknown<Key, never>>;
  'executor.fallback': ExecutorFallback<Key>;
  'journal.failed': JournalFailed;
  'routing.rejected': RoutingRejected;
}
