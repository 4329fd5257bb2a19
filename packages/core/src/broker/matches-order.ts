import type { Order } from '../order.ts';
import { alignToTick } from '../tick.ts';
import type { PlaceRecord } from './intent-book.ts';

/**
 * Whether a venue's row is the order that was asked for. Orders whose price the venue sets (trailing, join) are compared without it, and so is one that was refused and is shown without a price.
 * A limit order that the market had reached already may be shown as a market order (one client of the gateway met that), with its price or without: then it has not traded beyond it.
 */
export function matchesOrder({ request, contract }: PlaceRecord<string>, order: Order): boolean {
  if (contract?.id !== order.contractId) return false;
  if (request.side !== order.side || request.quantity !== order.quantity) return false;
  // safeguard: a limit order beyond the market may be shown as a market order
  if (request.type === 'limit' && order.type === 'market')
    return isWithin(request.limitPrice, order, contract.tickSize);
  // end of safeguard
  if (request.type !== order.type) return false;
  const same = (wanted: number, found: number | undefined): boolean =>
    found === undefined
      ? order.status === 'rejected'
      : (alignToTick(wanted, contract.tickSize) ?? wanted) === found;
  if (request.type === 'limit') return same(request.limitPrice, order.limitPrice);
  return request.type !== 'stop' || same(request.stopPrice, order.stopPrice);
}

/** Whether all that is known of a row's prices is no worse for the bot than a limit. */
function isWithin(
  limitPrice: number,
  { side, limitPrice: shown, averagePrice }: Order,
  tickSize: number,
): boolean {
  const limit = alignToTick(limitPrice, tickSize) ?? limitPrice;
  if (shown !== undefined && shown !== limit) return false;
  return (
    averagePrice === undefined || (side === 'buy' ? averagePrice <= limit : averagePrice >= limit)
  );
}
