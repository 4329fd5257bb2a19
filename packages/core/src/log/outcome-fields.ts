import type { Outcome, Timings } from '../outcome.ts';
import type { OrderRequest } from '../order-request.ts';

/** How one mutation's deliveries went. */
export interface Way {
  /** Why the last of them went by its executor, where that is not the table's choice at the first attempt. */
  readonly because: string;
  /** Attempts before it, which another executor took over or which were repeated, and what ended each. */
  readonly earlier: readonly { readonly executor: string; readonly code: string }[];
}

/** What is known of the order beside its outcome. */
export interface Subject {
  readonly contract: string | undefined;
  readonly request: Pick<OrderRequest, 'side' | 'quantity' | 'type'> | undefined;
}

/** The fields of a line about an outcome, in the order in which a person asks for them. Those that are undefined are left out by every logger that writes JSON. */
export function outcomeFields(
  outcome: Outcome,
  { contract, request }: Subject,
  way: Way | undefined,
): object {
  const { operation, symbol, clientOrderId, executor, deliveries, timings } = outcome;
  return {
    operation,
    symbol: symbol ?? contract,
    contract,
    ...(operation === 'place' &&
      request && { type: request.type, side: request.side, quantity: request.quantity }),
    clientOrderId,
    orderId: 'orderId' in outcome ? outcome.orderId : undefined,
    outcome: outcome.kind,
    ...wordsOf(outcome),
    executor,
    because: way?.because === '' ? undefined : way?.because,
    earlier: way && way.earlier.length > 0 ? way.earlier : undefined,
    deliveries,
    ...stagesOf(timings),
  };
}

function wordsOf(outcome: Outcome): object {
  if (outcome.kind !== 'accepted') {
    const { code, message, hint, field } = outcome;
    return {
      code,
      text: message,
      hint,
      field,
      venueCode: outcome.kind === 'rejected' ? outcome.venueCode : undefined,
      retryAfterMs: outcome.kind === 'not-sent' ? outcome.retryAfterMs : undefined,
    };
  }
  if (outcome.operation === 'place' || outcome.operation === 'modify')
    return { recovered: outcome.recovered ? true : undefined };
  return { became: outcome.became, remainingQuantity: outcome.remainingQuantity };
}

function stagesOf({ route, encode, toWire, toFirstByte, total, settled }: Timings): object {
  return {
    routeMs: rounded(route),
    encodeMs: rounded(encode),
    toWireMs: rounded(toWire),
    toFirstByteMs: rounded(toFirstByte),
    totalMs: rounded(total),
    settledMs: rounded(settled),
  };
}

/** Microseconds are as fine as anybody reads. */
function rounded(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 1_000) / 1_000;
}
