import type { Order, OrderRequest, PlaceOutcome } from '@hotpath/core';
import { isFinal } from '@hotpath/core';
import type { HostParts } from './host-parts.ts';
import { settle } from './settle.ts';

/** What is known of an order once its place was called and given its time. */
export type Ending =
  /** Nothing works any more. `filled` may be 0: refused, cancelled or expired. */
  | {
      readonly is: 'ended';
      readonly orderId: string;
      readonly filled: number;
      readonly because: string;
    }
  | { readonly is: 'working'; readonly orderId: string; readonly filled: number }
  | { readonly is: 'refused'; readonly because: string }
  | { readonly is: 'not-sent'; readonly code: string; readonly because: string }
  | { readonly is: 'unknown'; readonly because: string };

/** Places an order under an id of its own, waits until an unknown end is settled, and with `fill` for its fill. */
export async function placeAndFill(
  parts: HostParts,
  request: OrderRequest,
  wait: { readonly fill: boolean },
): Promise<Ending> {
  const { broker, clock, settleWithinMs } = parts.settings;
  return endingOf(
    parts,
    await settle(await broker.placeOrder(request), clock, settleWithinMs),
    wait,
  );
}

export async function endingOf(
  parts: HostParts,
  outcome: PlaceOutcome,
  { fill }: { readonly fill: boolean },
): Promise<Ending> {
  switch (outcome.kind) {
    case 'rejected':
      return { is: 'refused', because: sentence(outcome) };
    case 'not-sent':
      return { is: 'not-sent', code: outcome.code, because: sentence(outcome) };
    case 'unknown':
      return { is: 'unknown', because: sentence(outcome) };
    case 'accepted':
      return fill
        ? afterFill(parts, outcome.orderId)
        : { is: 'working', orderId: outcome.orderId, filled: 0 };
  }
}

/** Looks for an order that an earlier try may have sent. Undefined: the venue does not show it, which proves nothing. Rejects when it can't be read. */
export async function findEnding(
  parts: HostParts,
  clientOrderId: string,
  { fill }: { readonly fill: boolean },
): Promise<Ending | undefined> {
  const order = await parts.settings.broker.getOrder({ clientOrderId }, { fresh: true });
  if (order === undefined) return undefined;
  return isFinal(order.status) || !fill ? endingOfOrder(order) : afterFill(parts, order.orderId);
}

export function endingOfOrder(order: Order): Ending {
  const { orderId, filledQuantity: filled, status } = order;
  return isFinal(status)
    ? {
        is: 'ended',
        orderId,
        filled,
        because: `The order is ${status}, ${filled} of ${order.quantity} filled.`,
      }
    : { is: 'working', orderId, filled };
}

async function afterFill({ settings }: HostParts, orderId: string): Promise<Ending> {
  try {
    return endingOfOrder(
      await settings.broker.waitForFill({ orderId }, { timeoutMs: settings.fillWithinMs }),
    );
  } catch {
    // The venue has it; how much of it has filled shows in the checks.
    return { is: 'working', orderId, filled: 0 };
  }
}

function sentence({
  code,
  message,
  hint,
}: {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}): string {
  return `${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
}
