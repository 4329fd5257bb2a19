import type { Adapter, Lane } from '../adapter.ts';
import type { Account } from '../account.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { Trade } from '../trade.ts';
import type { OrderState } from './order-state.ts';
import type { PositionState } from './position-state.ts';

/** What a resync reads into. */
export interface ResyncTarget {
  readonly orders: OrderState;
  readonly positions: PositionState;
  /** `readSince`: the count of orders when the row was asked for. */
  order(row: Order, readSince: number): void;
  position(contractId: Position['contractId']): void;
  trade(trade: Trade): void;
  account(account: Account): void;
}

/** The venue's clock and the bot's may be minutes apart, so a span begins this much earlier than it has to. */
const marginMs = 600_000;

/**
 * Reads what the stream may have missed since `since` (wall milliseconds): positions and open orders, the orders and fills of the span, the account, and each order that is neither open nor named.
 * `lane`: what these reads may spend. What events said meanwhile stands. Rejects with the first `ReadError`; what was taken in until then is true all the same.
 */
export async function resync(
  adapter: Adapter,
  target: ResyncTarget,
  since: number,
  lane: Lane,
): Promise<void> {
  const { reads } = adapter;
  const from = since - marginMs;
  const positionCount = target.positions.count;
  const positions = await reads.positions(lane);
  for (const contractId of target.positions.seeAll(positions, positionCount))
    target.position(contractId);

  const orderCount = target.orders.count;
  for (const order of await reads.openOrders(lane)) target.order(order, orderCount);
  const spanCount = target.orders.count;
  for (const order of await reads.orders({ from }, lane)) target.order(order, spanCount);
  for (const trade of (await reads.trades({ from }, lane)).toSorted((a, b) => a.at - b.at))
    target.trade(trade);
  target.account(await reads.account(lane));
  // Open here and named by neither list: it ended while nobody listened, before the span.
  for (const { orderId } of target.orders.openUnseenSince(orderCount)) {
    const findCount = target.orders.count;
    const finding = await adapter.find({ by: 'order-id', orderId }, { lane, timeoutMs: 10_000 });
    if (finding.is === 'found') target.order(finding.order, findCount);
    // An order the venue does not know stays as it was: that is no evidence of an end.
    else if (finding.is === 'unreachable')
      throw new Error(`order ${orderId} could not be looked up: ${finding.message}`);
  }
}
