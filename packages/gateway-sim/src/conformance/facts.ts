import type { Fields } from './gateway-http.ts';
import type { HubTap } from './hub-tap.ts';
import { tapHub } from './hub-tap.ts';
import type { Run } from './run.ts';

const dayMs = 86_400_000;

/** One-minute bars of the last days, as they came. */
export function minuteBars(run: Run): Promise<Fields[]> {
  return run.once('minute bars', () => bars(run, { unit: 2, unitNumber: 1, limit: 20, days: 5 }));
}

export function bars(
  { http, contract }: Run,
  {
    days,
    ...body
  }: {
    readonly unit: number;
    readonly unitNumber: number;
    readonly limit: number;
    readonly days: number;
  } & Fields,
): Promise<Fields[]> {
  const now = Date.now();
  return http.rows('History/retrieveBars', 'bars', {
    contractId: contract.id,
    live: false,
    startTime: new Date(now - days * dayMs).toISOString(),
    endTime: new Date(now).toISOString(),
    includePartialBar: false,
    ...body,
  });
}

/** The account's orders of the last 30 days. */
export function orderHistory(run: Run): Promise<Fields[]> {
  return run.once('order history', () =>
    run.http.rows('Order/search', 'orders', {
      accountId: run.accountId,
      startTimestamp: new Date(Date.now() - 30 * dayMs).toISOString(),
    }),
  );
}

/** The account's trades of the last 30 days. */
export function tradeHistory(run: Run): Promise<Fields[]> {
  return run.once('trade history', () =>
    run.http.rows('Trade/search', 'trades', {
      accountId: run.accountId,
      startTimestamp: new Date(Date.now() - 30 * dayMs).toISOString(),
    }),
  );
}

/** The market hub, subscribed to everything of the contract. `watchedMarket` ends it. */
export function marketHub(run: Run): Promise<HubTap> {
  return run.once('market hub', async () => {
    const tap = await tapHub(run.target.rtcUrl, 'market', run.http.token);
    for (const kind of ['Quotes', 'Trades', 'MarketDepth'])
      await tap.call(`SubscribeContract${kind}`, run.contract.id);
    return tap;
  });
}

/** The same once it has been watched for a while. */
export function watchedMarket(run: Run): Promise<HubTap> {
  return run.once('market watch', async () => {
    const tap = await marketHub(run);
    try {
      await run.pause(run.watchMs);
    } finally {
      // Open, it would keep the process after a run that was stopped.
      await tap.stop();
    }
    return tap;
  });
}

/** The user hub, subscribed to everything of the account. It stays open until the end of the run. */
export function userHub(run: Run): Promise<HubTap> {
  return run.once('user hub', async () => {
    const tap = await tapHub(run.target.rtcUrl, 'user', run.http.token);
    for (const [method, ...given] of [
      ['SubscribeAccounts'],
      ['SubscribeOrders', run.accountId],
      ['SubscribePositions', run.accountId],
      ['SubscribeTrades', run.accountId],
    ] as const) {
      const error = await tap.call(method, ...given);
      if (error === undefined) continue;
      await tap.stop();
      throw new Error(`${method}: ${error}`);
    }
    return tap;
  });
}

/** `a,b,c`, sorted: what a row has. */
export function fieldNames(row: Fields): string {
  return Object.keys(row).toSorted().join(',');
}

export function timeOf(row: Fields, name: string): number {
  return Date.parse(String(row[name]));
}
