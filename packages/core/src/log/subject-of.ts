import type { Adapter } from '../adapter.ts';
import type { IntentBook } from '../broker/intent-book.ts';
import type { Outcome } from '../outcome.ts';
import type { VenueState } from '../state/venue-state.ts';
import type { Subject } from './outcome-fields.ts';

interface SubjectParts<Key extends string> {
  readonly adapter: Adapter;
  readonly book: IntentBook<Key>;
  readonly state: VenueState<Key>;
}

/** What this process knows of the order that an outcome is about. */
export function subjectOf<Key extends string>(
  outcome: Outcome<Key>,
  { adapter, book, state }: SubjectParts<Key>,
): Subject {
  const { clientOrderId } = outcome;
  const orderId = 'orderId' in outcome ? outcome.orderId : undefined;
  const record = clientOrderId === undefined ? undefined : book.find(clientOrderId);
  if (record) return { contract: record.contract?.name, request: record.request };
  const contractId = orderId === undefined ? undefined : state.orders.find(orderId)?.contractId;
  return {
    contract:
      contractId === undefined ? undefined : (adapter.contract(contractId)?.name ?? contractId),
    request: undefined,
  };
}
