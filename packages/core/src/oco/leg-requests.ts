import type { Contract } from '../contract.ts';
import type { ClientOrderId } from '../brand.ts';
import type { Bracket, OrderRequest, Side } from '../order-request.ts';
import type { Order } from '../order.ts';
import { nearestTicks, priceOfTicks } from '../tick.ts';
import type { OcoLeg } from './oco-records.ts';

export function opposite(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy';
}

/** Where a leg of an entry belongs that filled at this average, which need not stand on a tick. Undefined: the bracket has no such leg. */
export function legPrice(
  leg: OcoLeg,
  bracket: Bracket,
  side: Side,
  averagePrice: number,
  contract: Contract,
): number | undefined {
  const distance = leg === 'stop' ? bracket.stopLossTicks : bracket.takeProfitTicks;
  if (distance === undefined) return undefined;
  const towards = (leg === 'target') === (side === 'buy') ? 1 : -1;
  return priceOfTicks(
    nearestTicks(averagePrice, contract.tickSize) + towards * distance,
    contract.tickSize,
  );
}

export interface LegOrder {
  readonly leg: OcoLeg;
  readonly clientOrderId: ClientOrderId;
  readonly quantity: number;
  readonly price: number;
  readonly entrySide: Side;
  readonly trailing: boolean;
  readonly contract: Contract;
  readonly strategy: string | undefined;
}

/** The order that a leg is placed as. */
export function legRequest({
  leg,
  clientOrderId,
  quantity,
  price,
  entrySide,
  trailing,
  contract,
  strategy,
}: LegOrder): OrderRequest {
  const fields = {
    clientOrderId,
    symbol: contract.id,
    side: opposite(entrySide),
    quantity,
    ...(strategy !== undefined && { strategy }),
  };
  if (leg === 'target') return { ...fields, type: 'limit', limitPrice: price };
  return trailing
    ? { ...fields, type: 'trailing-stop', trailPrice: price }
    : { ...fields, type: 'stop', stopPrice: price };
}

/** The price by which a working leg stands; undefined for a trailing one, which moves by itself. */
export function priceOfLeg(leg: OcoLeg, order: Order): number | undefined {
  if (leg === 'target') return order.limitPrice;
  return order.type === 'stop' ? order.stopPrice : undefined;
}
