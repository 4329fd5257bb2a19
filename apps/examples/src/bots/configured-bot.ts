import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, createRegistry } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import { spareExecutor } from '../spare-executor/spare-executor.ts';

/** The same, with everything but the strategy in files: plugins, percentages and journal. A plugin of one's own is registered like ours. */
export async function runConfiguredBot(
  configPath: string,
  say: (line: string) => void,
): Promise<void> {
  const registry = createRegistry()
    .use(topstepx)
    .use(fastExecutor)
    .use(fallbackExecutor)
    .use(spareExecutor);
  await using broker = await createBroker({ registry, config: configPath });
  broker.on('executor.fallback', ({ from, to }) => say(`${to} took over from ${from}`));

  for (let round = 0; round < 5; round += 1) {
    const outcome = await broker.placeMarketOrder({
      symbol: 'MNQ',
      side: round % 2 === 0 ? 'buy' : 'sell',
      quantity: 1,
      strategy: 'orb',
    });
    if (outcome.kind === 'unknown') {
      // Nothing new while nobody knows what became of this one: it is taken back, and cancelled when it shows.
      const cancelled = await broker.cancelOrder({ clientOrderId: outcome.clientOrderId ?? '' });
      say(`unknown: cancel ${cancelled.kind}`);
      break;
    }
    if (outcome.kind === 'not-sent' && outcome.code === 'BUDGET_EXHAUSTED') break;
    say(`${outcome.kind} by ${outcome.executor ?? 'nobody'}`);
  }
  const left = await broker.closePosition({ symbol: 'MNQ' });
  say(left.kind === 'accepted' ? `left: ${left.became}` : `still in: ${left.message}`);
}
