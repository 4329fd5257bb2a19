import type { SimulatedContract } from '../instruments/contracts.ts';
import { stopLegType } from './brackets.ts';
import type { OrderRecord, OrderTypeNumber, RawRequest, SideNumber } from './order-record.ts';
import { orderStatus, orderType } from './order-record.ts';
import type { PlaceOrder } from './order-requests.ts';

const types: ReadonlySet<number> = new Set(Object.values(orderType));

/** An order as it arrives: pending and without prices. */
export function newOrder(
  request: PlaceOrder & { readonly type: OrderTypeNumber; readonly side: SideNumber },
  contract: SimulatedContract,
  id: number,
  raw: RawRequest,
  madeByClose?: true,
): OrderRecord {
  return {
    id,
    accountId: request.accountId,
    contract,
    createdAt: raw.at,
    updatedAt: raw.at,
    status: orderStatus.pending,
    type: request.type,
    side: request.side,
    size: request.size,
    limitTicks: undefined,
    stopTicks: undefined,
    trailTicks: undefined,
    fillVolume: 0,
    filledTicks: 0,
    customTag: request.customTag ?? undefined,
    parentOrderId: undefined,
    linkedOrderId: undefined,
    bracketTicks: undefined,
    madeByClose,
    shownAsMarket: undefined,
    legs: undefined,
    states: [{ status: orderStatus.pending, at: raw.at }],
    requests: [raw],
  };
}

/** The suspended legs a request asks for, with ids after their entry's: stop-loss, then target. */
export function withLegs(
  entry: OrderRecord,
  { stopLossBracket, takeProfitBracket }: PlaceOrder,
  nextId: () => number,
): OrderRecord['legs'] {
  if (stopLossBracket == null && takeProfitBracket == null) return undefined;
  const stopType = stopLossBracket ? stopLegType(stopLossBracket.type) : undefined;
  const stopLoss =
    stopLossBracket && stopType
      ? legOf(entry, nextId(), stopType, stopLossBracket.ticks, 'SL', undefined)
      : undefined;
  const takeProfit = takeProfitBracket
    ? legOf(entry, nextId(), orderType.limit, takeProfitBracket.ticks, 'TP', stopLoss?.id)
    : undefined;
  const legs = { stopLoss, takeProfit };
  if (stopLoss) stopLoss.legs = { stopLoss: undefined, takeProfit };
  if (takeProfit) takeProfit.legs = { stopLoss, takeProfit: undefined };
  return legs;
}

function legOf(
  entry: OrderRecord,
  id: number,
  type: OrderTypeNumber,
  ticks: number,
  suffix: 'SL' | 'TP',
  linkedOrderId: number | undefined,
): OrderRecord {
  return {
    ...entry,
    id,
    madeByClose: undefined,
    shownAsMarket: undefined,
    status: orderStatus.suspended,
    type,
    side: entry.side === 0 ? 1 : 0,
    trailTicks: type === orderType.trailingStop ? ticks : undefined,
    // A leg of an entry without a tag has none either; what the live gateway does then is not known.
    customTag: entry.customTag === undefined ? undefined : `${entry.customTag}-${suffix}`,
    parentOrderId: entry.id,
    linkedOrderId,
    bracketTicks: ticks,
    states: [{ status: orderStatus.suspended, at: entry.createdAt }],
    requests: [...entry.requests],
  };
}

/** Whether a number is one of the reference's types, placeable or not. */
export function isOrderType(type: number): type is OrderTypeNumber {
  return types.has(type);
}
