import type { BrokerParts } from '../broker/broker-parts.ts';
import type { ClientOrderId, OrderId } from '../brand.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { OcoBook } from './oco-book.ts';
import type { OcoLeg } from './oco-records.ts';
import type { LegFacts, ProtectedEntry } from './protected-entry.ts';

/** How the latest attempt at a leg stands. */
export type LegState =
  | { readonly is: 'none' }
  /** Written down and never sent, or provably not: the same id may be used again. */
  | { readonly is: 'unsent'; readonly facts: LegFacts }
  /** On its way, or unknown. */
  | { readonly is: 'uncertain'; readonly facts: LegFacts }
  /** Sent and never seen: only the same id is safe. */
  | { readonly is: 'absent'; readonly facts: LegFacts }
  /** `throttled`: for being one request too many, which says nothing against the order. */
  | { readonly is: 'refused'; readonly facts: LegFacts; readonly throttled: boolean }
  /** Accepted once, and not at the venue any more. */
  | { readonly is: 'gone'; readonly facts: LegFacts }
  /** `order` undefined: accepted, and its row has not come yet. */
  | {
      readonly is: 'working';
      readonly facts: LegFacts;
      readonly orderId: OrderId;
      readonly order: Order | undefined;
    }
  | { readonly is: 'ended'; readonly facts: LegFacts; readonly order: Order };

type Known<Key extends string> = Pick<BrokerParts<Key>, 'book' | 'state'>;

/** What is known of an order of the protection; undefined before anything is, and for what is only expected. */
export function rowOf<Key extends string>(
  { state, book }: Known<Key>,
  oco: OcoBook,
  id: ClientOrderId,
  orderId: OrderId | undefined,
): Order | undefined {
  const known = orderId ?? book.find(id)?.orderId;
  const row =
    (known === undefined ? undefined : state.orders.find(known)) ??
    state.orders.findByClientOrderId(id) ??
    oco.rowOf(id);
  return row && row.updatedAt > 0 ? row : oco.rowOf(id);
}

export function legState<Key extends string>(
  known: Known<Key>,
  oco: OcoBook,
  entry: ProtectedEntry,
  leg: OcoLeg,
): LegState {
  const facts = entry.latest(leg);
  if (!facts) return { is: 'none' };
  const order = rowOf(known, oco, facts.clientOrderId, facts.orderId);
  if (order && isFinal(order.status))
    return order.status === 'rejected'
      ? { is: 'refused', facts, throttled: false }
      : { is: 'ended', facts, order };
  if (order) return { is: 'working', facts, orderId: order.orderId, order };
  if (facts.isGone) return { is: 'gone', facts };
  const record = known.book.find(facts.clientOrderId);
  // Of an earlier process, accepted, and not asked for yet.
  if (!record)
    return facts.orderId === undefined ? { is: 'unsent', facts } : { is: 'uncertain', facts };
  const { outcome } = record;
  switch (outcome?.kind) {
    case undefined:
      return { is: 'uncertain', facts };
    case 'accepted':
      return { is: 'working', facts, orderId: outcome.orderId, order: undefined };
    case 'rejected':
      return { is: 'refused', facts, throttled: outcome.code === 'THROTTLED' };
    case 'not-sent':
      return { is: 'unsent', facts };
    case 'unknown':
      return outcome.final && outcome.code === 'ABSENT'
        ? { is: 'absent', facts }
        : { is: 'uncertain', facts };
  }
}
