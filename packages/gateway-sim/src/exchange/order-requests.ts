import type { WantedPrices } from './order-prices.ts';

export interface BracketLeg {
  /** Signed distance from the entry's fill price. */
  readonly ticks: number;
  readonly type: number;
}

export interface PlaceOrder extends WantedPrices {
  readonly accountId: number;
  readonly contractId: string;
  readonly type: number;
  readonly side: number;
  readonly size: number;
  readonly customTag?: string | null | undefined;
  readonly stopLossBracket?: BracketLeg | null | undefined;
  readonly takeProfitBracket?: BracketLeg | null | undefined;
}

/** What is absent or null stays as it is. */
export interface ModifyOrder extends WantedPrices {
  readonly accountId: number;
  readonly orderId: number;
  readonly size?: number | null | undefined;
}
