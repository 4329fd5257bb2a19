import { afterEach, describe, expect, it } from 'vitest';
import type { Key, RowOptions, RowWorld } from './row-world.ts';
import { endOf, executors, market, orderIdOf, rowWorld, shortEntry } from './row-world.ts';

let row: RowWorld;
afterEach(() => row.close());
async function start(first: Key, options?: RowOptions): Promise<void> {
  row = await rowWorld(first, options);
}
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);

describe.each(executors)('over %s first: absence', (first) => {
  it('P25 an order that nothing shows stays unknown, as absent', async () => {
    await start(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    const outcome = await during(row.broker.placeLimitOrder(shortEntry));
    expect(outcome).toMatchObject({ kind: 'unknown', final: false });
    const end = await during(endOf(outcome));
    expect(end).toMatchObject({ kind: 'unknown', final: true, code: 'ABSENT', retry: 'same-id' });
    expect(row.of('order.resolved')).toEqual([end]);
    // The same id may be tried again, under the tag rule.
    expect(await during(row.broker.placeLimitOrder(shortEntry))).toMatchObject({
      kind: 'accepted',
      clientOrderId: 'entry-1',
    });
    expect(row.orders().map(({ customTag }) => customTag)).toEqual(['entry-1']);
  });

  it('P25 an order that nothing shows stays unknown, as absent: not while the venue can not be asked', async () => {
    await start(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    const away = ['Order/search', 'Order/v2/query'].map((endpoint) =>
      row.world.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } }),
    );
    const outcome = await during(row.broker.placeLimitOrder(shortEntry));
    await row.world.pass(20_000, 250);
    expect(row.broker.getIntent('entry-1')?.outcome).toMatchObject({
      kind: 'unknown',
      final: false,
    });
    for (const id of away) row.world.gateway.faults.remove(id);
    expect(await during(endOf(outcome))).toMatchObject({ code: 'ABSENT' });
  });

  it('P25 an order that nothing shows stays unknown, as absent: nor soon after an outage, which may have held up the order as well', async () => {
    await start(first, { stream: false });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 26_000, answer: 'reset' },
    });
    const away = ['Order/search', 'Order/v2/query'].map((endpoint) =>
      row.world.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } }),
    );
    const outcome = await during(row.broker.placeLimitOrder(shortEntry));
    await row.world.pass(20_000, 250);
    for (const id of away) row.world.gateway.faults.remove(id);
    expect(await during(endOf(outcome))).toMatchObject({ kind: 'accepted', recovered: true });
  });

  it('P25 an order that nothing shows stays unknown, as absent: a second attempt that is refused ends itself, not the intent', async () => {
    await start(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 9_000, answer: 'reset' },
    });
    expect(await during(endOf(await during(row.broker.placeLimitOrder(shortEntry))))).toMatchObject(
      {
        code: 'ABSENT',
      },
    );
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'answer', errorCode: 5 },
    });
    expect(await during(row.broker.placeLimitOrder(shortEntry))).toMatchObject({
      kind: 'unknown',
      final: true,
      code: 'ABSENT',
      retry: 'same-id',
    });
    expect(
      await during(row.broker.placeLimitOrder({ ...shortEntry, signal: AbortSignal.abort() })),
    ).toMatchObject({ kind: 'unknown', final: true, code: 'ABSENT' });
    // And so it was: the first one comes after all.
    await row.until(() => row.of('order.contradicted').length > 0, 20_000);
    expect(row.orders()).toHaveLength(1);
  });

  it('P26 an absent order that turns up is announced, and cancelled while it works', async () => {
    await start(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 8_000, answer: 'reset' },
    });
    const outcome = await during(row.broker.placeLimitOrder(shortEntry));
    expect(await during(endOf(outcome))).toMatchObject({ code: 'ABSENT' });
    await row.until(() => row.of('order.contradicted').length > 0, 20_000);
    expect(row.of('order.contradicted')).toMatchObject([
      { told: { code: 'ABSENT', clientOrderId: 'entry-1' }, order: { clientOrderId: 'entry-1' } },
    ]);
    await row.until(() => row.orders()[0]?.status === 3, 5_000);
  });

  it('P26 an absent order that turns up is announced, and cancelled while it works: a filled one is taken into the state', async () => {
    await start(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 8_000, answer: 'reset' },
    });
    expect(
      await during(
        endOf(await during(row.broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' }))),
      ),
    ).toMatchObject({ code: 'ABSENT' });
    await row.until(() => row.of('position.unexpected').length > 0, 20_000);
    expect(await during(row.broker.getPositions())).toMatchObject([{ side: 'buy', quantity: 1 }]);
    expect(row.of('order.contradicted')).toHaveLength(1);
  });

  it.each([
    ['it stays while it reduces the position', [], [1]],
    [
      'it goes when a later order of ours gets out as well',
      [{ type: 'stop', stopPrice: 19_000 }],
      [3, 1],
    ],
  ] as const)(
    'P26 an absent order that turns up is announced, and cancelled while it works: %s',
    async (_name, later, statuses) => {
      await start(first);
      await during(row.broker.placeMarketOrder(market));
      row.world.gateway.faults.add({
        endpoint: 'Order/place',
        nth: 1,
        fault: { kind: 'delay', byMs: 8_000, answer: 'reset' },
      });
      const exit = { symbol: market.symbol, side: 'sell', quantity: 1 } as const;
      expect(
        await during(
          endOf(
            await during(
              row.broker.placeLimitOrder({
                ...exit,
                limitPrice: 30_000,
                clientOrderId: 'target',
                deadlineMs: 500,
              }),
            ),
          ),
        ),
      ).toMatchObject({ code: 'ABSENT' });
      for (const order of later)
        expect(
          await during(row.broker.placeOrder({ ...exit, ...order, clientOrderId: 'stop' })),
        ).toMatchObject({ kind: 'accepted' });
      await row.until(() => row.of('order.contradicted').length > 0, 20_000);
      await row.world.pass(2_000, 50);
      const own = row
        .orders()
        .filter(({ customTag }) => customTag === 'target' || customTag === 'stop')
        .toSorted((one, other) =>
          one.customTag === 'target' ? -1 : other.customTag === 'target' ? 1 : 0,
        );
      expect(own.map(({ status }) => status)).toEqual(statuses);
    },
  );

  it('P27 while the venue can not be reached an order stays unknown, and is settled when it is back', async () => {
    await start(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-accepting' },
    });
    const away = [
      ...[
        'Order/search',
        'Order/v2/query',
        'Order/searchOpen',
        'hubs/user',
        'hubs/user/negotiate',
      ].map((endpoint) =>
        row.world.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } }),
      ),
      row.world.gateway.faults.add({ hub: 'user', fault: { kind: 'event-drop' } }),
    ];
    const outcome = await during(row.broker.placeLimitOrder(shortEntry));
    expect(outcome).toMatchObject({ kind: 'unknown', final: false });
    await row.world.pass(60_000, 500);
    expect(row.broker.intents({ open: true })).toMatchObject([{ clientOrderId: 'entry-1' }]);
    for (const id of away) row.world.gateway.faults.remove(id);
    const end = await during(endOf(outcome));
    expect(end).toMatchObject({
      kind: 'accepted',
      recovered: true,
      orderId: String(row.orders()[0]?.id),
    });
    expect(row.of('order.resolved')).toEqual([end]);
    expect(orderIdOf(await during(row.broker.placeLimitOrder(shortEntry)))).toBe(
      String(row.orders()[0]?.id),
    );
  });
});
