import type { OrderId } from '../brand.ts';
import type { NotSentCode, RejectedCode } from '../outcome-codes.ts';
import type { NotSent, Outcome, Rejected, Retry } from '../outcome.ts';
import type { Order } from '../order.ts';
import type { Told } from './told.ts';

interface NotSentDetails<Key extends string> {
  readonly code: NotSentCode;
  readonly message: string;
  readonly field?: string | undefined;
  readonly hint?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly existing?: Outcome<Key> | undefined;
}

/** Nothing of the intent is or will be at the venue, so trying again is safe. */
export function notSent<Key extends string>(
  base: Told<Key>,
  details: NotSentDetails<Key>,
): NotSent<Key> {
  const { code, message, field, hint, retryAfterMs, existing } = details;
  return {
    kind: 'not-sent',
    ...base,
    code,
    message,
    retry: 'new-id',
    field,
    hint,
    retryAfterMs,
    existing,
  };
}

interface RejectedDetails {
  readonly code: RejectedCode;
  readonly message: string;
  readonly venueCode?: number | undefined;
  readonly orderId?: OrderId | undefined;
  readonly order?: Order | undefined;
  readonly field?: string | undefined;
  readonly hint?: string | undefined;
  /** Default `new-id`. */
  readonly retry?: Retry | undefined;
}

export function rejected<Key extends string>(
  base: Told<Key>,
  details: RejectedDetails,
): Rejected<Key> {
  const { code, message, venueCode, orderId, order, field, hint, retry = 'new-id' } = details;
  return {
    kind: 'rejected',
    ...base,
    code,
    message,
    retry,
    field,
    hint,
    venueCode,
    orderId: orderId ?? base.orderId,
    order,
  };
}
