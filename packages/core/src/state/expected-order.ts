import type { ClientOrderId, ContractId, OrderId } from '../brand.ts';
import type { OrderRequest } from '../order-request.ts';
import type { Order } from '../order.ts';

/** The row of an order that the venue accepted and of which nothing else is known yet: as it was asked for. */
export function expectedOrder(
  orderId: OrderId,
  request: OrderRequest,
  clientOrderId: ClientOrderId,
  contractId: ContractId,
  now: number,
): Order {
  return {
    orderId,
    clientOrderId,
    contractId,
    side: request.side,
    type: request.type,
    status: 'pending',
    quantity: request.quantity,
    filledQuantity: 0,
    averagePrice: undefined,
    limitPrice: request.type === 'limit' ? request.limitPrice : undefined,
    stopPrice: request.type === 'stop' ? request.stopPrice : undefined,
    createdAt: now,
    // Older than any row of the venue, so that the first one counts.
    updatedAt: 0,
    asOf: now,
    parentOrderId: undefined,
  };
}
