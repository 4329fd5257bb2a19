import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, fileJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import { createCcxtExchange } from '@hotpath/host-ccxt';
import type { Exchange } from 'ccxt';
import { RequestTimeout } from 'ccxt';

/** A ccxt bot that knows nothing of Hotpath but where its exchange comes from. A tenth of its orders take the fast executor first. */
export async function runCcxtBot(
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
  const exchange = createCcxtExchange({ broker });
  try {
    await trade(exchange, say);
  } finally {
    await exchange.close();
  }
}

async function trade(exchange: Exchange, say: (line: string) => void): Promise<void> {
  const markets = await exchange.loadMarkets();
  const symbol = Object.values(markets).find((market) => market?.base === 'MNQ')?.symbol ?? '';
  try {
    const entry = await exchange.createMarketBuyOrder(symbol, 1, { clientOrderId: 'breakout-1' });
    say(`in: ${entry.clientOrderId}`);
  } catch (error) {
    if (!(error instanceof RequestTimeout)) return say(`no entry: ${String(error)}`);
    // It may be live. It is taken back under the id it was placed with, and never placed again under another.
    const cancelled = await exchange
      .cancelOrder('', symbol, { clientOrderId: 'breakout-1' })
      .catch((still: unknown) => still);
    say(
      `the entry is unknown; ${cancelled instanceof Error ? cancelled.constructor.name : 'cancelled'}`,
    );
  }
  const left = await exchange.closePosition(symbol);
  say(`left: ${left.status}`);
}
