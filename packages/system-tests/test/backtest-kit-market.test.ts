import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fastExecutor } from '@hotpath/executor-fast';
import { startGateway } from '@hotpath/gateway-sim';
import { createExchangeSchema } from '@hotpath/host-backtest-kit';
import { expect, it } from 'vitest';

it("gives backtest-kit the order book of the venue's own stream, and none that is old", async () => {
  await using gateway = await startGateway({ priceStepMs: 20 });
  await using broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
    }),
    executors: { fast: fastExecutor() },
    routing: { version: 1, salt: 'book', default: { fast: 100 } },
    journal: memoryJournal(),
  });
  const schema = createExchangeSchema({ broker, exchangeName: 'topstepx', bookWithinMs: 5_000 });
  const book = await schema.getOrderBook?.('MNQ', 3, new Date(), new Date(), false);
  const [bid, ask] = [book?.bids, book?.asks].map(
    (rows) => rows?.map(({ price, quantity }) => [Number(price), Number(quantity)] as const) ?? [],
  );
  expect(bid?.length).toBeGreaterThan(0);
  expect(bid?.length).toBeLessThanOrEqual(3);
  expect(ask?.length).toBeGreaterThan(0);
  expect(Number(bid?.[0]?.[0])).toBeLessThan(Number(ask?.[0]?.[0]));
  for (const [, quantity] of [...(bid ?? []), ...(ask ?? [])]) expect(quantity).toBeGreaterThan(0);
  await expect(schema.getOrderBook?.('NOTHING', 3, new Date(), new Date(), false)).rejects.toThrow(
    'NOTHING',
  );
});

it('waits for the other side of a book of which the stream has brought one alone', async () => {
  await using gateway = await startGateway({ priceStepMs: 0 });
  await using broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
    }),
    executors: { fast: fastExecutor() },
    routing: { version: 1, salt: 'book', default: { fast: 100 } },
    journal: memoryJournal(),
  });
  // The twelfth step of the simulator tells one row in place of a list.
  for (let step = 1; step < 12; step += 1) gateway.stepPrices();
  const watched = await broker.subscribe({ symbol: 'MNQ', channels: ['depth'] });
  const schema = createExchangeSchema({ broker, exchangeName: 'topstepx', bookWithinMs: 10_000 });
  let isGiven = false;
  const reading = Promise.resolve(
    schema.getOrderBook?.('MNQ', 3, new Date(), new Date(), false),
  ).finally(() => (isGiven = true));
  await expect.poll(() => watched.isLive).toBe(true);
  gateway.stepPrices();
  await expect.poll(() => watched.depth).toMatchObject({ bids: [{}], asks: [] });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isGiven).toBe(false);
  gateway.stepPrices();
  const book = await reading;
  expect([book?.bids.length, book?.asks.length]).toEqual([2, 2]);
});
