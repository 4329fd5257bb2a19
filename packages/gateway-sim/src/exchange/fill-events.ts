import type { BookedFill } from './account-book.ts';
import type { ExchangeEvent } from './exchange-event.ts';
import type { OrderRecord } from './order-record.ts';
import { orderType } from './order-record.ts';

/** Where several orders of events were recorded. */
export interface EventChoice {
  /** Whether this time it is the less usual one. */
  unusual(): boolean;
  /** A market order's end before its trades, always: a difference that can be switched on. */
  readonly ordersBeforeTrades: boolean;
}

/**
 * What a fill is announced as, in the recorded order (two combine accounts in April and May 2026, by receive times): an order that went to the market as its trades, itself, positions, the account;
 * a limit order as itself, its trades, positions, the account. A market order's trades and end came in either order, one millisecond apart; so did a close's own trade and the opening one that it repeats.
 */
export function fillEvents(
  order: OrderRecord,
  { turns, positions, account }: BookedFill,
  choice: EventChoice,
): readonly ExchangeEvent[] {
  const trades = turns.flatMap(({ fill, opened }): ExchangeEvent[] => {
    const own: ExchangeEvent = { kind: 'trade', fill };
    const again = opened.map((opening): ExchangeEvent => ({ kind: 'trade-again', fill: opening }));
    return again.length > 0 && choice.unusual() ? [...again, own] : [own, ...again];
  });
  const isMarket = order.type === orderType.market;
  const isLimit =
    !isMarket && order.type !== orderType.stop && order.type !== orderType.trailingStop;
  const orderFirst = isLimit || (isMarket && (choice.ordersBeforeTrades || choice.unusual()));
  const itself: ExchangeEvent = { kind: 'order', order };
  return [...(orderFirst ? [itself, ...trades] : [...trades, itself]), ...positions, account];
}
