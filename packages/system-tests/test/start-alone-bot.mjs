// A bot that does nothing but start: while it waits for its venue nothing of its own keeps the process.
import { createBroker, memoryJournal } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import { fastExecutor } from '@hotpath/executor-fast';

const error = await createBroker({
  adapter: topstepx({
    userName: 'demo',
    apiKey: 'demo-key',
    account: 'PRAC-V2-1001',
    baseUrl: process.argv[2],
  }),
  executors: { fast: fastExecutor() },
  routing: { version: 1, salt: 'start', default: { fast: 100 } },
  journal: memoryJournal(),
  startWithinMs: 1_500,
}).catch((thrown) => thrown);
process.stdout.write(`${error.code}`);
