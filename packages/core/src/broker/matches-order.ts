import type { Order } from '../order.ts';
import { alignToTick } from '../tick.ts';
import type { PlaceRecord } from './intent-book.ts';

/** Whether a venue's row is the order that was asked for. Orders whose price the venue sets (trailing, join) are compared without it, and so is one that was refused and is shown without a price. */
export function matchesOrder({ request, contract }: PlaceRecord<string>, order: Order): boolean {
  if (contract?.id !== order.contractId) return false;
  if (request.side !== order.side || request.quantity !== order.quantity || request.type !== order.type) return false;
  const same = (wanted: number, found: number | undefined): boolean => (found === undefined ? order.status === 'rejected' : (alignToTick(wanted, contract.tickSize) ?? wanted) === found);
  if (request.type === 'limit') return same(request.limitPrice, order.limitPrice);
  return request.type !== 'stop' || same(request.stopPrice, order.stopPrice);
}
