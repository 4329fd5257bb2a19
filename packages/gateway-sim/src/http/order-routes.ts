import type { Field } from '../binding/fields.ts';
import {
  decimal,
  enumeration,
  flag,
  instant,
  int32,
  int64,
  list,
  model,
  optional,
  text,
} from '../binding/fields.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { OrderRecord } from '../exchange/order-record.ts';
import { orderStatus } from '../exchange/order-record.ts';
import type { Refusal } from '../exchange/refusal.ts';
import { isRefusal } from '../exchange/refusal.ts';
import type { Instant } from '../instant.ts';
import { positionOf } from '../instant.ts';
import { orderRow } from '../rest-rows.ts';
import { positionAt } from '../timestamps.ts';
import { problem } from './problem-details.ts';
import type { Reply } from './reply.ts';
import { failure, success } from './reply.ts';
import type { RestRules, RouteParts } from './rest-rules.ts';
import { done, ofAccount } from './rest-replies.ts';
import type { Route, RouteContext } from './route.ts';
import { route } from './route.ts';

/** Page size of the newer order query (measured by one client). */
const largestPage = 100;

const leg = (typeName: string) =>
  optional(model(typeName, { ticks: int32, type: enumeration('OrderType') }));
const prices = {
  limitPrice: optional(decimal),
  stopPrice: optional(decimal),
  trailPrice: optional(decimal),
};
const placeBody = model('PlaceOrderRequest', {
  accountId: int32,
  contractId: text,
  type: enumeration('OrderType'),
  side: enumeration('OrderSide'),
  size: int32,
  ...prices,
  customTag: optional(text),
  stopLossBracket: leg('PlaceOrderBracket'),
  takeProfitBracket: leg('PlaceOrderBracket'),
});
const modifyBody = model('ModifyOrderRequest', {
  accountId: int32,
  orderId: int64,
  size: optional(int32),
  ...prices,
});
const byOrder = (typeName: string) => model(typeName, { accountId: int32, orderId: int64 });
const searchBody = model('SearchOrderRequest', {
  accountId: int32,
  startTimestamp: instant,
  endTimestamp: optional(instant),
});
const openBody = model('SearchOpenOrderRequest', { accountId: int32 });
const queryBody = model('QueryOrderRequest', {
  filter: model('QueryOrderFilter', {
    accountId: int32,
    statuses: optional(list(enumeration('OrderStatus'))),
    contractId: optional(text),
    createdAfter: optional(instant),
    createdBefore: optional(instant),
  }),
  pageSize: optional(int32),
  pageOffset: optional(int32),
  sortBy: optional(enumeration('OrderSortField')),
  sortDirection: optional(enumeration('SortDirection')),
  includeTotalCount: optional(flag),
});
type QueryBody = typeof queryBody extends Field<infer Body> ? Body : never;

export function orderRoutes({ exchange, rules }: RouteParts): Route[] {
  const row = (order: OrderRecord): object => orderRow(order, rules);
  const placed = (result: OrderRecord | Refusal): Reply =>
    isRefusal(result)
      ? failure(result.errorCode, result.errorMessage, { orderId: result.orderId })
      : success({ orderId: result.id });
  const routes = [
    route('Order/place', placeBody, rules, (body, { raw }) => placed(exchange.place(body, raw))),
    route('Order/modify', modifyBody, rules, (body, { raw }) => done(exchange.modify(body, raw))),
    route('Order/cancel', byOrder('CancelOrderRequest'), rules, ({ accountId, orderId }, { raw }) =>
      done(exchange.cancel(accountId, orderId, raw)),
    ),
    route('Order/search', searchBody, rules, ({ accountId, startTimestamp, endTimestamp }) =>
      ofAccount(exchange, accountId, 'orders', () =>
        ordersFrom(exchange.orders, accountId, startTimestamp, endTimestamp)
          .filter(({ status }) => status !== orderStatus.suspended)
          .map(row),
      ),
    ),
    route('Order/searchOpen', openBody, rules, ({ accountId }) =>
      ofAccount(exchange, accountId, 'orders', () => exchange.openOrders(accountId).map(row)),
    ),
  ];
  if (!rules.orderQuery) return routes;
  return [
    ...routes,
    route(
      'Order/searchById',
      byOrder('SearchOrderByIdRequest'),
      rules,
      ({ accountId, orderId }) => {
        const order = exchange.order(accountId, orderId);
        return order ? success({ order: row(order) }) : failure(1, null, { order: null });
      },
    ),
    route('Order/v2/query', queryBody, rules, (body, context) =>
      queryOrders(exchange, body, rules, context, row),
    ),
  ];
}

/** Offsets count rows, pages hold at most 100, and the contract filter does nothing: all three measured by one client in August 2026. */
function queryOrders(
  exchange: Exchange,
  body: QueryBody,
  rules: RestRules,
  { traceId }: RouteContext,
  row: (order: OrderRecord) => object,
): Reply {
  const { filter, pageSize, pageOffset, sortDirection, includeTotalCount } = body;
  const invalid = Object.entries(outOfRange(body)).flatMap(([name, isOut]) =>
    isOut ? [name] : [],
  );
  if (invalid.length > 0)
    return problem(
      400,
      traceId,
      Object.fromEntries(invalid.map((name) => [name, [`The field ${name} is invalid.`]])),
    );
  const rows = ordersFrom(
    exchange.orders,
    filter.accountId,
    filter.createdAfter,
    filter.createdBefore,
  ).filter(
    ({ status, contract }) =>
      filter.statuses?.includes(status) !== false &&
      (!rules.queryByContract ||
        filter.contractId === undefined ||
        filter.contractId === contract.id),
  );
  // Creation time and id grow together, so both sort keys give one order.
  if (sortDirection === 1) rows.reverse();
  const offset = pageOffset ?? 0;
  const page = rows.slice(offset, offset + Math.min(largestPage, pageSize ?? largestPage));
  return success({
    orders: page.map(row),
    ...(includeTotalCount === true && { totalCount: rows.length }),
  });
}

/** What the Swagger file's 400 of this operation alone may be for: numbers that the reference does not list. */
function outOfRange({
  filter,
  pageSize = 1,
  pageOffset = 0,
  sortBy = 0,
  sortDirection = 0,
}: QueryBody): Record<string, boolean> {
  return {
    'Filter.Statuses': filter.statuses?.some((status) => status < 0 || status > 8) === true,
    PageSize: pageSize < 1,
    PageOffset: pageOffset < 0,
    SortBy: sortBy !== 0 && sortBy !== 1,
    SortDirection: sortDirection !== 0 && sortDirection !== 1,
  };
}

/** Orders are kept in the order of creation, so the span begins by bisection and not by a walk over a day of them. */
function ordersFrom(
  orders: readonly OrderRecord[],
  accountId: number,
  first: Instant | undefined,
  last: Instant | undefined,
): OrderRecord[] {
  const from = first ? positionOf(first) : Number.NEGATIVE_INFINITY;
  const to = last ? positionOf(last) : Number.POSITIVE_INFINITY;
  let low = 0;
  let high = orders.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (positionAt(orders[middle]?.createdAt ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const found: OrderRecord[] = [];
  for (let index = low; index < orders.length; index += 1) {
    const order = orders[index];
    if (!order || positionAt(order.createdAt) > to) break;
    if (order.accountId === accountId) found.push(order);
  }
  return found;
}
