import { afterEach, describe, expect, it } from 'vitest';
import type { Key, RowWorld } from './row-world.ts';
import { endOf, executors, market, resting, rowWorld } from './row-world.ts';
import { hold } from './held-row.ts';

let row: RowWorld;
afterEach(() => row.close());
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);
async function start(first: Key, quantity: number): Promise<void> {
  row = await rowWorld(first);
  await hold(row, quantity);
}

describe.each(executors)('over %s first: halt', (first) => {
  it('H01 after a halt nothing enters, and everything gets out', async () => {
    await start(first, 1);
    // A place that is between two attempts at the halt starts none any more.
    row.world.gateway.revokeTokens();
    row.world.gateway.faults.add({
      endpoint: 'Auth/loginKey',
      nth: 1,
      fault: { kind: 'stall', at: 'before-accepting', forMs: 200 },
    });
    const between = row.broker.placeLimitOrder(resting);
    await row.world.pass(100, 50);
    const halting = row.broker.halt();
    expect(row.broker.isHalted).toBe(true);
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'HALTED',
      deliveries: 0,
    });
    expect(await during(between)).toMatchObject({ kind: 'not-sent' });
    expect(await during(halting)).toMatchObject({ complete: true });
    expect(row.held()).toBe(0);
    expect(row.orders().filter(({ status }) => status === 1)).toEqual([]);
  });

  it('H02 a halt says flat only when every place is settled', async () => {
    row = await rowWorld(first);
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'delay', byMs: 900, answer: 'wait' },
    });
    const placing = row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' });
    await row.world.pass(100, 50);
    expect(await during(row.broker.halt())).toMatchObject({
      complete: true,
      left: { unsettled: [] },
    });
    expect(await during(placing)).toMatchObject({ kind: 'accepted' });
    expect(row.orders()).toMatchObject([{ status: 3 }]);
  });

  it('H02 a halt says flat only when every place is settled: incomplete otherwise, with the ids', async () => {
    row = await rowWorld(first, { stream: false });
    // The venue shows what is open, and not what became of one order.
    for (const endpoint of ['Order/search', 'Order/v2/query', 'Order/searchById'])
      row.world.gateway.faults.add({ endpoint, fault: { kind: 'status', status: 503 } });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    void row.broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' });
    await row.world.pass(100, 50);
    expect(await during(row.broker.halt())).toMatchObject({
      complete: false,
      left: { orders: [], positions: [], unsettled: ['entry-1'] },
    });
  });

  it('H03 what turns up while halted is cancelled or closed at once', async () => {
    row = await rowWorld(first);
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
    expect(await during(row.broker.halt())).toMatchObject({ complete: true });
    await row.until(
      () => row.orders().length > 0 && row.held() === 0 && row.of('position.unexpected').length > 0,
      30_000,
    );
    await row.until(() => row.orders().length >= 2 && row.held() === 0, 10_000);
    expect(row.of('position.unexpected').length).toBeGreaterThan(0);
  });
});
