import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { later } from './claimed-calls.ts';
import type { KeeperSettings } from './keeper-handle.ts';
import { rateLimitOf } from './rate-limit-of.ts';

// A process that trades nothing and shares a bot's login: it is there first, so that it keeps the account of the login's requests.
const { url, userName, account, times } = JSON.parse(process.argv[2] ?? '') as KeeperSettings;
process.on('disconnect', () => process.exit());
const broker = await connected();
process.on(
  'message',
  () => void process.send?.({ keeps: broker.metrics().budget?.shared?.keeper === 'this process' }),
);
process.send?.({ keeps: true });

/** A start may meet faults as well. */
async function connected(): Promise<Broker> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createBroker({
        adapter: topstepx({
          userName,
          apiKey: 'campaign',
          account,
          baseUrl: url,
          rateLimit: rateLimitOf(times),
        }),
        executors: { only: fallbackExecutor() },
        routing: { version: 1, salt: 'keeper', default: { only: 100 } },
        journal: memoryJournal(),
        shareBudget: 'machine',
      });
    } catch (error) {
      if (attempt === 20) throw error;
      await later(100 * attempt, undefined);
    }
  }
}
