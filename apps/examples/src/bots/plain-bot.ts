import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker } from '@hotpath/core';
import { createBroker, fileJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';

/** Buys one, protects it by a limit exit, and leaves. A tenth of its orders take the fast executor first. */
export async function runPlainBot(
  baseUrl: string,
  journalPath: string,
  say: (line: string) => void,
): Promise<void> {
  await using broker = await createBroker({
    adapter: topstepx({ account: 'PRAC-V2-1001', baseUrl }), // name and key from TOPSTEPX_USERNAME and TOPSTEPX_API_KEY
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: { version: 1, salt: '2026-w48', default: { fast: 10, fallback: 90 } },
    journal: fileJournal(journalPath),
  });
  const entry = await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 });
  // Awaited before it returns: at the end of this function the broker is closed.
  if (entry.kind === 'unknown')
    return await takeBack(broker, entry.clientOrderId, 'the entry is unknown', say);
  if (entry.kind !== 'accepted') return say(`no entry: ${entry.message}`);

  const filled = await broker
    .waitForFill({ orderId: entry.orderId }, { timeoutMs: 5_000 })
    .catch(() => undefined);
  if (filled?.averagePrice === undefined)
    return await takeBack(broker, entry.clientOrderId, 'the entry has not filled', say);
  const exit = await broker.placeLimitOrder({
    symbol: 'MNQ',
    side: 'sell',
    quantity: 1,
    limitPrice: filled.averagePrice + 10,
  });
  if (exit.kind === 'accepted')
    say(`exit ${(await broker.cancelOrder({ orderId: exit.orderId })).kind}`);
  const left = await broker.closePosition({ symbol: 'MNQ' });
  say(left.kind === 'accepted' ? `left: ${left.became}` : `still in: ${left.message}`);
}

/** An unknown order may be live: it is looked for, cancelled or closed, and never placed again under another id. */
async function takeBack(
  broker: Broker,
  clientOrderId: string | undefined,
  why: string,
  say: (line: string) => void,
): Promise<void> {
  const cancelled = await broker.cancelOrder({ clientOrderId: clientOrderId ?? '' });
  const closed = await broker.closePosition({ symbol: 'MNQ' });
  say(`${why}; cancel ${cancelled.kind}, close ${closed.kind}`);
}
