import { afterEach, describe, expect, it } from 'vitest';
import { httpAnswer } from '../lossy-proxy.ts';
import type { Key, RowOptions, RowWorld } from './row-world.ts';
import { endOf, executors, market, rowWorld } from './row-world.ts';
import { close, hold, partialClose, symbol } from './held-row.ts';

let row: RowWorld;
afterEach(() => row.close());
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);
async function start(first: Key, quantity: number, options?: RowOptions): Promise<void> {
  row = await rowWorld(first, options);
  await hold(row, quantity);
}
const refuse = (
  endpoint: string,
  errorCode: number,
  at: 'before-accepting' | 'after-accepting' = 'before-accepting',
): void =>
  void row.world.gateway.faults.add({
    endpoint,
    count: 1,
    fault: { kind: 'answer', errorCode, errorMessage: `code ${errorCode}`, at },
  });
const done = httpAnswer({ success: true, errorCode: 0, errorMessage: null });

describe.each(executors)('over %s first: close and reduce', (first) => {
  it('K00 a definite refusal of a close or a reduce is rejected', async () => {
    await start(first, 3);
    for (const code of [1, 3, 4, 5, 8]) {
      refuse(close, code);
      expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
        kind: 'rejected',
        venueCode: code,
        deliveries: 1,
      });
    }
    for (const code of [1, 2, 3, 4, 5, 6, 9]) {
      refuse(partialClose, code);
      expect(await during(row.broker.reducePosition({ symbol, quantity: 1 }))).toMatchObject({
        kind: 'rejected',
        venueCode: code,
        deliveries: 1,
      });
    }
    expect(row.held()).toBe(3);
  });

  it('K01 a close answered as done is accepted with what a read shows after it', async () => {
    await start(first, 2);
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'flat',
      remainingQuantity: 0,
      executor: first,
    });
    expect(row.held()).toBe(0);
    await during(row.broker.placeMarketOrder({ ...market, quantity: 2 }));
    row.proxy.lose({ when: `/api/${close}`, lose: 'request', instead: done });
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'not-yet-flat',
      remainingQuantity: 2,
    });
  });

  it('K01 a close answered as done is accepted with what a read shows after it: the other side is told and left alone', async () => {
    await start(first, 1);
    // Somebody sells while the close is under way.
    row.world.gateway.faults.add({
      endpoint: close,
      nth: 1,
      fault: { kind: 'stall', at: 'after-accepting', forMs: 300 },
    });
    const contractId = String((await during(row.broker.getContract(symbol)))?.id);
    const closing = row.broker.closePosition({ symbol });
    await row.world.until(() => row.held() === 0, 5_000);
    await row.elsewhere('Order/place', { contractId, type: 2, side: 1, size: 2 });
    expect(await during(closing)).toMatchObject({
      kind: 'accepted',
      became: 'reversed',
      remainingQuantity: 2,
    });
    expect(row.of('position.reversed')).toHaveLength(1);
    await row.world.pass(5_000, 250);
    expect(row.held()).toBe(-2);
  });

  it('K02 a close that nobody knows the end of is accepted once the contract is read flat, and nothing enters meanwhile', async () => {
    await start(first, 2, { stream: false });
    row.world.gateway.faults.add({
      endpoint: close,
      nth: 1,
      fault: { kind: 'reset', at: 'after-accepting' },
    });
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'flat',
      deliveries: 1,
    });
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({
      kind: 'not-sent',
      code: 'CLOSE_UNSETTLED',
    });
    await row.world.pass(2_000, 250);
    expect(await during(row.broker.placeMarketOrder(market))).toMatchObject({ kind: 'accepted' });
    expect(row.requests(close)).toBe(1);
  });

  it('K02 a close that nobody knows the end of is accepted once the contract is read flat, and nothing enters meanwhile: unchanged for long enough, it is sent once more', async () => {
    await start(first, 2, { broker: { outcomeWithinMs: 12_000 } });
    row.world.gateway.faults.add({
      endpoint: close,
      count: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(await during(endOf(await during(row.broker.closePosition({ symbol }))))).toMatchObject({
      kind: 'accepted',
      became: 'flat',
    });
    expect(row.requests(close)).toBe(2);
    expect(row.held()).toBe(0);
  });

  it('K02 a close that nobody knows the end of is accepted once the contract is read flat, and nothing enters meanwhile: never behind a gap', async () => {
    await start(first, 2);
    row.world.gateway.faults.add({
      endpoint: close,
      count: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    row.world.gateway.faults.add({ endpoint: 'hubs/user', fault: { kind: 'status', status: 503 } });
    const closing = row.broker.closePosition({ symbol });
    await row.world.pass(100, 20);
    row.world.gateway.dropHubs('user');
    expect(await during(endOf(await during(closing)))).toMatchObject({
      kind: 'unknown',
      code: 'ABSENT',
    });
    expect(row.requests(close)).toBe(1);
    expect(row.held()).toBe(2);
  });

  it('K03 a close of a position that the venue does not find is accepted after a read says so', async () => {
    await start(first, 1);
    refuse(close, 2);
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'rejected',
      code: 'POSITION_NOT_FOUND',
    });
    row.world.gateway.faults.add({
      endpoint: close,
      nth: 1,
      fault: { kind: 'answer', errorCode: 2, at: 'after-accepting' },
    });
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'already-flat',
      remainingQuantity: 0,
    });
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'already-flat',
      deliveries: 0,
    });
  });

  it('K04 a reduce that nobody knows the end of is accepted by its one order alone, and never sent again', async () => {
    await start(first, 5);
    await row.world.pass(5_000, 100);
    row.world.gateway.faults.add({
      endpoint: partialClose,
      nth: 1,
      fault: { kind: 'reset', at: 'after-accepting' },
    });
    expect(
      await during(endOf(await during(row.broker.reducePosition({ symbol, quantity: 2 })))),
    ).toMatchObject({ kind: 'accepted', became: 'reduced', remainingQuantity: 3 });
    expect(row.held()).toBe(3);
    await row.world.pass(5_000, 100);
    row.world.gateway.faults.add({
      endpoint: partialClose,
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(
      await during(endOf(await during(row.broker.reducePosition({ symbol, quantity: 2 })))),
    ).toMatchObject({ kind: 'unknown', code: 'ABSENT' });
    expect(row.requests(partialClose)).toBe(2);
    expect(row.held()).toBe(3);
  });

  it('K04 a reduce that nobody knows the end of is accepted by its one order alone, and never sent again: a smaller position proves nothing', async () => {
    await start(first, 5, { stream: false });
    const contractId = String((await during(row.broker.getContract(symbol)))?.id);
    row.world.gateway.faults.add({
      endpoint: partialClose,
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    const reducing = row.broker.reducePosition({ symbol, quantity: 2 });
    await row.world.pass(200, 50);
    await row.elsewhere('Order/place', { contractId, type: 2, side: 1, size: 2 });
    expect(await during(endOf(await during(reducing)))).toMatchObject({
      kind: 'unknown',
      code: 'ABSENT',
    });
    expect(row.held()).toBe(3);
  });

  it('K04 a reduce that nobody knows the end of is accepted by its one order alone, and never sent again: as an order with an id it is settled as every place', async () => {
    await start(first, 5, { broker: { reduceWith: 'tagged-order' } });
    expect(await during(row.broker.reducePosition({ symbol, quantity: 1 }))).toMatchObject({
      kind: 'accepted',
      operation: 'reduce',
      became: 'reduced',
      remainingQuantity: 4,
      deliveries: 1,
      executor: first,
    });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-accepting' },
    });
    const reduced = await during(
      endOf(await during(row.broker.reducePosition({ symbol, quantity: 2 }))),
    );
    expect(reduced).toMatchObject({
      kind: 'accepted',
      operation: 'reduce',
      became: 'reduced',
      remainingQuantity: 2,
      clientOrderId: expect.any(String),
    });
    expect(row.held()).toBe(2);
    expect(
      (await during(row.broker.explain(String(reduced.clientOrderId)))).records.length,
    ).toBeGreaterThan(0);
    refuse('Order/place', 5);
    expect(await during(row.broker.reducePosition({ symbol, quantity: 1 }))).toMatchObject({
      kind: 'rejected',
      operation: 'reduce',
      venueCode: 5,
    });
    // It gets out, so a halt does not hold it; there is nothing left then.
    expect(await during(row.broker.halt())).toMatchObject({ complete: true });
    expect(await during(row.broker.reducePosition({ symbol, quantity: 1 }))).toMatchObject({
      kind: 'accepted',
      became: 'already-flat',
      deliveries: 0,
    });
    expect(row.requests(partialClose)).toBe(0);
  });

  it('K04 a reduce that nobody knows the end of is accepted by its one order alone, and never sent again: as an order with an id it turns up once, and is told', async () => {
    await start(first, 5, { broker: { reduceWith: 'tagged-order' } });
    row.world.gateway.faults.add({
      endpoint: 'Order/place',
      nth: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    expect(
      await during(
        endOf(await during(row.broker.reducePosition({ symbol, quantity: 2, deadlineMs: 500 }))),
      ),
    ).toMatchObject({ kind: 'unknown', operation: 'reduce', code: 'ABSENT' });
    expect(row.of('order.resolved').concat(row.of('order.unknown'))).toEqual(
      expect.arrayContaining([expect.objectContaining({ operation: 'reduce', code: 'ABSENT' })]),
    );
    expect(row.held()).toBe(5);
  });

  it("K05 after flat the legs of what was closed are cancelled, and other people's orders are left", async () => {
    row = await rowWorld(first);
    await during(
      row.broker.placeMarketOrder({
        ...market,
        bracket: { stopLossTicks: 40, takeProfitTicks: 60 },
      }),
    );
    const contractId = String((await during(row.broker.getContract(symbol)))?.id);
    await row.elsewhere('Order/place', {
      contractId,
      type: 1,
      side: 0,
      size: 1,
      limitPrice: 19_000,
    });
    await row.until(() => row.orders().filter(({ status }) => status === 1).length === 3, 5_000);
    await row.world.pass(2_000, 100);
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'flat',
    });
    expect(
      row
        .orders()
        .filter(({ status }) => [1, 6, 8].includes(status))
        .map(({ limitPrice }) => limitPrice),
    ).toEqual([19_000]);
    expect(await during(row.broker.flatten())).toMatchObject({ complete: true });
    expect(row.orders().filter(({ status }) => status === 1)).toEqual([]);
  });

  it("K05 after flat the legs of what was closed are cancelled, and other people's orders are left: of a close whose end was not known at first too", async () => {
    row = await rowWorld(first, { broker: { outcomeWithinMs: 500 } });
    await during(
      row.broker.placeMarketOrder({
        ...market,
        bracket: { stopLossTicks: 40, takeProfitTicks: 60 },
      }),
    );
    await row.until(() => row.orders().filter(({ status }) => status === 1).length === 2, 5_000);
    await row.world.pass(2_000, 100);
    row.world.gateway.faults.add({
      endpoint: close,
      count: 1,
      fault: { kind: 'reset', at: 'after-reading' },
    });
    const closing = await during(row.broker.closePosition({ symbol }));
    expect(closing).toMatchObject({ kind: 'unknown', final: false });
    expect(await during(endOf(closing))).toMatchObject({ kind: 'accepted', became: 'flat' });
    expect([row.held(), row.orders().filter(({ status }) => [1, 6, 8].includes(status))]).toEqual([
      0,
      [],
    ]);
  });

  it('K02 a close that nobody knows the end of is accepted once the contract is read flat, and nothing enters meanwhile: its bot is told so in time, whatever else does not answer', async () => {
    await start(first, 2);
    for (const endpoint of [close, 'Position/searchOpen'])
      row.world.gateway.faults.add({
        endpoint,
        ...(endpoint === close ? {} : { nth: 2 }),
        fault: { kind: 'stall', at: 'before-accepting', forMs: 8_000 },
      });
    const closing = row.broker.closePosition({ symbol });
    let told = false;
    void closing.then(() => (told = true));
    expect(await row.world.until(() => told, 20_000)).toBeLessThan(2_500);
    expect(await closing).toMatchObject({ kind: 'unknown', final: false });
    row.world.gateway.faults.clear();
    expect(await during(endOf(await closing))).toMatchObject({ operation: 'close' });
  });
});
