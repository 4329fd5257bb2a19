import type { AccountBook, Fill, NetPosition } from './exchange/account-book.ts';
import type { OrderRecord } from './exchange/order-record.ts';
import { orderType } from './exchange/order-record.ts';
import type { SimulatedContract } from './instruments/contracts.ts';
import { priceOfTicks } from './tick.ts';
import { fractionOf, restTimestamp } from './timestamps.ts';

/** How rows are written. */
export interface RowStyle {
  /** Default: as the REST side writes times. */
  readonly timestamp?: ((epochMs: number) => string) | undefined;
  /** Whether a leg's row names its entry and sibling. Default true. */
  readonly legLinks?: boolean | undefined;
  /** Whether a trade's row has its commissions. Default true. */
  readonly commissions?: boolean | undefined;
  /** The id a trade's row has in place of its own. */
  readonly id?: number | undefined;
  /** One digit of the year in the name of a position's contract. */
  readonly oneDigitYears?: boolean | undefined;
}

const ofRest = (epochMs: number): string => restTimestamp(epochMs, fractionOf(epochMs));

/** Rows as the REST side prints them: nulls explicit. */
export function orderRow(
  order: OrderRecord,
  { timestamp = ofRest, legLinks = true }: RowStyle = {},
): object {
  const { contract } = order;
  const price = (ticks: number | undefined): number | null =>
    ticks === undefined ? null : priceOfTicks(ticks, contract.tick);
  const distance =
    order.bracketTicks ?? (order.type === orderType.trailingStop ? order.trailTicks : undefined);
  return {
    id: order.id,
    accountId: order.accountId,
    contractId: contract.id,
    symbolId: contract.symbolId,
    creationTimestamp: timestamp(order.createdAt),
    updateTimestamp: timestamp(order.updatedAt),
    status: order.status,
    type: order.shownAsMarket === true ? orderType.market : order.type,
    side: order.side,
    size: order.size,
    limitPrice: price(order.limitTicks),
    stopPrice: price(order.stopTicks),
    fillVolume: order.fillVolume,
    filledPrice:
      order.fillVolume === 0
        ? null
        : priceOfTicks(order.filledTicks / order.fillVolume, contract.tick),
    customTag: order.customTag ?? null,
    // Optional in the published schema, and seen in rows since August 2026 where they hold.
    ...(legLinks && order.parentOrderId !== undefined && { parentOrderId: order.parentOrderId }),
    ...(legLinks && order.linkedOrderId !== undefined && { linkedOrderId: order.linkedOrderId }),
    ...(distance !== undefined && { trailDistance: distance, trailPrice: price(distance) }),
  };
}

export function contractRow({
  id,
  name,
  description,
  tickSize,
  tickValue,
  activeContract,
  symbolId,
}: SimulatedContract): object {
  return { id, name, description, tickSize, tickValue, activeContract, symbolId };
}

export function accountRow({ settings, balance }: AccountBook): object {
  const { id, name, canTrade, simulated } = settings;
  return { id, name, balance, canTrade, isVisible: true, simulated };
}

export function positionRow(
  accountId: number,
  { id, contract, openedAt, size, averageTicks }: NetPosition,
  { timestamp = ofRest, oneDigitYears = false }: RowStyle = {},
): object {
  return {
    id,
    accountId,
    contractId: contract.id,
    contractDisplayName: oneDigitYears ? contract.name : contract.displayName,
    creationTimestamp: timestamp(openedAt),
    type: positionType(size),
    size: Math.abs(size),
    averagePrice: priceOfTicks(averageTicks, contract.tick),
  };
}

/** Undefined, long or short. */
function positionType(size: number): 0 | 1 | 2 {
  if (size === 0) return 0;
  return size > 0 ? 1 : 2;
}

export function tradeRow(
  fill: Fill,
  { timestamp = ofRest, commissions = true, id = fill.id }: RowStyle = {},
): object {
  return {
    id,
    accountId: fill.accountId,
    contractId: fill.contract.id,
    creationTimestamp: timestamp(fill.at),
    price: priceOfTicks(fill.priceTicks, fill.contract.tick),
    profitAndLoss: fill.profitAndLoss ?? null,
    fees: fill.fees,
    ...(commissions && { commissions: fill.commissions }),
    side: fill.side,
    size: fill.size,
    voided: false,
    orderId: fill.orderId,
  };
}
