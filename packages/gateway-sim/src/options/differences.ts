/**
 * Ways in which the simulator can be told to be unlike the gateway, one by one: for tools that compare a gateway with what is known of it, and must notice. None is on by default.
 *
 * - `names-by-case`: fields of a body must have the case of the documentation
 * - `no-trailing-slash`: a path with a slash at its end is not found
 * - `any-content-type`: a body is read whatever it says it is
 * - `plain-problems`: a 400 names the field, and not as the framework does
 * - `trade-search-needs-start`: `Trade/search` without `startTimestamp` is a 400
 * - `local-times`: a time without a zone is one of the machine's
 * - `no-order-query`: `Order/v2/query` and `Order/searchById` are not found
 * - `opaque-tokens`: a token is no JWT, so that its end cannot be read
 * - `live-data`: `live: true` gives contracts and bars as `false` does
 * - `search-by-name`: `Contract/search` looks at names only
 * - `no-old-contracts`: `Contract/searchById` does not find what has expired
 * - `bars-oldest-first`: of `History/retrieveBars`
 * - `one-digit-years`: in `contractDisplayName`
 * - `sides-unchecked`: whatever is not side 0 sells
 * - `pending-resting-orders`: a resting order is told as 6 before it is told as 1
 * - `orders-before-trades`: a market order's end is told before its trades
 * - `update-at-fill`: a fill moves `updateTimestamp`
 * - `padded-hub-times`: hubs write seven decimals, zeros too
 * - `nulls-on-hubs`: hub rows print what is not set as null
 * - `hub-methods-by-case`: methods of hubs must have the case of the documentation
 */
export type GatewayDifference = (typeof gatewayDifferences)[number];

/** Every difference that can be switched on. */
export const gatewayDifferences = [
  'names-by-case',
  'no-trailing-slash',
  'any-content-type',
  'plain-problems',
  'trade-search-needs-start',
  'local-times',
  'no-order-query',
  'opaque-tokens',
  'live-data',
  'search-by-name',
  'no-old-contracts',
  'bars-oldest-first',
  'one-digit-years',
  'sides-unchecked',
  'pending-resting-orders',
  'orders-before-trades',
  'update-at-fill',
  'padded-hub-times',
  'nulls-on-hubs',
  'hub-methods-by-case',
] as const;
