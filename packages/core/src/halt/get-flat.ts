import type { Lane } from '../adapter.ts';
import type { BrokerParts } from '../broker/broker-parts.ts';
import type { ChangeOrders } from '../broker/change-orders.ts';
import type { ClosePositions } from '../broker/close-positions.ts';
import type { CancelOutcome, CloseOutcome } from '../outcome.ts';
import type { Order } from '../order.ts';
import type { ExitReport } from '../outcomes/report.ts';
import type { Position } from '../position.ts';

/** How long the way out may take before it is reported as not complete. */
const shortestMs = 15_000;
const firstPauseMs = 100;
const longestPauseMs = 2_000;

interface Look {
  readonly orders: readonly Order[];
  readonly positions: readonly Position[];
  readonly unread: string | undefined;
}

/**
 * Cancels every order of the account and closes every position, and looks again, until nothing is left or the time is over. Orders go first: one that fills behind a close would open what was closed.
 * Complete is said only of a look begun after every place of this process was settled.
 */
export async function getFlat<Key extends string>(
  parts: BrokerParts<Key>,
  changing: ChangeOrders<Key>,
  closing: ClosePositions<Key>,
): Promise<ExitReport<Key>> {
  const { clock, book, router, settleMs } = parts;
  // An order or a close that nobody knows the end of takes twice settleMs at the longest.
  const until = clock.monotonic() + Math.max(shortestMs, settleMs * 3);
  changing.withdrawUnplaced();
  const cancelled = new Map<string, CancelOutcome<Key>>();
  const closed = new Map<string, CloseOutcome<Key>>();
  let isFirst = true;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const unsettled = book
      .unsettled()
      .filter(({ outcome }) => !(outcome?.kind === 'unknown' && outcome.final));
    const look = await lookAt(parts, isFirst);
    isFirst = false;
    const done =
      look.unread === undefined &&
      look.orders.length === 0 &&
      look.positions.length === 0 &&
      unsettled.length === 0;
    if (done || clock.monotonic() >= until || router.isClosed) {
      return {
        complete: done,
        orders: [...cancelled.values()],
        positions: [...closed.values()],
        left: {
          orders: look.orders,
          positions: look.positions,
          unread: look.unread,
          unsettled: unsettled.map(({ clientOrderId }) => clientOrderId),
        },
      };
    }
    await Promise.all(
      look.orders.map(async ({ orderId }) => {
        cancelled.set(
          orderId,
          await changing.cancel({ orderId, deadlineMs: until - clock.monotonic() }),
        );
      }),
    );
    await Promise.all(
      look.positions.map(async ({ contractId }) => {
        closed.set(
          contractId,
          await closing.close({ symbol: contractId, deadlineMs: until - clock.monotonic() }),
        );
      }),
    );
    // An order just cancelled, or a position just closed, may be shown for a moment longer.
    await new Promise<void>((resolve) => void clock.setTimer(pauseMs, resolve));
  }
}

/** The first look is what is cancelled and closed by; those behind it leave room to cancels and closes, as long as there is something else to go by where they find none. */
async function lookAt<Key extends string>(
  { adapter, state }: BrokerParts<Key>,
  isFirst: boolean,
): Promise<Look> {
  const [forOrders, forPositions]: [Lane, Lane] =
    isFirst || !state.isLive ? ['cancel', 'close'] : ['look', 'look'];
  try {
    const [orders, positions] = await Promise.all([
      adapter.reads.openOrders(forOrders),
      adapter.reads.positions(forPositions),
    ]);
    return { orders, positions, unread: undefined };
  } catch (error) {
    const unread = error instanceof Error ? error.message : String(error);
    // safeguard: a look that can't be had keeps nobody from getting out of what is known
    if (state.isLive)
      return { orders: state.orders.open(), positions: state.positions.all(), unread };
    // end of safeguard
    return { orders: [], positions: [], unread };
  }
}
