import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { Cancelled, CancelOutcome } from '../outcome.ts';
import { orderSearch } from '../outcomes/order-search.ts';
import type { UnknownDetails } from '../outcomes/open-unknown.ts';
import { notSent, rejected } from '../outcomes/refusals.ts';
import type { Call, Told } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import { unknownDetails } from '../outcomes/unknown-details.ts';
import type { DeliveryEnd } from '../router/delivery-task.ts';
import type { BrokerParts } from './broker-parts.ts';
import { lookUp } from './look-up.ts';
import type { OrderTarget } from './order-target.ts';

/** A cancel answers what became of the order, so every one but a plain refusal ends in a look at it. `again` sends it once more: two cancels of one order do what one does. */
export async function settleCancel<Key extends string>(
  parts: BrokerParts<Key>,
  target: OrderTarget<Key>,
  call: Call,
  end: DeliveryEnd<Key>,
  again: () => Promise<undefined>,
): Promise<CancelOutcome<Key>> {
  const { result } = end;
  if (result.is === 'not-sent') return notSent(told(call, parts.clock, end), result);
  if (result.is === 'answered' && result.verdict.is === 'refused')
    return rejected(told(call, parts.clock, end), result.verdict);
  const details = unknownDetails(result);
  if (details?.code === 'WAIT_ABORTED')
    return parts.unknowns.within<Cancelled<Key>>(
      told(call, parts.clock, end),
      details,
      orderSearch(parts, target, call, end, cancelEnd, again),
      call,
    );

  // In a gap no event tells of the end: what is read for a cancel is a cancel's.
  const lane = parts.state.isLive ? 'resolve' : 'cancel';
  const finding = await lookUp(
    parts,
    { by: 'order-id', orderId: target.orderId },
    { lane, timeoutMs: parts.lookupTimeoutMs },
  );
  const base = told(call, parts.clock, end);
  if (finding.is === 'found') {
    const { order } = finding;
    if (isFinal(order.status)) return cancelled(base, order);
    if (result.is === 'answered' && result.verdict.is === 'disputed') {
      return rejected(base, {
        code: 'STILL_WORKING',
        message: result.verdict.message,
        venueCode: result.verdict.venueCode,
        orderId: order.orderId,
        order,
      });
    }
  }
  const seen =
    finding.is === 'found'
      ? `it is ${finding.order.status}`
      : finding.is === 'not-found'
        ? 'the venue does not show it'
        : finding.message;
  const unconfirmed: UnknownDetails = {
    code: 'NOT_CONFIRMED',
    message: `The venue answered the cancel, but the order's end could not be seen: ${seen}.`,
  };
  return parts.unknowns.within<Cancelled<Key>>(
    base,
    details ?? unconfirmed,
    orderSearch(parts, target, call, end, cancelEnd, again),
    call,
  );
}

/** An order that is final needs no cancel; one that works on proves nothing yet. */
function cancelEnd<Key extends string>(base: Told<Key>, order: Order): Cancelled<Key> | undefined {
  return isFinal(order.status) ? cancelled(base, order) : undefined;
}

/** What a cancel of an order comes to that is final. */
export function cancelled<Key extends string>(base: Told<Key>, order: Order): Cancelled<Key> {
  const { orderId, status, quantity, filledQuantity } = order;
  const became = status === 'cancelled' || status === 'filled' ? status : 'already-final';
  return {
    kind: 'accepted',
    ...base,
    operation: 'cancel',
    orderId,
    became,
    filledQuantity,
    remainingQuantity: quantity - filledQuantity,
  };
}
