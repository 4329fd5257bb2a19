// A bot that is killed while the broker protects its entry: it says when the entry is in, and then waits.
import { createBroker, fileJournal } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';

const [baseUrl, journal] = process.argv.slice(2);
const broker = await createBroker({
  adapter: topstepx({
    userName: 'demo',
    apiKey: 'demo-key',
    account: 'PRAC-V2-1001',
    baseUrl,
    rateLimit: 'off',
  }),
  executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
  routing: { version: 1, salt: 'crash', default: { fast: 50, fallback: 50 } },
  journal: fileJournal(journal),
  ownOco: { whenUnprotected: 'leave' },
});
await broker.whenRecovered();
await new Promise((resolve) => broker.once('stream.synced', resolve));
const { kind } = await broker.placeMarketOrder({
  symbol: 'MNQ',
  side: 'buy',
  quantity: 2,
  clientOrderId: 'entry-1',
  bracket: { stopLossTicks: 20, takeProfitTicks: 40 },
});
process.stdout.write(`${kind}\n`);
await new Promise((resolve) => setTimeout(resolve, 60_000));
await broker.close();
