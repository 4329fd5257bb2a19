import type { SimulatedContract } from '../instruments/contracts.ts';

export const orderStatus = {
  open: 1,
  filled: 2,
  cancelled: 3,
  expired: 4,
  rejected: 5,
  pending: 6,
  suspended: 8,
} as const;
export type OrderStatusNumber = (typeof orderStatus)[keyof typeof orderStatus];
export const orderType = {
  limit: 1,
  market: 2,
  stopLimit: 3,
  stop: 4,
  trailingStop: 5,
  joinBid: 6,
  joinAsk: 7,
} as const;
export type OrderTypeNumber = (typeof orderType)[keyof typeof orderType];
/** 0 buys, 1 sells. */
export type SideNumber = 0 | 1;

/** A request as it came, for the record. */
export interface RawRequest {
  readonly at: number;
  readonly path: string;
  readonly body: string;
}

/** One order at the venue; prices in whole ticks. */
export interface OrderRecord {
  readonly id: number;
  readonly accountId: number;
  readonly contract: SimulatedContract;
  readonly createdAt: number;
  /** As rows show it: a fill does not move it. */
  updatedAt: number;
  status: OrderStatusNumber;
  readonly type: OrderTypeNumber;
  readonly side: SideNumber;
  size: number;
  limitTicks: number | undefined;
  stopTicks: number | undefined;
  /** Signed distance from the last price. */
  trailTicks: number | undefined;
  fillVolume: number;
  /** Sum of price in ticks times size over all fills. */
  filledTicks: number;
  readonly customTag: string | undefined;
  /** A bracket leg's entry. */
  readonly parentOrderId: number | undefined;
  /** On a take-profit leg: its stop-loss leg. */
  readonly linkedOrderId: number | undefined;
  /** Signed ticks from the entry's fill price, on a bracket leg. */
  readonly bracketTicks: number | undefined;
  /** Made by a close; else undefined. */
  readonly madeByClose: true | undefined;
  /** Rows show it as a market order, whatever it is; else undefined. */
  shownAsMarket: true | undefined;
  /** An entry's legs, and a leg's sibling. */
  legs:
    | { readonly stopLoss: OrderRecord | undefined; readonly takeProfit: OrderRecord | undefined }
    | undefined;
  /** Every status it went through. */
  readonly states: { readonly status: OrderStatusNumber; readonly at: number }[];
  /** Every request that named it. */
  readonly requests: RawRequest[];
}

/** The states from which nothing follows. */
export function isFinal({ status }: OrderRecord): boolean {
  return (
    status === orderStatus.filled ||
    status === orderStatus.cancelled ||
    status === orderStatus.expired ||
    status === orderStatus.rejected
  );
}
