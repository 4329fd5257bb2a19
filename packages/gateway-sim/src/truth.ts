import type { Exchange } from './exchange/exchange.ts';
import type { OrderRecord, RawRequest } from './exchange/order-record.ts';
import { orderStatus } from './exchange/order-record.ts';
import { lowerCaseFields } from './http/lower-case-fields.ts';
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
  /**
   * Orders beyond the first with the same account, contract, type, side, size and prices as one before, refused ones and those of closes and brackets left out, by that content.
   * Two of them are one intent sent twice where a test gives each intent a size or price of its own. Only of what is remembered.
   */
  readonly duplicateIntents: Readonly<Record<string, number>>;
  /** What was dropped to keep memory bounded; see `keepHistory`. */
  readonly forgotten: { readonly orders: number; readonly fills: number };
}

export function truthOf(exchange: Exchange): Truth {
  const books = [...exchange.accounts.values()];
  return {
    accounts: books.map(accountRow),
    orders: exchange.orders.map((order) => ({
      ...(orderRow(order) as Omit<OrderTruth, 'states' | 'requests'>),
      states: order.states,
      requests: order.requests,
    })),
    fills: books.flatMap((book) => book.fills.map((fill) => tradeRow(fill))),
    positions: books.flatMap((book) =>
      [...book.positions.values()].map((position) => positionRow(book.settings.id, position)),
    ),
    duplicateTags: Object.fromEntries(books.flatMap((book) => [...book.duplicateTags])),
    duplicateIntents: duplicateIntents(exchange.orders),
    forgotten: {
      orders: exchange.forgottenOrders,
      fills: books.reduce((sum, book) => sum + book.forgottenFills, 0),
    },
  };
}

const placePath = /\/order\/place\/?$/i;

function duplicateIntents(orders: readonly OrderRecord[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const order of orders) {
    const [made] = order.requests;
    if (
      order.parentOrderId !== undefined ||
      order.status === orderStatus.rejected ||
      made === undefined ||
      !placePath.test(made.path)
    )
      continue;
    const content = wantedContent(made.body);
    counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return Object.fromEntries(
    [...counts].flatMap(([content, count]) => (count > 1 ? [[content, count - 1]] : [])),
  );
}

/** What an order was asked for, whatever became of it since; its tag apart. */
function wantedContent(body: string): string {
  const fields = lowerCaseFields(body);
  const written = (value: unknown): string =>
    typeof value === 'number' || typeof value === 'string' ? String(value) : '-';
  return [
    'accountId',
    'contractId',
    'type',
    'side',
    'size',
    'limitPrice',
    'stopPrice',
    'trailPrice',
  ]
    .map((name) => written(fields[name.toLowerCase()]))
    .join(' ');
}
