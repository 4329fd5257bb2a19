import type { Contract } from '../contract.ts';
import type { OrderRequest } from '../order-request.ts';
import { alignToTick } from '../tick.ts';

/** Whether two places with one id ask for the same order. The same contract under another name is the same, and so is a price that differs by rounding noise. */
export function sameContent(
  first: OrderRequest,
  second: OrderRequest,
  contractOf: (symbol: string) => Contract | undefined,
): boolean {
  const contract = contractOf(first.symbol);
  const samePrice = (one: number | undefined, other: number | undefined): boolean =>
    one === other ||
    (one !== undefined &&
      other !== undefined &&
      contract !== undefined &&
      exact(one, contract) === exact(other, contract));
  const one: Terms = first;
  const other: Terms = second;
  return (
    one.type === other.type &&
    one.side === other.side &&
    one.quantity === other.quantity &&
    (one.symbol === other.symbol ||
      (contract !== undefined && contract.id === contractOf(other.symbol)?.id)) &&
    samePrice(one.limitPrice, other.limitPrice) &&
    samePrice(one.stopPrice, other.stopPrice) &&
    samePrice(one.trailPrice, other.trailPrice) &&
    one.trailTicks === other.trailTicks &&
    one.bracket?.stopLossTicks === other.bracket?.stopLossTicks &&
    one.bracket?.takeProfitTicks === other.bracket?.takeProfitTicks &&
    (one.bracket?.trailing ?? false) === (other.bracket?.trailing ?? false)
  );
}

/** Every term an order can have, whatever its type. */
interface Terms extends Pick<OrderRequest, 'type' | 'side' | 'quantity' | 'symbol' | 'bracket'> {
  readonly limitPrice?: number | undefined;
  readonly stopPrice?: number | undefined;
  readonly trailPrice?: number | undefined;
  readonly trailTicks?: number | undefined;
}

function exact(price: number, contract: Contract): number {
  return alignToTick(price, contract.tickSize) ?? price;
}
