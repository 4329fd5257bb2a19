import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fastExecutor } from '@hotpath/executor-fast';
import { startGateway } from '@hotpath/gateway-sim';
import { pino } from 'pino';
import { expect, it } from 'vitest';

it('a pino logger is taken as it is, and gets one line for each delivery', async () => {
  const lines: { readonly msg: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as { msg: string }) });
  await using gateway = await startGateway();
  await using broker = await createBroker({
    adapter: topstepx({ userName: 'demo', apiKey: 'demo-key', account: 'PRAC-V2-1001', baseUrl: gateway.url }),
    executors: { fast: fastExecutor() },
    routing: { version: 1, salt: 's', default: { fast: 100 } },
    journal: memoryJournal(),
    log,
  });
  for (let index = 0; index < 3; index += 1) await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 });
  const deliveries = lines.filter(({ msg }) => msg === 'delivery');
  expect(deliveries).toHaveLength(3);
  expect(deliveries[0]).toMatchObject({ executor: 'fast', operation: 'place', outcome: 'accepted', milliseconds: expect.any(Number) });
});
