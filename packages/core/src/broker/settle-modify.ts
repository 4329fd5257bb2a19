import type { OrderChange } from '../order-request.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { Modified, ModifyOutcome, Rejected, Unsettled } from '../outcome.ts';
import { Absence } from '../outcomes/absence.ts';
import { connectedForMs } from '../outcomes/connected-for-ms.ts';
import type { Search } from '../outcomes/open-unknown.ts';
import { orderSearch } from '../outcomes/order-search.ts';
import { notSent, rejected } from '../outcomes/refusals.ts';
import type { Call, Told } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import { unknownDetails } from '../outcomes/unknown-details.ts';
import type { DeliveryEnd } from '../router/delivery-task.ts';
import type { BrokerParts } from './broker-parts.ts';
import { lookUp } from './look-up.ts';
import type { OrderTarget } from './order-target.ts';

type ModifySearch<Key extends string> = Search<Modified<Key> | Rejected<Key> | Unsettled<Key>>;

/** Turns what a modify's delivery came to into its outcome, looking at the order once where the answer does not say. */
export async function settleModify<Key extends string>(
  parts: BrokerParts<Key>,
  target: OrderTarget<Key>,
  change: OrderChange,
  /** The order as it was known ahead of the modify. */
  before: Order | undefined,
  call: Call,
  end: DeliveryEnd<Key>,
  /** Sends it once more: its values are absolute, so twice does what once does. */
  again: () => Promise<DeliveryEnd<Key>>,
): Promise<ModifyOutcome<Key>> {
  const { result } = end;
  const settled = (base: Told<Key>, order: Order): Modified<Key> | Rejected<Key> | undefined => {
    // An order with the new values had them before it ended.
    if (showsChange(order, change, before)) return modified(base, target, true);
    return isFinal(order.status) ? alreadyFinal(base, order) : undefined;
  };
  const search = (): ModifySearch<Key> => searchForEnd(parts, target, call, end, settled, again);
  if (result.is === 'not-sent') return notSent(told(call, parts.clock, end), result);
  if (result.is === 'answered') {
    const { verdict } = result;
    if (verdict.is === 'accepted') return modified(told(call, parts.clock, end), target, false);
    if (verdict.is === 'refused') return rejected(told(call, parts.clock, end), verdict);
  }
  const details = unknownDetails(result);
  if (details?.code === 'WAIT_ABORTED')
    return parts.unknowns.within<Modified<Key>>(
      told(call, parts.clock, end),
      details,
      search(),
      call,
    );

  const finding = await lookUp(
    parts,
    { by: 'order-id', orderId: target.orderId },
    { lane: 'resolve', timeoutMs: parts.lookupTimeoutMs },
  );
  const base = told(call, parts.clock, end);
  if (finding.is === 'found') {
    // "Not found" is a word about the request, so that what the order is like says nothing of it.
    const seen = details
      ? settled(base, finding.order)
      : isFinal(finding.order.status)
        ? alreadyFinal(base, finding.order)
        : undefined;
    if (seen) return seen;
  }
  if (!details && result.is === 'answered' && result.verdict.is === 'disputed') {
    return rejected(base, {
      code: 'ORDER_NOT_FOUND',
      message: result.verdict.message,
      venueCode: result.verdict.venueCode,
      orderId: target.orderId,
    });
  }
  return parts.unknowns.within<Modified<Key>>(
    base,
    details ?? {
      code: 'NOT_CONFIRMED',
      message: 'The venue answered something that no modify is answered with.',
    },
    search(),
    call,
  );
}

/** Looks on for the end of a modify, and sends it again when nothing shows it. */
function searchForEnd<Key extends string>(
  parts: BrokerParts<Key>,
  target: OrderTarget<Key>,
  call: Call,
  end: DeliveryEnd<Key>,
  settled: (base: Told<Key>, order: Order) => Modified<Key> | Rejected<Key> | undefined,
  again: () => Promise<DeliveryEnd<Key>>,
): ModifySearch<Key> {
  const sendAgain = async (): Promise<Modified<Key> | undefined> => {
    const repeated = await again();
    const isDone = repeated.result.is === 'answered' && repeated.result.verdict.is === 'accepted';
    return isDone ? modified(told(call, parts.clock, repeated), target, true) : undefined;
  };
  return orderSearch<Key, Modified<Key> | Rejected<Key>>(
    parts,
    target,
    call,
    end,
    settled,
    sendAgain,
    new Absence(parts.settleMs, parts.clock, connectedForMs(end, parts.answerTimeoutMs)),
  );
}

export function alreadyFinal<Key extends string>(base: Told<Key>, order: Order): Rejected<Key> {
  return rejected(base, {
    code: 'ALREADY_FINAL',
    message: `Order ${order.orderId} is ${order.status}.`,
    orderId: order.orderId,
    order,
    retry: 'no',
  });
}

/** Whether a row shows that the order has been changed. One with the values that it had before as well does so only if it is younger: it may be from before a change between the two. What an order ended with is never that old. */
export function showsChange(order: Order, change: OrderChange, before: Order | undefined): boolean {
  if (!hasChange(order, change)) return false;
  return (
    !before ||
    isFinal(order.status) ||
    (hasChange(before, change)
      ? order.updatedAt > before.updatedAt
      : order.updatedAt >= before.updatedAt)
  );
}

/** A trail's distance is not what was asked for but what the venue made of it, so it can't be compared. */
function hasChange(order: Order, change: OrderChange): boolean {
  return (
    change.trailPrice === undefined &&
    (change.quantity === undefined || change.quantity === order.quantity) &&
    (change.limitPrice === undefined || change.limitPrice === order.limitPrice) &&
    (change.stopPrice === undefined || change.stopPrice === order.stopPrice)
  );
}

export function modified<Key extends string>(
  base: Told<Key>,
  target: OrderTarget<Key>,
  recovered: boolean,
): Modified<Key> {
  return { kind: 'accepted', ...base, operation: 'modify', orderId: target.orderId, recovered };
}
