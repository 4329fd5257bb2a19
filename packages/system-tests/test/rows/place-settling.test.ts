import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx } from '@hotpath/adapter-topstepx';
import { fileJournal } from '@hotpath/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mortalBroker } from '../../src/world/mortal-broker.ts';
import type { Key, RowOptions, RowWorld } from './row-world.ts';
import { executors, market, orderIdOf, rowWorld, times, shortEntry } from './row-world.ts';

let row: RowWorld;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'rows-'))));
afterEach(async () => {
  await row.close();
  rmSync(folder, { recursive: true });
});
async function start(first: Key, options?: RowOptions): Promise<void> {
  row = await rowWorld(first, options);
}
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);

describe.each(executors)('over %s first: evidence before the answer', (first) => {
  it('P21 an event of the order settles it before the answer does', async () => {
    await start(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'stall', at: 'after-accepting', forMs: 900 },
    });
    const outcome = await during(row.broker.placeLimitOrder(shortEntry));
    expect(outcome).toMatchObject({ kind: 'accepted', orderId: String(row.orders()[0]?.id) });
    expect(outcome.timings.settled).toBeLessThan(500);
    await row.world.pass(2_000, 100);
    expect(row.of('order.contradicted')).toEqual([]);
  });

  it('P21 an event of the order settles it before the answer does: also as refused', async () => {
    await start(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'stall', at: 'after-accepting', forMs: 900 },
    });
    const refused = await during(
      row.broker.placeOrder({
        ...market,
        type: 'stop',
        stopPrice: 20_000,
        clientOrderId: 'entry-1',
      }),
    );
    expect(refused).toMatchObject({ kind: 'rejected', code: 'ORDER_REJECTED' });
    expect(refused.timings.settled).toBeLessThan(900);
  });

  it('P21 an event of the order settles it before the answer does: as refused too where the clock of the bot is ahead', async () => {
    await start(first, {
      gateway: { accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'position' }] },
    });
    await row.world.pass(2_000, 100);
    row.world.clock.setWall(row.world.clock.now() + 50_000);
    await row.world.pass(2_000, 100);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-accepting' },
    });
    const refused = await during(
      row.broker.placeLimitOrder({ ...shortEntry, bracket: { stopLossTicks: 20 } }),
    );
    expect(
      refused.kind === 'unknown' && !refused.final ? await during(refused.resolved) : refused,
    ).toMatchObject({ kind: 'rejected', code: 'ORDER_REJECTED' });
  });
});

describe.each(executors)('over %s first: one id, one intent', (first) => {
  it('P22 two calls with one client order id are one order', async () => {
    await start(first);
    const [one, other] = await during(
      Promise.all([
        row.broker.placeLimitOrder(shortEntry),
        row.broker.placeLimitOrder({ ...shortEntry, clientOrderId: 'ENTRY-1' }),
      ]),
    );
    expect(one).toMatchObject({ kind: 'accepted', deliveries: 1 });
    expect(other).toBe(one);
    expect(row.requests('Order/place')).toBe(1);
  });

  it('P23 one client order id with other content is not sent', async () => {
    await start(first);
    const one = row.broker.placeLimitOrder(shortEntry);
    expect(await during(row.broker.placeLimitOrder({ ...shortEntry, quantity: 2 }))).toMatchObject({
      kind: 'not-sent',
      code: 'CLIENT_ORDER_ID_IN_USE',
      field: 'clientOrderId',
    });
    expect(await during(one)).toMatchObject({ kind: 'accepted' });
    expect(await during(row.broker.placeLimitOrder({ ...shortEntry, quantity: 2 }))).toMatchObject({
      kind: 'not-sent',
      code: 'CLIENT_ORDER_ID_IN_USE',
      existing: { kind: 'accepted' },
    });
    expect(row.orders()).toHaveLength(1);
  });
});

describe.each(executors)('over %s first: over the end of a process', (first) => {
  const routing = {
    version: 1,
    salt: 'rows',
    default: { fast: first === 'fast' ? 100 : 0, fallback: first === 'fast' ? 0 : 100 },
  } as const;

  it.each([
    ['before the write', 'unknown'],
    ['after the write', 'accepted'],
  ])(
    'P24 killed after the journal line, the order is looked for at the next start: %s',
    async (when, end) => {
      await start(first, { stream: false });
      const journal = (): ReturnType<typeof fileJournal> =>
        fileJournal(join(folder, 'orders.journal'));
      const adapter = topstepx({
        userName: 'demo',
        apiKey: 'demo-key',
        account: 'PRAC-V2-1001',
        baseUrl: row.proxy.url,
        rateLimit: 'off',
      });
      const mortal = await mortalBroker(row.world, {
        ...times,
        routing,
        adapter,
        journal: journal(),
        dieAt: (name) => when === 'before the write' && name === 'after intent place',
      });
      row.world.gateway.faults.add({
        endpoint: 'Order/place',
        nth: 1,
        fault: { kind: 'stall', at: 'after-accepting' },
      });
      const away = ['Order/search', 'Order/searchOpen', 'Order/v2/query'].map((endpoint) =>
        row.world.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } }),
      );
      void mortal.broker.placeLimitOrder(shortEntry).catch(() => undefined);
      if (when === 'before the write') await row.until(() => mortal.isDead, 5_000);
      else await row.until(() => row.orders().length > 0, 5_000);
      mortal.kill();
      await row.world.pass(200, 50);
      // The venue can still not be asked: the start does not hang, nothing enters, and getting out goes on.
      const recovered: unknown[] = [];
      const broker = await row.connect({ journal: journal() }, {}, (made) =>
        made.on('broker.recovered', (event) => void recovered.push(event)),
      );
      expect(await during(broker.placeMarketOrder(market))).toMatchObject({
        kind: 'not-sent',
        code: 'RECOVERING',
      });
      expect(await during(broker.closePosition({ symbol: 'MNQ' }))).toMatchObject({
        kind: 'accepted',
        became: 'already-flat',
      });
      for (const id of away) row.world.gateway.faults.remove(id);
      await during(broker.whenRecovered());
      await row.until(() => {
        const outcome = broker.getIntent('entry-1')?.outcome;
        return outcome?.kind === end && (outcome.kind !== 'unknown' || outcome.final);
      }, 20_000);
      expect(recovered).toHaveLength(1);
      expect(row.orders()).toHaveLength(end === 'accepted' ? 1 : 0);
      expect(await during(broker.placeMarketOrder(market))).toMatchObject({ kind: 'accepted' });
    },
  );

  it.each<[string, 'cancel' | 'modify', 'before' | 'after', object, number]>([
    [
      'a cancel that arrived',
      'cancel',
      'after',
      { kind: 'accepted', operation: 'cancel', became: 'cancelled', remainingQuantity: 1 },
      1,
    ],
    [
      'a cancel that never left, which is sent again',
      'cancel',
      'before',
      { kind: 'accepted', operation: 'cancel', became: 'cancelled', remainingQuantity: 1 },
      1,
    ],
    [
      'a modify that arrived',
      'modify',
      'after',
      { kind: 'accepted', operation: 'modify', recovered: true },
      1,
    ],
    [
      'a modify that never left, and does not',
      'modify',
      'before',
      { kind: 'unknown', operation: 'modify', code: 'ABSENT', final: true },
      0,
    ],
  ])(
    'P24 killed after the journal line, the order is looked for at the next start: of %s',
    async (_name, operation, when, end, requests) => {
      // Nothing of it comes in before the kill: neither its answer nor an event nor a row.
      await start(first, { stream: false });
      const journal = (): ReturnType<typeof fileJournal> =>
        fileJournal(join(folder, 'orders.journal'));
      const adapter = topstepx({
        userName: 'demo',
        apiKey: 'demo-key',
        account: 'PRAC-V2-1001',
        baseUrl: row.proxy.url,
        rateLimit: 'off',
      });
      const mortal = await mortalBroker(row.world, {
        ...times,
        routing,
        adapter,
        journal: journal(),
        dieAt: (name) => when === 'before' && name === `after intent ${operation}`,
      });
      const orderId = orderIdOf(await during(mortal.broker.placeLimitOrder(shortEntry)));
      row.world.gateway.faults.add({
        endpoint: `Order/${operation}`,
        nth: 1,
        fault: { kind: 'stall', at: 'after-accepting' },
      });
      for (const endpoint of [
        'Order/search',
        'Order/searchOpen',
        'Order/searchById',
        'Order/v2/query',
      ])
        row.world.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } });
      void (
        operation === 'cancel'
          ? mortal.broker.cancelOrder({ orderId })
          : mortal.broker.modifyOrder({ orderId, limitPrice: 20_001 })
      ).catch(() => undefined);
      const hasActed = (): boolean =>
        row.orders()[0]?.status === 3 || row.orders()[0]?.limitPrice === 20_001;
      await row.until(() => (when === 'before' ? mortal.isDead : hasActed()), 5_000);
      mortal.kill();
      row.world.gateway.faults.clear();
      const resolved: unknown[] = [];
      const broker = await row.connect({ journal: journal() }, {}, (made) =>
        made.on('order.resolved', (told) => void resolved.push(told)),
      );
      await row.until(() => resolved.length > 0, 30_000);
      expect(resolved).toMatchObject([{ clientOrderId: 'entry-1', ...end }]);
      await row.world.pass(5_000, 100);
      expect(resolved).toHaveLength(1);
      expect(row.requests(`Order/${operation}`)).toBe(requests);
      expect(row.orders()).toHaveLength(1);
      expect(row.orders()[0]).toMatchObject(
        operation === 'cancel'
          ? { status: 3 }
          : { status: 1, limitPrice: when === 'after' ? 20_001 : 20_000 },
      );
      // The next start has nothing left to ask.
      await during(broker.close());
      await row.connect({ journal: journal() }, {}, (made) =>
        made.on('order.resolved', (told) => void resolved.push(told)),
      );
      await row.world.pass(5_000, 100);
      expect(resolved).toHaveLength(1);
    },
  );
});
