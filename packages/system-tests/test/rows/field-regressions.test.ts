import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournal } from '@hotpath/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Key, RowOptions, RowWorld } from './row-world.ts';
import { endOf, executors, market, orderIdOf, resting, rowWorld } from './row-world.ts';

// What users of other clients met, by the threads in which they told of it. Each test plays the story and shows that it ends otherwise.

let row: RowWorld;
afterEach(() => row.close());
async function start(first: Key, options?: RowOptions): Promise<void> {
  row = await rowWorld(first, options);
}
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);

describe.each(executors)('over %s first', (first) => {
  it('ccxt #2599, catalyst #315 and #317, hummingbot #493, nautilus #4215: a timeout tried again leaves one order', async () => {
    await start(first, { stream: false });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'stall', at: 'after-accepting' },
    });
    const request = { ...market, clientOrderId: 'entry-1' } as const;
    const outcome = await during(row.broker.placeMarketOrder(request));
    expect(outcome.kind).not.toBe('not-sent');
    await during(row.broker.placeMarketOrder(request));
    expect(await during(endOf(outcome))).toMatchObject({ kind: 'accepted' });
    expect(row.orders()).toHaveLength(1);
    expect(row.held()).toBe(1);
  });

  it('OpenAlice #91, trading-signals #1178, Lean #9292: a 5xx after the order was taken is not answered with another one', async () => {
    await start(first, { stream: false });
    for (const status of [500, 502, 503, 504])
      row.world.gateway.faults.add({
        endpoint: 'Order/place',
        count: 1,
        fault: { kind: 'status', status, at: 'after-accepting' },
      });
    for (let count = 1; count <= 4; count += 1) {
      expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
        kind: 'accepted',
        recovered: true,
        deliveries: 1,
      });
      expect(row.held()).toBe(count);
    }
  });

  it('project-x-py #85 and #100, hummingbot #2342, #6901 and gateway #240, nautilus #4152 and #4958: no order is called failed and fills', async () => {
    await start(first, { stream: false });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 900, answer: 'reset' },
    });
    const outcome = await during(row.broker.placeMarketOrder({ ...market, deadlineMs: 200 }));
    expect(['accepted', 'unknown']).toContain(outcome.kind);
    expect(await during(endOf(outcome))).toMatchObject({ kind: 'accepted', recovered: true });
    expect(row.held()).toBe(1);
  });

  it('Lean.TradeStation #101, IB #249, project-x-py #100: a fill whose event was lost is known after the next look', async () => {
    await start(first);
    const placed = orderIdOf(
      await during(row.broker.placeLimitOrder({ ...market, limitPrice: 23_999 })),
    );
    row.world.gateway.faults.add({ endpoint: 'hubs/user', fault: { kind: 'status', status: 503 } });
    row.world.gateway.dropHubs('user');
    await row.world.pass(2_000, 100);
    for (let step = 0; step < 400; step += 1) row.world.gateway.stepPrices();
    expect(await during(row.broker.getOrder({ orderId: placed }))).toMatchObject({
      status: 'filled',
    });
  });

  it('project-x-py #124: many calls with an expired token renew it once, and none waits for another', async () => {
    await start(first);
    row.world.gateway.revokeTokens();
    const logins = row.requests('Auth/loginKey');
    const all = await during(
      Promise.all(Array.from({ length: 8 }, () => row.broker.placeMarketOrder(market))),
    );
    expect(all.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => 'accepted'));
    expect(row.requests('Auth/loginKey')).toBe(logins + 1);
    expect(row.orders()).toHaveLength(8);
  });

  it('project-x-py #93, nautilus #4564, Lean IB #248, TradeStation #84: a cancel that comes behind the fill says so', async () => {
    await start(first);
    const placed = orderIdOf(
      await during(row.broker.placeLimitOrder({ ...market, limitPrice: 30_000 })),
    );
    expect(await during(row.broker.cancelOrder({ orderId: placed }))).toMatchObject({
      kind: 'accepted',
      became: 'filled',
      filledQuantity: 1,
      remainingQuantity: 0,
    });
    expect(
      await during(row.broker.modifyOrder({ orderId: placed, limitPrice: 20_000 })),
    ).toMatchObject({ kind: 'rejected', code: 'ALREADY_FINAL' });
  });

  it('hummingbot #2534, #2514 and #2497, go-trader #1462, freqtrade #1607 and #3210: after the kill switch nothing rests and nothing is held', async () => {
    await start(first);
    await during(
      row.broker.placeMarketOrder({
        ...market,
        quantity: 3,
        bracket: { stopLossTicks: 40, takeProfitTicks: 60 },
      }),
    );
    await during(row.broker.placeLimitOrder(resting));
    row.world.gateway.faults.add({
      endpoint: 'Order/cancel',
      nth: 1,
      fault: { kind: 'status', status: 502 },
    });
    row.world.gateway.faults.add({
      endpoint: 'Position/closeContract',
      nth: 1,
      fault: { kind: 'status', status: 500, at: 'after-accepting' },
    });
    expect(await during(row.broker.halt())).toMatchObject({ complete: true });
    expect(row.held()).toBe(0);
    expect(row.orders().filter(({ status }) => [1, 6, 8].includes(status))).toEqual([]);
  });

  it('nautilus #3176, lumibot #395: ids of a bot that starts again are not those of before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regressions-'));
    try {
      const path = join(folder, 'orders.journal');
      await start(first, { broker: { journal: fileJournal(path) } });
      await during(row.broker.placeLimitOrder(resting));
      await during(row.broker.close());
      const broker = await row.connect({ journal: fileJournal(path) });
      expect(await during(broker.placeLimitOrder(resting))).toMatchObject({ kind: 'accepted' });
      expect(new Set(row.orders().map(({ customTag }) => customTag)).size).toBe(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('Lean #4325, nautilus external claims: an order of somebody else is shown as such, and left alone', async () => {
    await start(first);
    const contractId = String((await during(row.broker.getContract('MNQ')))?.id);
    await row.elsewhere('Order/place', {
      contractId,
      type: 1,
      side: 0,
      size: 1,
      limitPrice: 19_000,
    });
    await row.until(() => row.orders().length === 1, 1_000);
    await row.world.pass(2_000, 100);
    expect(await during(row.broker.getOpenOrders())).toMatchObject([
      { foreign: true, limitPrice: 19_000 },
    ]);
    expect(await during(row.broker.cancelAllOrders())).toMatchObject({ complete: true });
    expect(row.orders()).toMatchObject([{ status: 1 }]);
  });
});
