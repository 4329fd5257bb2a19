// A bot that nothing but its broker keeps alive, with a source of requests that never answers. Says how far it came.
import { createBroker, memoryJournal } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import { fastExecutor } from '@hotpath/executor-fast';

const never = () => new Promise(() => {});
const broker = await createBroker({
  adapter: topstepx({
    userName: 'demo',
    apiKey: 'demo-key',
    account: 'PRAC-V2-1001',
    baseUrl: process.argv[2],
  }),
  executors: { only: fastExecutor() },
  routing: { version: 1, salt: 'source', default: { only: 100 } },
  journal: memoryJournal(),
  shareBudget: { exchange: never, throttled() {}, close: never },
});
process.stdout.write('started\n');
process.stdout.write(`flat ${(await broker.flatten()).complete}\n`);
await broker.close();
process.stdout.write('closed\n');
