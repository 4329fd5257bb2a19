import { afterEach, describe, expect, it } from 'vitest';
import type { RowOptions, RowWorld } from './row-world.ts';
import { market, orderIdOf, rowWorld } from './row-world.ts';

// What users of other clients met on their streams and with their tokens, by the threads or the code that tell of it.

let row: RowWorld;
afterEach(() => row.close());
async function start(options?: RowOptions): Promise<void> {
  row = await rowWorld('fast', options);
}
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);
const minuteMs = 60_000;
const tokenLifetimeMs = 20 * minuteMs;

const gaps = (): number => row.of('stream.gap').filter((event) => isOrders(event)).length;
const syncs = (): number => row.of('stream.synced').filter((event) => isOrders(event)).length;
function isOrders(event: unknown): boolean {
  return (
    typeof event === 'object' && event !== null && 'stream' in event && event.stream === 'orders'
  );
}
/** Waits for what is told, however fast the machine is. */
const synced = (count: number): Promise<unknown> =>
  row.world.until(() => syncs() >= count, 5 * minuteMs, 250);

/** An order that fills, while nothing can be read: that it is told can come by the stream alone. */
async function isToldByTheStream(): Promise<void> {
  const reads = [
    'Order/search',
    'Order/searchOpen',
    'Order/searchById',
    'Order/v2/query',
    'Trade/search',
    'Position/searchOpen',
  ];
  const ids = reads.map((endpoint) =>
    row.world.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } }),
  );
  const told = row.of('order.filled').length;
  const gapsBefore = gaps();
  orderIdOf(await during(row.broker.placeMarketOrder(market)));
  await row.world.until(() => row.of('order.filled').length === told + 1, 5_000, 50);
  expect(gaps()).toBe(gapsBefore);
  for (const id of ids) row.world.gateway.faults.remove(id);
}
/** Each fill of the venue's, once. */
function expectEachFillOnce(): void {
  const filled = row
    .orders()
    .filter(({ fillVolume }) => fillVolume > 0)
    .map(({ id }) => String(id));
  const told = row
    .of('order.filled')
    .map((event) =>
      typeof event === 'object' &&
      event !== null &&
      'order' in event &&
      typeof event.order === 'object' &&
      event.order !== null &&
      'orderId' in event.order
        ? String(event.order.orderId)
        : '',
    );
  expect([...told].toSorted()).toEqual([...filled].toSorted());
}

describe('a stream that looks healthy', () => {
  it.each([
    ['no event', ['GatewayUserOrder', 'GatewayUserTrade', 'GatewayUserPosition']],
    ['only the trade and the position', ['GatewayUserOrder']],
    ['only the position', ['GatewayUserOrder', 'GatewayUserTrade']],
  ] as const)(
    'Lean.TradeStation #101 and PR#95, IB #249, ccxt #19152 and #14121: a fill of which %s tells is known, though the stream goes on',
    async (_name, lost) => {
      await start();
      const placed = orderIdOf(
        await during(row.broker.placeLimitOrder({ ...market, limitPrice: 23_999 })),
      );
      await row.world.pass(2_000, 100);
      for (const event of lost)
        row.world.gateway.faults.add({ hub: 'user', event, fault: { kind: 'event-drop' } });
      for (let step = 0; step < 400; step += 1) row.world.gateway.stepPrices();
      expect(row.held()).toBe(1);
      await row.world.pass(300_000, 1_000);
      expect(await during(row.broker.getOrder({ orderId: placed }))).toMatchObject({
        status: 'filled',
      });
      expect(row.of('order.filled')).toHaveLength(1);
    },
  );
});

describe('reconnecting', () => {
  it('hunter547: a venue that is away longer than any list of delays is found again, and everything subscribed anew', async () => {
    await start();
    const prices = await during(
      row.broker.subscribe({ symbol: 'MNQ', channels: ['quotes'] }, () => undefined),
    );
    await row.world.until(() => prices.isLive, minuteMs);
    const away = row.world.gateway.faults.add({
      endpoint: 'hubs/*',
      fault: { kind: 'status', status: 503 },
    });
    row.world.gateway.dropHubs();
    await row.world.until(() => gaps() === 1 && !prices.isLive, minuteMs);
    await row.world.pass(10 * minuteMs);
    expect([syncs(), prices.isLive]).toEqual([1, false]);
    row.world.gateway.faults.remove(away);
    await synced(2);
    await row.world.until(() => prices.isLive, 5 * minuteMs, 250);
    await isToldByTheStream();
    expectEachFillOnce();
  });

  it('MarqSpec: a connection that comes back is subscribed, and not called live before that and before what it missed is read', async () => {
    await start();
    const placed = orderIdOf(
      await during(row.broker.placeLimitOrder({ ...market, limitPrice: 23_999 })),
    );
    const unread = row.world.gateway.faults.add({
      endpoint: 'Order/searchOpen',
      fault: { kind: 'status', status: 503 },
    });
    const older = row.world.gateway.faults.add({
      endpoint: 'Order/v2/query',
      fault: { kind: 'status', status: 503 },
    });
    const away = row.world.gateway.faults.add({
      endpoint: 'hubs/user',
      fault: { kind: 'status', status: 503 },
    });
    row.world.gateway.dropHubs('user');
    await row.world.until(() => gaps() === 1, minuteMs);
    for (let step = 0; step < 400; step += 1) row.world.gateway.stepPrices();
    expect(row.held()).toBe(1);
    row.world.gateway.faults.remove(away);
    await row.world.pass(minuteMs, 250);
    expect([syncs(), row.of('order.filled')]).toEqual([1, []]);
    row.world.gateway.faults.remove(unread);
    row.world.gateway.faults.remove(older);
    await synced(2);
    expect(row.of('order.filled')).toMatchObject([{ order: { orderId: placed } }]);
    await isToldByTheStream();
    expectEachFillOnce();
  });

  it('project-x-py #126, #127 and #128, ccxt pings: cut again and again, it comes back each time with its subscriptions', async () => {
    await start();
    for (let cut = 1; cut <= 17; cut += 1) {
      row.world.gateway.faults.add({
        endpoint: 'hubs/user',
        count: 1 + (cut % 4),
        fault: { kind: 'status', status: cut % 2 === 0 ? 401 : 503 },
      });
      row.world.gateway.dropHubs('user');
      await row.world.until(() => gaps() === cut, minuteMs);
      orderIdOf(await during(row.broker.placeMarketOrder(market)));
      await synced(cut + 1);
    }
    await isToldByTheStream();
    expect([row.held(), row.orders().length]).toEqual([18, 18]);
    expectEachFillOnce();
  });

  it('project-x-py #129: an account on which nothing happens is no dead stream', async () => {
    await start();
    await row.world.pass(30 * minuteMs, 1_000);
    expect([gaps(), syncs()]).toEqual([0, 1]);
    await isToldByTheStream();
  });
});

describe('tokens that end', () => {
  it('dotnet/aspnetcore #56109: a hub that says nothing any more when its token ends, and does not close, is left', async () => {
    await start({ gateway: { tokenLifetimeMs } });
    await row.world.pass(tokenLifetimeMs + minuteMs, 1_000);
    row.world.gateway.faults.add({ hub: 'user', count: 1, fault: { kind: 'hub-mute' } });
    const contractId = String((await during(row.broker.getContract('MNQ')))?.id);
    // An order of somebody else: its event is the last thing the hub would have said.
    await row.elsewhere('Order/place', { contractId, type: 2, side: 0, size: 1 });
    await synced(2);
    expect(gaps()).toBe(1);
    expect(await during(row.broker.getPositions())).toMatchObject([{ quantity: 1 }]);
    await isToldByTheStream();
  });

  it('dotnet/aspnetcore #56109: one that goes on to ping, and tells of no order any more, is left for one under the present token', async () => {
    await start({ gateway: { tokenLifetimeMs } });
    await row.world.pass(tokenLifetimeMs + minuteMs, 1_000);
    const dropped = row.world.gateway.faults.add({ hub: 'user', fault: { kind: 'event-drop' } });
    orderIdOf(await during(row.broker.placeMarketOrder(market)));
    await row.world.until(() => gaps() === 1, 2 * minuteMs);
    row.world.gateway.faults.remove(dropped);
    await synced(2);
    expect(row.of('order.filled')).toHaveLength(1);
    await isToldByTheStream();
    expectEachFillOnce();
  });

  it('dxfeed #63: a bot that runs on over the ends of its tokens is not started anew, and its subscriptions live', async () => {
    await start({ gateway: { tokenLifetimeMs } });
    const logins = row.requests('Auth/loginKey');
    const prices = await during(
      row.broker.subscribe({ symbol: 'MNQ', channels: ['quotes'] }, () => undefined),
    );
    await row.world.until(() => prices.isLive, minuteMs);
    for (let life = 1; life <= 3; life += 1) {
      await row.world.pass(tokenLifetimeMs, 1_000);
      await isToldByTheStream();
    }
    expect(row.requests('Auth/loginKey')).toBe(logins);
    expect(row.requests('Auth/validate')).toBeGreaterThanOrEqual(3);
    expect([gaps(), row.of('session.failed')]).toEqual([0, []]);
    expectEachFillOnce();
  });

  it.each(['logout-event', 'closed'] as const)(
    'dxfeed #63: where the venue ends hubs with their tokens (%s), they are back under new ones',
    async (hubTokenEnd) => {
      await start({ gateway: { tokenLifetimeMs, hubTokenEnd } });
      await row.world.pass(3 * tokenLifetimeMs, 1_000);
      expect(gaps()).toBeGreaterThan(1);
      await row.world.until(() => syncs() === gaps() + 1, minuteMs, 250);
      await isToldByTheStream();
      expect(row.of('session.failed')).toEqual([]);
    },
  );

  it('project-x-py #124: a token that is renewed while the hub connects holds up neither the hub nor the orders', async () => {
    await start();
    const logins = row.requests('Auth/loginKey');
    row.world.gateway.faults.add({
      endpoint: 'Auth/loginKey',
      count: 1,
      fault: { kind: 'stall', at: 'before-accepting', forMs: 500 },
    });
    row.world.gateway.revokeTokens();
    row.world.gateway.dropHubs('user');
    const orders = await during(
      Promise.all(Array.from({ length: 4 }, () => row.broker.placeMarketOrder(market))),
    );
    expect(orders.map(({ kind }) => kind)).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'accepted',
    ]);
    await synced(2);
    expect([row.requests('Auth/loginKey'), row.orders().length]).toEqual([logins + 1, 4]);
    await isToldByTheStream();
    expectEachFillOnce();
  });
});
