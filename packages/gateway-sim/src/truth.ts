import type { Exchange } from './exchange/exchange.ts';
import type { RawRequest } from './exchange/order-record.ts';
import { accountRow, orderRow, positionRow, tradeRow } from './rest-rows.ts';

/** An order in the venue's record. */
export interface OrderTruth {
  readonly id: number;
  readonly accountId: number;
  readonly customTag: string | null;
  readonly contractId: string;
  readonly status: number;
  readonly type: number;
  readonly side: number;
  readonly size: number;
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly fillVolume: number;
  readonly filledPrice: number | null;
  readonly creationTimestamp: string;
  readonly updateTimestamp: string;
  /** Every status it went through, with the venue's time. */
  readonly states: readonly { readonly status: number; readonly at: number }[];
  /** The raw requests that made, changed or cancelled it. */
  readonly requests: readonly RawRequest[];
}

/** What really happened at the venue. */
export interface Truth {
  readonly accounts: readonly object[];
  readonly orders: readonly OrderTruth[];
  readonly fills: readonly object[];
  readonly positions: readonly object[];
  /** Place requests refused because their tag was in use, by tag. */
  readonly duplicateTags: Readonly<Record<string, number>>;
  /** What was dropped to keep memory bounded; see `keepHistory`. */
  readonly forgotten: { readonly orders: number; readonly fills: number };
}

export function truthOf(exchange: Exchange): Truth {
  const books = [...exchange.accounts.values()];
  return {
    accounts: books.map(accountRow),
    orders: exchange.orders.map((order) => ({ ...(orderRow(order) as Omit<OrderTruth, 'states' | 'requests'>), states: order.states, requests: order.requests })),
    fills: books.flatMap((book) => book.fills.map((fill) => tradeRow(fill))),
    positions: books.flatMap((book) => [...book.positions.values()].map((position) => positionRow(book.settings.id, position))),
    duplicateTags: Object.fromEntries(books.flatMap((book) => [...book.duplicateTags])),
    forgotten: { orders: exchange.forgottenOrders, fills: books.reduce((sum, book) => sum + book.forgottenFills, 0) },
  };
}
