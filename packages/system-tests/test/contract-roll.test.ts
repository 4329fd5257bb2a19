import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, PlaceOutcome } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type Key = 'fast' | 'fallback';
let gateway: Gateway;
const open: Broker[] = [];
beforeEach(async () => {
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
});
afterEach(async () => {
  for (const broker of open.splice(0)) await broker.close();
  await gateway.close();
});

async function connect(first: Key = 'fast'): Promise<Broker<Key>> {
  const broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
    }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: {
      version: 1,
      salt: 'test',
      default: { fast: first === 'fast' ? 100 : 0, fallback: first === 'fast' ? 0 : 100 },
    },
    journal: memoryJournal(),
  });
  open.push(broker);
  return broker;
}
const place = (broker: Broker<Key>, symbol = 'MNQ'): Promise<PlaceOutcome<Key>> =>
  broker.placeLimitOrder({ symbol, side: 'buy', quantity: 1, limitPrice: 20_000 });
const orders = (): unknown[] => gateway.truth().orders.map(({ contractId }) => contractId);

describe('the first orders after a contract has rolled', () => {
  it.each<Key>(['fast', 'fallback'])(
    'over the %s executor: the first is told why and what to do, and those sent at once after it go to the new month',
    async (key) => {
      const broker = await connect(key);
      const [old] = await broker.searchContracts('MNQ');
      const next = gateway.rollContract('MNQ');
      const first = await place(broker);
      expect(first).toMatchObject({
        kind: 'rejected',
        hint: `${old?.name} may have expired. The venue's list of contracts is being read again, and an order for "MNQ" waits for it: place anew.`,
      });
      // At once, and two together: they share one read of the list.
      const [second, third] = await Promise.all([place(broker), place(broker)]);
      expect([second.kind, third.kind]).toEqual(['accepted', 'accepted']);
      expect(orders()).toEqual([next, next]);
    },
  );

  it('of other roots do not wait', async () => {
    const broker = await connect();
    gateway.rollContract('MNQ');
    gateway.faults.add({ endpoint: 'Contract/available', fault: { kind: 'delay', byMs: 60_000 } });
    await place(broker);
    expect(
      await broker.placeLimitOrder({ symbol: 'MES', side: 'buy', quantity: 1, limitPrice: 5_000 }),
    ).toMatchObject({ kind: 'accepted' });
  });

  it('are told that the list is behind, where it still names the old month', async () => {
    const broker = await connect();
    const refusal = {
      endpoint: 'Order/place',
      count: 3,
      fault: { kind: 'answer' as const, errorCode: 9, errorMessage: 'Contract is not active.' },
    };
    gateway.faults.add(refusal);
    expect(await place(broker)).toMatchObject({
      hint: expect.stringMatching(/is being read again/),
    });
    expect(await place(broker)).toMatchObject({
      kind: 'rejected',
      message: 'Contract is not active.',
      hint: expect.stringMatching(/has just been read and still names MNQ..: it may be behind/),
    });
  });

  it('for a month by its name are told which month is traded', async () => {
    const broker = await connect();
    const [old] = await broker.searchContracts('MNQ');
    gateway.rollContract('MNQ');
    const name = old?.name ?? '';
    expect(await place(broker, name)).toMatchObject({
      kind: 'rejected',
      hint: `${name} may have expired. The venue's list of contracts is being read again, and an order for "MNQ" waits for it: "MNQ" stands for the month that is traded.`,
    });
    await place(broker);
    expect(await place(broker, name)).toMatchObject({
      kind: 'rejected',
      hint: expect.stringMatching(/^MNQ.. is the month that is traded now; "MNQ" stands for it\.$/),
    });
  });

  it('get out of the old month all the same', async () => {
    const broker = await connect();
    expect(
      await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }),
    ).toMatchObject({ kind: 'accepted' });
    gateway.rollContract('MNQ');
    await place(broker);
    expect((await broker.flatten()).complete).toBe(true);
    expect(gateway.truth().positions).toEqual([]);
  });
});
