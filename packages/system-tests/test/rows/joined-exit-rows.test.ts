import { afterEach, describe, expect, it } from 'vitest';
import type { Key, RowWorld } from './row-world.ts';
import { executors, market, rowWorld } from './row-world.ts';
import { close, hold, partialClose, symbol } from './held-row.ts';

let row: RowWorld;
afterEach(() => row.close());
const during = <Value>(work: Promise<Value>): Promise<Value> => row.world.during(work);
async function start(first: Key, quantity: number): Promise<void> {
  row = await rowWorld(first);
  await hold(row, quantity);
}

describe.each(executors)('over %s first: close and reduce', (first) => {
  it('K06 a second exit of a contract joins the close that is open: also when it has been told and its order still fills', async () => {
    row = await rowWorld(first, { gateway: { largestFill: 2 } });
    for (let twice = 0; twice < 2; twice += 1)
      await during(row.broker.placeMarketOrder({ ...market, quantity: 2 }));
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'not-yet-flat',
      remainingQuantity: 2,
      deliveries: 1,
    });
    // A read that fails is no word that nothing is at work.
    row.world.gateway.faults.add({
      endpoint: 'Order/searchOpen',
      nth: 2,
      fault: { kind: 'status', status: 503 },
    });
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'not-yet-flat',
      remainingQuantity: 2,
      deliveries: 0,
    });
    expect(await during(row.broker.reducePosition({ symbol, quantity: 1 }))).toMatchObject({
      kind: 'not-sent',
      code: 'CLOSE_UNSETTLED',
      field: 'quantity',
    });
    const closing = row.broker.closePosition({ symbol });
    await row.world.pass(500, 100);
    row.world.gateway.stepPrices();
    expect(await during(closing)).toMatchObject({
      kind: 'accepted',
      became: 'already-flat',
      remainingQuantity: 0,
      deliveries: 0,
    });
    expect([row.held(), row.requests(close), row.requests(partialClose)]).toEqual([0, 1, 0]);
  });

  it.each(['lost', 'late'] as const)(
    'K06 a second exit of a contract joins the close that is open: also when its events are %s',
    async (events) => {
      row = await rowWorld(first, { gateway: { largestFill: 2 } });
      for (let twice = 0; twice < 2; twice += 1)
        await during(row.broker.placeMarketOrder({ ...market, quantity: 2 }));
      row.world.gateway.faults.add({
        hub: 'user',
        fault: events === 'lost' ? { kind: 'event-drop' } : { kind: 'event-delay', byMs: 4_000 },
      });
      expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
        kind: 'accepted',
        became: 'not-yet-flat',
        remainingQuantity: 2,
        deliveries: 1,
      });
      expect(await during(row.broker.reducePosition({ symbol, quantity: 1 }))).toMatchObject({
        kind: 'not-sent',
        code: 'CLOSE_UNSETTLED',
        field: 'quantity',
      });
      const closing = row.broker.closePosition({ symbol });
      await row.world.pass(500, 100);
      row.world.gateway.stepPrices();
      expect(await during(closing)).toMatchObject({
        kind: 'accepted',
        became: 'already-flat',
        remainingQuantity: 0,
        deliveries: 0,
      });
      await row.world.pass(5_000, 250);
      expect([row.held(), row.requests(close), row.requests(partialClose)]).toEqual([0, 1, 0]);
    },
  );

  it('K06 a second exit of a contract joins the close that is open: also in a gap, and after a restart', async () => {
    row = await rowWorld(first, { gateway: { largestFill: 2 } });
    for (let twice = 0; twice < 2; twice += 1)
      await during(row.broker.placeMarketOrder({ ...market, quantity: 2 }));
    row.world.gateway.faults.add({ hub: 'user', fault: { kind: 'hub-drop' } });
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'not-yet-flat',
      remainingQuantity: 2,
    });
    expect(await during(row.broker.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'not-yet-flat',
      remainingQuantity: 2,
      deliveries: 0,
    });
    const closed = row.broker.close();
    await during(closed);
    // Before it has heard anything of the stream.
    const restarted = await row.connect();
    expect(await during(restarted.closePosition({ symbol }))).toMatchObject({
      kind: 'accepted',
      became: 'not-yet-flat',
      remainingQuantity: 2,
      deliveries: 0,
    });
    row.world.gateway.stepPrices();
    await row.world.pass(500, 100);
    expect([row.held(), row.requests(close)]).toEqual([0, 1]);
  });

  it('K06 a second exit of a contract joins the close that is open: behind a reduce it waits for what is left', async () => {
    await start(first, 3);
    row.world.gateway.faults.add({
      endpoint: partialClose,
      nth: 1,
      fault: { kind: 'delay', byMs: 900, answer: 'wait' },
    });
    const reducing = row.broker.reducePosition({ symbol, quantity: 1 });
    await row.world.pass(200, 50);
    const closing = row.broker.closePosition({ symbol });
    await row.world.pass(400, 50);
    expect(row.requests(close)).toBe(0);
    expect(await during(reducing)).toMatchObject({
      kind: 'accepted',
      became: 'reduced',
      remainingQuantity: 2,
    });
    expect(await during(closing)).toMatchObject({ kind: 'accepted', became: 'flat' });
    expect([row.held(), row.requests(close), row.requests(partialClose)]).toEqual([0, 1, 1]);
  });

  it('K06 a second exit of a contract joins the close that is open', async () => {
    await start(first, 3);
    row.world.gateway.faults.add({
      endpoint: close,
      nth: 1,
      fault: { kind: 'delay', byMs: 900, answer: 'reset' },
    });
    const closing = row.broker.closePosition({ symbol });
    await row.world.pass(200, 50);
    const also = row.broker.closePosition({ symbol });
    const flattening = row.broker.flatten();
    const reducing = row.broker.reducePosition({ symbol, quantity: 1 });
    const [one, other] = [await during(closing), await during(also)];
    expect(other).toBe(one);
    expect(await during(flattening)).toMatchObject({ complete: true });
    expect(await during(reducing)).toMatchObject({
      kind: 'accepted',
      became: 'already-flat',
      deliveries: 0,
    });
    expect(row.requests(close)).toBe(1);
    expect(row.held()).toBe(0);
  });
});
