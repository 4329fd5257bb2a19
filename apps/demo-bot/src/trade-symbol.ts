import type { Broker, Contract } from '@hotpath/core';
import type { Ledger } from './ledger.ts';
import { acceptedOrderId } from './ledger.ts';

/** Ticks from the fill to the exit as first placed, and as moved. */
const firstTargetTicks = 60;
const movedTargetTicks = 30;
const fillWithinMs = 10_000;

/**
 * One round on one symbol: enter at the market, protect the position by a limit exit, move the exit closer, then leave.
 * If the exit fills first, the cancel says so and the position is flat already.
 */
export async function tradeOnce(broker: Broker, ledger: Ledger, contract: Contract): Promise<void> {
  const symbol = contract.root;
  const entry = await broker.placeMarketOrder({
    symbol,
    side: 'buy',
    quantity: 1,
    strategy: 'demo',
  });
  ledger.note(entry);
  const filled = await broker.waitForFill(
    { orderId: acceptedOrderId(entry) },
    { timeoutMs: fillWithinMs },
  );
  if (filled.averagePrice === undefined)
    throw new Error(`order ${filled.orderId} ended as ${filled.status}, without a fill`);

  const target = (ticks: number): number => (filled.averagePrice ?? 0) + ticks * contract.tickSize;
  const exit = await broker.placeLimitOrder({
    symbol,
    side: 'sell',
    quantity: 1,
    limitPrice: target(firstTargetTicks),
    strategy: 'demo',
  });
  ledger.note(exit);
  const orderId = acceptedOrderId(exit);
  ledger.note(await broker.modifyOrder({ orderId, limitPrice: target(movedTargetTicks) }));

  const left = await broker.cancelOrder({ orderId });
  ledger.note(left);
  if (left.kind !== 'accepted')
    throw new Error(`a cancel was ${left.kind} ${left.code}: ${left.message}`);
  if (left.remainingQuantity === 0) return;
  const leave = await broker.placeMarketOrder({
    symbol,
    side: 'sell',
    quantity: left.remainingQuantity,
    strategy: 'demo',
  });
  ledger.note(leave);
  acceptedOrderId(leave);
}
