import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fastExecutor } from '@hotpath/executor-fast';
import { startGateway } from '@hotpath/gateway-sim';
import { pino } from 'pino';
import { expect, it } from 'vitest';

it('a pino logger is taken as it is, and gets one line for each order', async () => {
  const lines: { readonly msg: string }[] = [];
  const log = pino(
    { level: 'info' },
    { write: (line: string) => void lines.push(JSON.parse(line) as { msg: string }) },
  );
  await using gateway = await startGateway();
  await using broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
    }),
    executors: { fast: fastExecutor() },
    routing: { version: 1, salt: 's', default: { fast: 100 } },
    journal: memoryJournal(),
    log,
  });
  for (let index = 0; index < 3; index += 1)
    await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  const outcomes = lines.filter(({ msg }) => msg === 'outcome');
  expect(outcomes).toHaveLength(3);
  expect(outcomes[0]).toMatchObject({
    account: 'PRAC-V2-1001',
    executor: 'fast',
    operation: 'place',
    symbol: 'MNQ',
    outcome: 'accepted',
    totalMs: expect.any(Number),
  });
});
