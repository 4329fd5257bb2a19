import * as z from 'zod';
import type { Exchange } from '../exchange/exchange.ts';
import type { OrderRecord } from '../exchange/order-record.ts';
import { orderStatus } from '../exchange/order-record.ts';
import type { Refusal } from '../exchange/refusal.ts';
import { isRefusal } from '../exchange/refusal.ts';
import type { ContractList } from '../instruments/contract-list.ts';
import { accountRow, contractRow, orderRow, positionRow, tradeRow } from '../rest-rows.ts';
import type { AuthParts } from './auth-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { doesNotBind } from './problem-details.ts';
import type { Reply } from './reply.ts';
import { failure, success } from './reply.ts';
import type { Route, RouteContext } from './route.ts';
import { route } from './route.ts';

const int = z.int();
const optionalPrice = z.number().nullish();
const instant = z.string().transform((text, context) => {
  const milliseconds = Date.parse(text);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  context.addIssue({ code: 'custom', message: 'The value is not a date and time.' });
  return z.NEVER;
});
const bySpan = z.object({ accountId: int, startTimestamp: instant, endTimestamp: instant.nullish() });
const byOrder = z.object({ accountId: int, orderId: int });
const bracketLeg = z.object({ ticks: int, type: int }).nullish();
const byAccount = z.object({ accountId: int });
/** Most rows of a contract search (ProjectX documentation). */
const searchLimit = 20;
/** Page size of the newer order query (measured by one client). */
const largestPage = 100;

export interface RouteParts {
  readonly exchange: Exchange;
  readonly contracts: ContractList;
  readonly auth: AuthParts;
}

/** The REST side's operations, in the order of the reference. */
export function createRoutes(parts: RouteParts): Route[] {
  return [...authRoutes(parts.auth), ...accountAndContractRoutes(parts), ...orderRoutes(parts), ...positionRoutes(parts)];
}

function define<Body>(path: string, schema: z.ZodType<Body>, handle: (body: Body, context: RouteContext) => Reply): Route {
  return route(path, schema, handle, doesNotBind);
}

function accountAndContractRoutes({ exchange, contracts }: RouteParts): Route[] {
  const live = z.boolean();
  return [
    define('Account/search', z.object({ onlyActiveAccounts: z.boolean() }), () => success({ accounts: [...exchange.accounts.values()].map(accountRow) })),
    define('Contract/search', z.object({ searchText: z.string().nullish(), live }), ({ searchText }) => {
      const text = (searchText ?? '').toUpperCase();
      return success({ contracts: contracts.active().filter(({ name }) => name.toUpperCase().includes(text)).slice(0, searchLimit).map(contractRow) });
    }),
    define('Contract/searchById', z.object({ contractId: z.string() }), ({ contractId }) => {
      const contract = contracts.byId(contractId);
      return contract ? success({ contract: contractRow(contract) }) : failure(1, null, { contract: null });
    }),
    define('Contract/available', z.object({ live }), () => success({ contracts: contracts.active().map(contractRow) })),
  ];
}

function orderRoutes({ exchange }: RouteParts): Route[] {
  const placed = (result: OrderRecord | Refusal): Reply =>
    isRefusal(result) ? failure(result.errorCode, result.errorMessage, { orderId: result.orderId }) : success({ orderId: result.id });
  const prices = { limitPrice: optionalPrice, stopPrice: optionalPrice, trailPrice: optionalPrice };
  return [
    define('Order/place', z.object({ accountId: int, contractId: z.string(), type: int, side: int, size: int, ...prices, customTag: z.string().nullish(), stopLossBracket: bracketLeg, takeProfitBracket: bracketLeg }), (body, { raw }) =>
      placed(exchange.place(body, raw)),
    ),
    define('Order/modify', z.object({ accountId: int, orderId: int, size: int.nullish(), ...prices }), (body, { raw }) => done(exchange.modify(body, raw))),
    define('Order/cancel', byOrder, ({ accountId, orderId }, { raw }) => done(exchange.cancel(accountId, orderId, raw))),
    define('Order/search', bySpan, ({ accountId, startTimestamp, endTimestamp }) =>
      ofAccount(exchange, accountId, 'orders', () => ordersFrom(exchange.orders, accountId, startTimestamp, endTimestamp ?? Infinity).filter(({ status }) => status !== orderStatus.suspended).map((order) => orderRow(order))),
    ),
    define('Order/searchOpen', byAccount, ({ accountId }) =>
      ofAccount(exchange, accountId, 'orders', () => exchange.openOrders(accountId).map((order) => orderRow(order))),
    ),
    define('Order/searchById', byOrder, ({ accountId, orderId }) => {
      const order = exchange.order(accountId, orderId);
      return order ? success({ order: orderRow(order) }) : failure(1, null, { order: null });
    }),
    define('Order/v2/query', querySchema, (body) => queryOrders(exchange, body)),
  ];
}

const querySchema = z.object({
  filter: z.object({ accountId: int, statuses: z.array(int).nullish(), contractId: z.string().nullish(), createdAfter: instant.nullish(), createdBefore: instant.nullish() }),
  pageSize: int.nullish(),
  pageOffset: int.nullish(),
  sortBy: int.nullish(),
  sortDirection: int.nullish(),
  includeTotalCount: z.boolean().nullish(),
});

/** Offsets count rows, pages hold at most 100, and the contract filter does nothing: all three measured by one client in August 2026. */
function queryOrders(exchange: Exchange, { filter, pageSize, pageOffset, sortDirection, includeTotalCount }: z.output<typeof querySchema>): Reply {
  const rows = ordersFrom(exchange.orders, filter.accountId, filter.createdAfter ?? -Infinity, filter.createdBefore ?? Infinity).filter(
    ({ status }) => filter.statuses == null || filter.statuses.includes(status),
  );
  // Creation time and id grow together, so both sort keys give one order.
  if (sortDirection === 1) rows.reverse();
  const offset = Math.max(0, pageOffset ?? 0);
  const page = rows.slice(offset, offset + Math.min(largestPage, pageSize ?? largestPage));
  return success({ orders: page.map((order) => orderRow(order)), ...(includeTotalCount === true && { totalCount: rows.length }) });
}

function positionRoutes({ exchange }: RouteParts): Route[] {
  const byContract = z.object({ accountId: int, contractId: z.string() });
  return [
    define('Position/searchOpen', byAccount, ({ accountId }) =>
      ofAccount(exchange, accountId, 'positions', (book) => [...book.positions.values()].map((position) => positionRow(accountId, position))),
    ),
    define('Position/closeContract', byContract, ({ accountId, contractId }, { raw }) => done(exchange.close(accountId, contractId, undefined, raw))),
    define('Position/partialCloseContract', byContract.extend({ size: int }), ({ accountId, contractId, size }, { raw }) => done(exchange.close(accountId, contractId, size, raw))),
    define('Trade/search', bySpan, ({ accountId, startTimestamp, endTimestamp }) =>
      ofAccount(exchange, accountId, 'trades', (book) =>
        book.fills
          .filter(({ at }) => at >= startTimestamp && at <= (endTimestamp ?? Infinity))
          .toReversed()
          .map((fill) => tradeRow(fill)),
      ),
    ),
  ];
}

function done(result: OrderRecord | Refusal): Reply {
  return isRefusal(result) ? failure(result.errorCode, result.errorMessage) : success();
}

function ofAccount(exchange: Exchange, accountId: number, list: string, rows: (book: NonNullable<ReturnType<Exchange['accounts']['get']>>) => object[]): Reply {
  const book = exchange.accounts.get(accountId);
  return book ? success({ [list]: rows(book) }) : failure(1, null, { [list]: [] });
}

/** Orders are kept in the order of creation, so the span begins by bisection and not by a walk over a day of them. */
function ordersFrom(orders: readonly OrderRecord[], accountId: number, from: number, to: number): OrderRecord[] {
  let low = 0;
  let high = orders.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((orders[middle]?.createdAt ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const found: OrderRecord[] = [];
  for (let index = low; index < orders.length; index += 1) {
    const order = orders[index];
    if (!order || order.createdAt > to) break;
    if (order.accountId === accountId) found.push(order);
  }
  return found;
}
