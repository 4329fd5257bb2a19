// A bot that is killed while its order's answer is held back: it says which id it places under, and then waits for an end that does not come.
import { createBroker, fileJournal } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';

const [baseUrl, journal, first] = process.argv.slice(2);
const broker = await createBroker({
  adapter: topstepx({
    userName: 'demo',
    apiKey: 'demo-key',
    account: 'PRAC-V2-1001',
    baseUrl,
    rateLimit: 'off',
  }),
  executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
  routing: {
    version: 1,
    salt: 'crash',
    default: first === 'fast' ? { fast: 100, fallback: 0 } : { fast: 0, fallback: 100 },
  },
  journal: fileJournal(journal),
});
await broker.whenRecovered();
const placing = broker.placeLimitOrder({
  symbol: 'MNQ',
  side: 'buy',
  quantity: 1,
  limitPrice: 20_000,
});
process.stdout.write(`${broker.intents({ open: true })[0]?.clientOrderId}\n`);
await placing;
