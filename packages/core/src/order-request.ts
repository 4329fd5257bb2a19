/** Which way. */
export type Side = 'buy' | 'sell';

/** Protection attached to an entry. Distances are positive ticks from the fill price; the adapter signs them as its venue wants. */
export interface Bracket {
  /** Ticks between the fill and the stop. Omitted: no stop. */
  readonly stopLossTicks?: number | undefined;
  /** Ticks between the fill and the target. Omitted: no target. */
  readonly takeProfitTicks?: number | undefined;
  /** Makes the stop a trailing one. Default `false`. */
  readonly trailing?: boolean | undefined;
}

/** What every mutation takes beside its own fields. */
export interface IntentOptions {
  /** Groups orders for routing rules and statistics. */
  readonly strategy?: string | undefined;
  /** Milliseconds from the call to the first byte of the last attempt; past it an unwritten order is `not-sent`. Default 2,000 for a market order, 10,000 for other places and for modifies, none for the rest. */
  readonly deadlineMs?: number | undefined;
  /** Aborting before the first byte makes the intent `not-sent`; after it, only the waiting ends. */
  readonly signal?: AbortSignal | undefined;
  /** Does everything but the write; the outcome is `not-sent` with code `DRY_RUN`. Default `false`. */
  readonly dryRun?: boolean | undefined;
}

/** What every order has. */
export interface OrderFields extends IntentOptions {
  /** The bot's own id. Calls that repeat it are one intent. Minted when omitted. */
  readonly clientOrderId?: string | undefined;
  /** A root (`MNQ`: the front contract), a contract name (`MNQZ6`) or a contract id. */
  readonly symbol: string;
  readonly side: Side;
  /** Contracts, a whole number of at least 1. */
  readonly quantity: number;
  readonly bracket?: Bracket | undefined;
}

/** An order at the market. */
export interface MarketOrderRequest extends OrderFields {}
/** An order at a price or better. */
export interface LimitOrderRequest extends OrderFields {
  /** Price units, on a tick. */
  readonly limitPrice: number;
}
/** An order at the market once the price trades there. */
export interface StopOrderRequest extends OrderFields {
  /** Price units, on a tick. */
  readonly stopPrice: number;
}
/** Where a trailing stop starts: an absolute price on a tick, or a distance in ticks from the last price. */
export type Trail =
  | { readonly trailPrice: number; readonly trailTicks?: undefined }
  | { readonly trailTicks: number; readonly trailPrice?: undefined };
/** A stop that follows the price. */
export type TrailingStopOrderRequest = OrderFields & Trail;

/** An order of any type. */
export type OrderRequest =
  | (MarketOrderRequest & { readonly type: 'market' })
  | (LimitOrderRequest & { readonly type: 'limit' })
  | (StopOrderRequest & { readonly type: 'stop' })
  | (TrailingStopOrderRequest & { readonly type: 'trailing-stop' })
  | (OrderFields & { readonly type: 'join-bid' | 'join-ask' });
/** The kinds of orders. */
export type OrderType = OrderRequest['type'];

/** After an `unknown` outcome there is no order id yet, so an order can be named both ways. */
export type OrderRef =
  | { readonly orderId: string; readonly clientOrderId?: undefined }
  | { readonly clientOrderId: string; readonly orderId?: undefined };

/** New values; what is omitted stays. At least one must be given. */
export interface OrderChange {
  readonly quantity?: number | undefined;
  readonly limitPrice?: number | undefined;
  readonly stopPrice?: number | undefined;
  /** Absolute price, as in placing a trailing stop. */
  readonly trailPrice?: number | undefined;
}
/** The order to change, and its new values. */
export type ModifyRequest = OrderRef & IntentOptions & OrderChange;
/** The order to cancel. */
export type CancelRequest = OrderRef & IntentOptions;
/** The position to close. */
export interface CloseRequest extends IntentOptions {
  /** A root means every contract of it with a position. */
  readonly symbol: string;
}
/** The position to reduce, and by how much. */
export interface ReduceRequest extends CloseRequest {
  /** Contracts to take off, a whole number of at least 1. */
  readonly quantity: number;
}
