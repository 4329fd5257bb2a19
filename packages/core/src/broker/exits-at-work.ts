import type { Contract } from '../contract.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { Call } from '../outcomes/told.ts';
import type { Position } from '../position.ts';
import type { Deadline } from '../router/deadline.ts';
import { isPast } from '../router/deadline.ts';
import type { BrokerParts } from './broker-parts.ts';
import { positionOf } from './position-of.ts';

/** What bounds the wait of an exit. */
export interface ExitWait {
  readonly call: Call;
  readonly deadline: Deadline;
  readonly signal: AbortSignal | undefined;
}

/** What there is to take off once the market orders that take something off already are through. */
export type Rest =
  | { readonly is: 'clear'; readonly position: Position | undefined }
  /** The venue did not list them: whether they still work is not known. */
  | { readonly is: 'unread'; readonly position: Position }
  /** They work on: so many contracts of the position are still to come. */
  | { readonly is: 'at-work'; readonly position: Position; readonly toCome: number };

const pauses = { firstMs: 250, longestMs: 1_000 };

/**
 * A close is a market order for what is held; one that fills in parts works on, and another exit beside it would turn the position round.
 * Waits for it, no longer than an outcome may take. Undefined where nothing of the kind is known: then nothing is asked and nothing waits.
 */
export function restAfterExits<Key extends string>(parts: BrokerParts<Key>, contract: Contract, position: Position, bounds: ExitWait): Promise<Rest> | undefined {
  const takesOff = ({ contractId, type, side, status }: Order): boolean => contractId === contract.id && type === 'market' && side !== position.side && !isFinal(status);
  return parts.state.orders.open().some(takesOff) ? wait(parts, contract, position, bounds, takesOff) : undefined;
}

async function wait<Key extends string>(parts: BrokerParts<Key>, contract: Contract, before: Position, { call, deadline, signal }: ExitWait, takesOff: (order: Order) => boolean): Promise<Rest> {
  const { adapter, clock, router, settleMs, outcomeWithinMs } = parts;
  const until = Math.min(clock.monotonic() + settleMs, call.startedAt + outcomeWithinMs);
  let position = before;
  /** As the venue last listed them; undefined while it has not. */
  let working: readonly Order[] | undefined;
  for (let pauseMs = pauses.firstMs; ; pauseMs = Math.min(pauseMs * 2, pauses.longestMs)) {
    try {
      working = (await adapter.reads.openOrders('close')).filter(takesOff);
    } catch (error) {
      parts.log.debug({ contractId: contract.id, error }, 'what takes the position off already could not be read');
    }
    const look = await positionOf(adapter, contract);
    if (look.read && look.position?.side !== before.side) return { is: 'clear', position: look.position };
    if (look.read && look.position) ({ position } = look);
    if (working?.length === 0) return { is: 'clear', position };
    // Who waits in vain is told so: by the one who asked, or where it would be written.
    const isOver = isPast(deadline, clock) || signal?.aborted === true || router.isClosed;
    if (isOver || clock.monotonic() + pauseMs > until) {
      if (!working) return { is: 'unread', position };
      return { is: 'at-work', position, toCome: working.reduce((sum, { quantity, filledQuantity }) => sum + quantity - filledQuantity, 0) };
    }
    await new Promise<void>((resolve) => void clock.setTimer(pauseMs, resolve));
  }
}
