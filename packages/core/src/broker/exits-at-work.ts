import type { OrderId } from '../brand.ts';
import type { Contract } from '../contract.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { Call } from '../outcomes/told.ts';
import type { Position } from '../position.ts';
import type { Deadline } from '../router/deadline.ts';
import { deadlineIn, isPast, remainingMs } from '../router/deadline.ts';
import { waitWithin } from '../router/wait-within.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { Exits } from './exits.ts';
import { lookUp } from './look-up.ts';
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
/** The venue's clock and the bot's may be minutes apart. */
const clockMarginMs = 600_000;

/**
 * A close is a market order for what is held; one that fills in parts works on, and another exit beside it would turn the position round.
 * Waits for it, no longer than an outcome may take. Undefined where nothing of the kind is known or can have been missed: then nothing is asked and nothing waits.
 */
export function restAfterExits<Key extends string>(
  parts: BrokerParts<Key>,
  exits: Exits,
  contract: Contract,
  position: Position,
  bounds: ExitWait,
): Promise<Rest> | undefined {
  const takesOff = ({ contractId, type, side, status }: Order): boolean =>
    contractId === contract.id && type === 'market' && side !== position.side && !isFinal(status);
  const { orders, wasLive } = parts.state;
  const isKnown = orders.open().some(takesOff) || exits.openSince(position) !== undefined;
  // Before a first look at what works, it may be one of an earlier process; nothing says so, and getting out waits for no second look.
  // safeguard: an order of an earlier process may be at work
  if (!isKnown && wasLive) return undefined;
  return wait(parts, exits, contract, position, bounds, takesOff, isKnown);
}

async function wait<Key extends string>(
  parts: BrokerParts<Key>,
  exits: Exits,
  contract: Contract,
  before: Position,
  { call, deadline, signal }: ExitWait,
  takesOff: (order: Order) => boolean,
  isKnown: boolean,
): Promise<Rest> {
  const { adapter, clock, router, settleMs, outcomeWithinMs, lookupTimeoutMs } = parts;
  const until = Math.min(clock.monotonic() + settleMs, call.startedAt + outcomeWithinMs);
  let position = before;
  let waitsFor = isKnown;
  /** As the venue last showed them; undefined while it has not. */
  let working: readonly Order[] | undefined;
  for (let pauseMs = pauses.firstMs; ; pauseMs = Math.min(pauseMs * 2, pauses.longestMs)) {
    const begunAt = clock.monotonic();
    // safeguard: a look for nothing in particular keeps nobody from getting out
    const bound = waitsFor
      ? deadline
      : deadlineIn(Math.min(lookupTimeoutMs, remainingMs(deadline, clock)), clock);
    // end of safeguard
    const looked = await waitWithin(
      () => atWork(parts, exits.openSince(before), takesOff),
      bound,
      signal,
      clock,
    );
    if (looked.is === 'done') working = looked.value;
    else
      parts.log.debug(
        { contractId: contract.id, error: looked.is === 'failed' ? looked.error : looked.is },
        'what takes the position off already could not be read',
      );
    // What was read ahead of it stands where there was nothing to wait for.
    if (!waitsFor && (working ?? []).length === 0) return { is: 'clear', position };
    waitsFor = true;
    const look = await positionOf(adapter, contract);
    if (working?.length === 0) exits.over(before, begunAt);
    if (look.read && look.position?.side !== before.side)
      return { is: 'clear', position: look.position };
    if (look.read && look.position) ({ position } = look);
    if (working?.length === 0) return { is: 'clear', position };
    // Who waits in vain is told so: by the one who asked, or where it would be written.
    const isOver = isPast(deadline, clock) || signal?.aborted === true || router.isClosed;
    if (isOver || clock.monotonic() + pauseMs > until) {
      if (!working) return { is: 'unread', position };
      return {
        is: 'at-work',
        position,
        toCome: working.reduce(
          (sum, { quantity, filledQuantity }) => sum + quantity - filledQuantity,
          0,
        ),
      };
    }
    await new Promise<void>((resolve) => void clock.setTimer(pauseMs, resolve));
  }
}

/** The orders at work that take the position off. `exitsSince`: wall milliseconds of the oldest exit whose order was not seen to end; its order may be of any status by now. Rejects where the venue can't be asked. */
async function atWork<Key extends string>(
  parts: BrokerParts<Key>,
  exitsSince: number | undefined,
  takesOff: (order: Order) => boolean,
): Promise<readonly Order[]> {
  const { adapter, state, lookupTimeoutMs } = parts;
  const take = state.reading();
  const rows =
    exitsSince === undefined
      ? await adapter.reads.openOrders('close')
      : await adapter.reads.orders({ from: exitsSince - clockMarginMs }, 'close');
  for (const row of rows) take(row);
  const shown = new Set(rows.map(({ orderId }) => orderId));
  // A list of open orders may lack those that are pending: 3 to 22 ms of a market order at ProjectX (recorded). One that is not shown is asked for by itself.
  const unshown = state.orders
    .open()
    .filter((order) => takesOff(order) && !shown.has(order.orderId));
  const unknown = new Set<OrderId>();
  await Promise.all(
    unshown.map(async ({ orderId }) => {
      const finding = await lookUp(
        parts,
        { by: 'order-id', orderId },
        { lane: 'close', timeoutMs: lookupTimeoutMs },
      );
      if (finding.is === 'unreachable') throw new Error(finding.message);
      if (finding.is === 'not-found') unknown.add(orderId);
    }),
  );
  // safeguard: an order that a list does not show may be at work
  return state.orders.open().filter((order) => takesOff(order) && !unknown.has(order.orderId));
}
