import type { Missing } from '../adapter.ts';
import type { Admission } from '../budget/request-budget.ts';
import { whyNotAdmitted } from '../budget/request-budget.ts';
import { messageOf } from '../errors/message-of.ts';
import type { Mutation } from '../operation.ts';
import type { NotSentCode } from '../outcome-codes.ts';
import type { DeliveryResult } from './delivery-task.ts';

// What an intent comes to when the attempts of it end without one that was sent.

/** Something threw before an executor was asked. */
export function notHandedOver(operation: Mutation, error: unknown): DeliveryResult {
  return unsent('NOT_READY', `The ${operation} could not be handed over: ${messageOf(error)}`);
}

export function notEncoded(operation: Mutation, error: unknown): DeliveryResult {
  return unsent(
    'ENCODE_FAILED',
    `The adapter could not encode the ${operation}: ${messageOf(error)}`,
  );
}

export function budgetExhausted(
  operation: Mutation,
  refusal: Extract<Admission, { readonly admitted: false }>,
): DeliveryResult {
  return {
    is: 'not-sent',
    code: 'BUDGET_EXHAUSTED',
    message: `The rate budget has no room for a ${operation} ${whyNotAdmitted(refusal)}`,
    retryAfterMs: refusal.retryAfterMs,
  };
}

/** Its line could not be written to the journal. */
export function notRecorded(cause: unknown): DeliveryResult {
  return unsent('JOURNAL_FAILED', `Nothing leaves unrecorded: ${messageOf(cause)}`);
}

/** The adapter has been given what it lacked, and lacks it again. */
export function stillLacking(missing: Missing): DeliveryResult {
  return unsent('NOT_READY', `The adapter still lacks: ${missing}.`);
}

/** What the adapter lacks could not be given to it. */
export function notPrepared(missing: Missing, error: unknown): DeliveryResult {
  return unsent(
    missing === 'last-price' ? 'NO_LAST_PRICE' : 'NOT_READY',
    `The ${missing} could not be had: ${messageOf(error)}`,
  );
}

/** The answer was 401 again. `text`: what the venue says. */
export function unauthorized(text: string | undefined): DeliveryResult {
  return unsent(
    'UNAUTHORIZED',
    `The venue refused the token, and a renewed one did not help${text === undefined ? '.' : `: ${text}`}`,
  );
}

export function notRenewed(error: unknown): DeliveryResult {
  return unsent(
    'UNAUTHORIZED',
    `The venue refused the token, and renewing it failed: ${messageOf(error)}`,
  );
}

function unsent(code: NotSentCode, message: string): DeliveryResult {
  return { is: 'not-sent', code, message };
}
