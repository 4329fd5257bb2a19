import type { Check, Seen } from './check.ts';
import { notSeen } from './check.ts';
import { fieldNames, orderHistory, timeOf, tradeHistory } from './facts.ts';
import type { Fields, HttpAnswer } from './gateway-http.ts';
import { isFields } from './gateway-http.ts';
import type { Run } from './run.ts';

const noOrders = 'no such orders in the last 30 days';
const noTrades = 'no such trades in the last 30 days';
const status = { open: 1, filled: 2, suspended: 8 } as const;
const type = { limit: 1, market: 2, stopLimit: 3, stop: 4 } as const;
const codeOf = ({ status: http, fields }: HttpAnswer): string =>
  http === 200 ? `code ${String(fields['errorCode'])}` : String(http);

/** Orders, positions and trades as they are read. What nobody has done on the account can't be seen. */
export const bookChecks: readonly Check[] = [
  {
    name: 'account-unknown',
    part: 'read',
    asks: 'open orders of an account that is none',
    expected: 'code 1, list empty',
    mark: 'O',
    look: unknownAccount,
  },
  {
    name: 'order-unknown',
    part: 'read',
    asks: 'searchById of an order that is none',
    expected: 'code 1, order null',
    mark: 'O',
    look: unknownOrder,
  },
  {
    name: 'query-there',
    part: 'read',
    asks: 'Order/v2/query',
    expected: 'there',
    mark: 'O',
    look: async (run) => ((await query(run, {})).status === 404 ? 'not there' : 'there'),
  },
  {
    name: 'query-no-filter',
    part: 'read',
    asks: 'Order/v2/query without its filter',
    expected: '400',
    mark: 'O',
    look: async ({ http }) => String((await http.post('Order/v2/query', { pageSize: 1 })).status),
  },
  {
    name: 'query-count',
    part: 'read',
    asks: 'totalCount when it is asked for',
    expected: 'there',
    mark: 'O',
    look: async (run) =>
      typeof (await query(run, { includeTotalCount: true })).fields['totalCount'] === 'number'
        ? 'there'
        : 'not there',
  },
  {
    name: 'query-page',
    part: 'read',
    asks: 'most rows of a page',
    expected: '100',
    mark: '1',
    look: largestPage,
  },
  {
    name: 'query-offset',
    part: 'read',
    asks: 'what pageOffset counts',
    expected: 'rows',
    mark: '1',
    look: pageOffset,
  },
  {
    name: 'query-contract',
    part: 'read',
    asks: 'the contract filter',
    expected: 'has no effect',
    mark: '1',
    look: contractFilter,
  },
  {
    name: 'search-year',
    part: 'read',
    asks: 'Order/search over a year',
    expected: 'taken',
    mark: '?',
    look: (run) => overYear(run, 'Order/search'),
  },
  {
    name: 'search-order-rows',
    part: 'read',
    asks: 'order of Order/search',
    expected: 'oldest first',
    mark: 'L',
    look: async (run) => inOrder(await orderHistory(run), noOrders),
  },
  {
    name: 'search-suspended',
    part: 'read',
    asks: 'suspended orders in Order/search',
    expected: 'none',
    mark: 'L',
    look: suspended,
  },
  {
    name: 'order-nulls',
    part: 'read',
    asks: 'a price that an order has not',
    expected: 'null',
    mark: 'O',
    look: nulls,
  },
  {
    name: 'order-statuses',
    part: 'read',
    asks: 'statuses 0, 4 and 7 in the history',
    expected: 'none',
    mark: '?',
    look: async (run) => rare(await orderHistory(run), 'status', [0, 4, 7]),
  },
  {
    name: 'order-types',
    part: 'read',
    asks: 'type 3, StopLimit, in the history',
    expected: 'none',
    mark: '?',
    look: async (run) => rare(await orderHistory(run), 'type', [type.stopLimit]),
  },
  {
    name: 'order-links',
    part: 'read',
    asks: "a leg's row names its entry",
    expected: 'named',
    mark: 'L',
    look: legLinks,
  },
  {
    name: 'time-market',
    part: 'read',
    asks: 'updateTimestamp of a filled market order',
    expected: 'its creation',
    mark: 'L',
    look: async (run) => updated(run, (row) => row['type'] === type.market),
  },
  {
    name: 'time-resting',
    part: 'read',
    asks: 'updateTimestamp of a filled limit or stop',
    expected: 'before its fill',
    mark: 'L',
    look: async (run) =>
      updated(run, (row) => row['type'] === type.limit || row['type'] === type.stop),
  },
  {
    name: 'trades-no-start',
    part: 'read',
    asks: 'Trade/search without a start',
    expected: '200',
    mark: '1',
    look: async ({ http, accountId }) =>
      String((await http.post('Trade/search', { accountId })).status),
  },
  {
    name: 'trades-year',
    part: 'read',
    asks: 'Trade/search over a year',
    expected: 'taken',
    mark: '?',
    look: (run) => overYear(run, 'Trade/search'),
  },
  {
    name: 'trades-order',
    part: 'read',
    asks: 'order of Trade/search',
    expected: 'newest first',
    mark: 'L',
    look: async (run) => inOrder(await tradeHistory(run), noTrades),
  },
  {
    name: 'trade-fields',
    part: 'read',
    asks: 'fields of a trade',
    expected:
      'accountId,commissions,contractId,creationTimestamp,fees,id,orderId,price,profitAndLoss,side,size,voided',
    mark: 'O',
    look: async (run) => firstNames(await tradeHistory(run)),
  },
  {
    name: 'trade-commissions',
    part: 'read',
    asks: 'commissions on REST, beside fees',
    expected: 'both',
    mark: '?',
    look: commissions,
  },
  {
    name: 'position-name',
    part: 'read',
    asks: 'years in contractDisplayName',
    expected: 'two digits',
    mark: 'L',
    look: displayName,
  },
];

function query(run: Run, body: Fields): Promise<HttpAnswer> {
  return run.once(`query ${JSON.stringify(body)}`, () =>
    run.http.post('Order/v2/query', { filter: { accountId: run.accountId }, pageSize: 1, ...body }),
  );
}

function rowsOf({ fields }: HttpAnswer): Fields[] {
  return Array.isArray(fields['orders']) ? fields['orders'].filter(isFields) : [];
}

async function unknownAccount({ http }: Run): Promise<Seen> {
  const answer = await http.post('Order/searchOpen', { accountId: 1 });
  const list = answer.fields['orders'];
  return `${codeOf(answer)}, list ${Array.isArray(list) ? 'empty' : list === null ? 'null' : 'left out'}`;
}

async function unknownOrder({ http, accountId }: Run): Promise<Seen> {
  const answer = await http.post('Order/searchById', { accountId, orderId: 1 });
  return answer.status === 200
    ? `${codeOf(answer)}, order ${answer.fields['order'] === null ? 'null' : typeof answer.fields['order']}`
    : codeOf(answer);
}

async function largestPage(run: Run): Promise<Seen> {
  const rows = rowsOf(await query(run, { pageSize: 500 })).length;
  return rows < 100 ? notSeen('fewer than 100 orders') : String(rows);
}

async function pageOffset(run: Run): Promise<Seen> {
  const both = rowsOf(await query(run, { pageSize: 2 }));
  if (both.length < 2) return notSeen('fewer than two orders');
  const [next] = rowsOf(await query(run, { pageSize: 2, pageOffset: 1 }));
  return next?.['id'] === both[1]?.['id'] ? 'rows' : 'pages';
}

async function contractFilter(run: Run): Promise<Seen> {
  const count = (await query(run, { includeTotalCount: true })).fields['totalCount'];
  if (typeof count !== 'number' || count === 0) return notSeen('no orders');
  // None of the account's own.
  const filtered = (
    await query(run, {
      filter: { accountId: run.accountId, contractId: 'CON.F.US.NONE.Z26' },
      includeTotalCount: true,
    })
  ).fields['totalCount'];
  return filtered === count ? 'has no effect' : 'filters';
}

async function overYear({ http, accountId }: Run, path: string): Promise<Seen> {
  const answer = await http.post(path, {
    accountId,
    startTimestamp: new Date(Date.now() - 365 * 86_400_000).toISOString(),
  });
  return answer.status === 200 && answer.fields['success'] === true ? 'taken' : codeOf(answer);
}

function inOrder(rows: readonly Fields[], none: string): Seen {
  const times = rows.map((row) => timeOf(row, 'creationTimestamp'));
  if (new Set(times).size < 2) return notSeen(none);
  if (times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0)))
    return 'oldest first';
  return times.every((time, index) => index === 0 || time <= (times[index - 1] ?? 0))
    ? 'newest first'
    : 'in no order';
}

async function suspended(run: Run): Promise<Seen> {
  // Only where the newer query shows one there is anything to leave out.
  const waiting = rowsOf(
    await query(run, { filter: { accountId: run.accountId, statuses: [status.suspended] } }),
  );
  const shown = (await orderHistory(run)).some((row) => row['status'] === status.suspended);
  if (shown) return 'some';
  return waiting.length > 0 ? 'none' : notSeen('no order is suspended now');
}

async function nulls(run: Run): Promise<Seen> {
  const row = (await orderHistory(run)).find(
    (each) => each['type'] === type.market || each['type'] === type.limit,
  );
  if (!row) return notSeen(noOrders);
  return row['stopPrice'] === null
    ? 'null'
    : 'stopPrice' in row
      ? typeof row['stopPrice']
      : 'left out';
}

function rare(rows: readonly Fields[], field: string, values: readonly number[]): Seen {
  if (rows.length === 0) return notSeen(noOrders);
  const there = values.filter((value) => rows.some((row) => row[field] === value));
  return there.length === 0 ? 'none' : there.join(', ');
}

async function legLinks(run: Run): Promise<Seen> {
  const leg = (await orderHistory(run)).find(({ customTag }) =>
    /-(?:SL|TP)$/.test(String(customTag)),
  );
  if (!leg) return notSeen(noOrders);
  return typeof leg['parentOrderId'] === 'number' ? 'named' : 'not named';
}

async function updated(run: Run, wanted: (row: Fields) => boolean): Promise<Seen> {
  const filledAt = new Map(
    (await tradeHistory(run)).map((trade) => [
      trade['orderId'],
      timeOf(trade, 'creationTimestamp'),
    ]),
  );
  // One that rested: what fills in the moment of its creation shows nothing.
  const row = (await orderHistory(run)).find(
    (each) =>
      each['status'] === status.filled &&
      wanted(each) &&
      (each['type'] === type.market ||
        (filledAt.get(each['id']) ?? 0) - timeOf(each, 'creationTimestamp') > 100),
  );
  const filled = row && filledAt.get(row['id']);
  if (!row || filled === undefined) return notSeen(noOrders);
  const update = timeOf(row, 'updateTimestamp');
  if (row['type'] === type.market)
    return update === timeOf(row, 'creationTimestamp') ? 'its creation' : 'later';
  return update < filled ? 'before its fill' : 'its fill, or later';
}

function firstNames(rows: readonly Fields[]): Seen {
  const [row] = rows;
  return row ? fieldNames(row) : notSeen(noTrades);
}

async function commissions(run: Run): Promise<Seen> {
  const [row] = await tradeHistory(run);
  if (!row) return notSeen(noTrades);
  return typeof row['commissions'] === 'number' ? 'both' : 'fees alone';
}

async function displayName({ http, accountId }: Run): Promise<Seen> {
  const [row] = await http.rows('Position/searchOpen', 'positions', { accountId });
  const name = row?.['contractDisplayName'];
  if (typeof name !== 'string')
    return notSeen(row ? 'the position has no such name' : 'no position is open');
  return /\d\d$/.test(name) ? 'two digits' : 'one digit';
}
