import type { AccountBook } from './account-book.ts';
import { bracketRefusal } from './brackets.ts';
import type { ExchangeSettings } from './exchange-settings.ts';
import type { OrderPrices } from './order-prices.ts';
import { orderPrices } from './order-prices.ts';
import type { OrderRecord } from './order-record.ts';
import { orderType } from './order-record.ts';
import type { PlaceOrder } from './order-requests.ts';
import type { PriceSource } from './price-source.ts';

/** Why an order that got as far as one is refused, and its prices as far as they are good. */
export interface PlaceVerdict {
  readonly prices: Extract<OrderPrices, { readonly ok: true }> | undefined;
  /** Undefined for an order that is taken. */
  readonly refused: { readonly errorCode: number; readonly text: string } | undefined;
}

/** Refusals that were recorded to leave an order behind: bracket mode, a bracket too near, closed market. */
const recorded = /must enable Auto OCO Brackets|at least \d+ ticks|not in an active trading status/;

export function wasRecordedAsOrder(text: string): boolean {
  return recorded.test(text);
}

/** Why an account or its contract cannot take any order now: the venue's numbers, and its texts as recorded. */
export function placeVerdict(
  request: PlaceOrder,
  order: OrderRecord,
  account: AccountBook,
  source: PriceSource,
  settings: ExchangeSettings,
  at: number,
): PlaceVerdict {
  const wanted =
    request.size < 1
      ? ({ ok: false, text: 'Invalid order size specified' } as const)
      : orderPrices(order.type, order.side, request, order.contract, source.quote, true);
  if (!wanted.ok) return { prices: undefined, refused: { errorCode: 2, text: wanted.text } };
  const trailing =
    order.type === orderType.trailingStop ? settings.trailingRefusal(order.contract) : undefined;
  const text =
    trailing ??
    bracketRefusal(request, account.settings.bracketMode, settings.rules.leastTargetTicks) ??
    hoursRefusal(settings, at);
  if (text !== undefined) return { prices: wanted, refused: { errorCode: 2, text } };
  return {
    prices: wanted,
    refused: lacksMargin(account, order) ? { errorCode: 3, text: 'Not enough margin.' } : undefined,
  };
}

function hoursRefusal({ calendar }: ExchangeSettings, at: number): string | undefined {
  return calendar?.takesOrders(at) === false
    ? 'Trading is currently unavailable. The instrument is not in an active trading status.'
    : undefined;
}

function lacksMargin(account: AccountBook, { contract, side, size }: OrderRecord): boolean {
  const { marginPerContract } = account.settings;
  if (marginPerContract <= 0) return false;
  const held = account.positions.get(contract.id)?.size ?? 0;
  const after = Math.abs(held + (side === 0 ? size : -size));
  return after > Math.abs(held) && after * marginPerContract > account.balance;
}

/** The texts with which documented account kinds refuse a cancel. */
export function cancelRestriction({ settings: { restriction } }: AccountBook): string | undefined {
  if (restriction === 'follower') return 'Follower accounts cannot cancel orders';
  return restriction === 'live' ? 'Live accounts not supported' : undefined;
}
