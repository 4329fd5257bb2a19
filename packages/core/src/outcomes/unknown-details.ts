import type { DeliveryResult } from '../router/delivery-task.ts';
import type { UnknownDetails } from './open-unknown.ts';

type Unsettling = Exclude<DeliveryResult, { readonly is: 'not-sent' }>;

/** Why nobody knows what became of a written request; undefined when the answer does say. */
export function unknownDetails(result: Unsettling): UnknownDetails | undefined {
  switch (result.is) {
    case 'silent':
      return silentDetails(result);
    case 'executor-failed':
      return { code: 'EXECUTOR_FAILED', message: result.message };
    case 'answered':
      break;
  }
  const { verdict } = result;
  switch (verdict.is) {
    case 'throttled':
      return {
        code: 'THROTTLED',
        message: `The venue answered that requests come too often; whether it took this one is not said.${verdict.message === undefined ? '' : ` It says: ${verdict.message}`}`,
      };
    case 'ambiguous':
      return { code: verdict.code, message: verdict.message };
    case 'accepted':
    case 'refused':
    case 'disputed':
    case 'client-order-id-in-use':
      return undefined;
  }
}

function silentDetails({
  failure,
}: Extract<Unsettling, { readonly is: 'silent' }>): UnknownDetails {
  switch (failure.code) {
    case 'ABORTED':
      return {
        code: 'WAIT_ABORTED',
        message: 'The request was written before the signal was aborted; only the waiting ended.',
      };
    case 'RESET':
      return { code: 'CONNECTION_RESET', message: failure.message };
    case 'CLOSED':
      return { code: 'CONNECTION_CLOSED', message: failure.message };
    case 'TIMEOUT':
      return { code: 'NO_ANSWER', message: failure.message };
    case 'ANSWER_INCOMPLETE':
    case 'ANSWER_UNREADABLE':
    case 'ANSWER_UNEXPECTED':
    case 'ANSWER_TOO_LARGE':
    case 'SECOND_REQUEST':
      return { code: failure.code, message: failure.message };
    case 'DEADLINE':
    case 'NO_CONNECTION':
    case 'REFUSED':
    case 'DNS':
    case 'TLS':
    case 'BUDGET_EXHAUSTED':
      // An executor may say this only together with "no byte written"; with bytes on the wire it contradicts itself and proves nothing.
      return {
        code: 'EXECUTOR_FAILED',
        message: `The executor reported ${failure.code} for a request that it wrote: ${failure.message}`,
      };
  }
}
