import type { OrderRecord } from './order-record.ts';
import { orderType } from './order-record.ts';
import type { Quote } from './price-source.ts';

/** The price in ticks at which an order trades at this quote, or undefined when it rests. A trailing stop follows the last price first. */
export function tradePrice(order: OrderRecord, { bid, ask, last }: Quote): number | undefined {
  const best = order.side === 0 ? ask : bid;
  switch (order.type) {
    case orderType.market:
      return best;
    case orderType.limit:
    case orderType.joinBid:
    case orderType.joinAsk: {
      const limit = order.limitTicks ?? best;
      // Never worse than the limit; better when the market is better.
      return (order.side === 0 ? ask <= limit : bid >= limit) ? best : undefined;
    }
    case orderType.trailingStop:
      trail(order, last);
      return stopPrice(order, best, last);
    case orderType.stop:
      return stopPrice(order, best, last);
    case orderType.stopLimit:
      return undefined;
  }
}

/** A stop that was reached stays reached, however far the price runs back: what is left of it trades at the market. */
function stopPrice(order: OrderRecord, best: number, last: number): number | undefined {
  const { stopTicks } = order;
  if (stopTicks === undefined) return undefined;
  return order.fillVolume > 0 || (order.side === 0 ? last >= stopTicks : last <= stopTicks) ? best : undefined;
}

/** The stop follows the last price at its distance, and only towards it. */
function trail(order: OrderRecord, last: number): void {
  if (order.trailTicks === undefined || order.stopTicks === undefined) return;
  const level = last + order.trailTicks;
  order.stopTicks = order.side === 0 ? Math.min(order.stopTicks, level) : Math.max(order.stopTicks, level);
}
