import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, fileJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import { createExchangeSchema, installBacktestKitBroker } from '@hotpath/host-backtest-kit';
import { addExchangeSchema, addStrategySchema, listenSignalLive, Live } from 'backtest-kit';

const symbol = 'MNQ';
const context = { strategyName: 'always-long', exchangeName: 'topstepx' };

/** A strategy on backtest-kit's live engine, a tenth of its orders through the fast executor first. Gives what ends it, flat. */
export async function startBacktestKitBot(
  baseUrl: string,
  folder: string,
  say: (line: string) => void,
): Promise<() => Promise<void>> {
  const broker = await createBroker({
    adapter: topstepx({ account: 'PRAC-V2-1001', baseUrl }), // name and key from TOPSTEPX_USERNAME and TOPSTEPX_API_KEY
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: { version: 1, salt: '2026-w48', default: { fast: 10, fallback: 90 } },
    journal: fileJournal(`${folder}/orders.journal`),
  });
  const host = installBacktestKitBroker({
    broker,
    contracts: ({ cost }) => Math.floor(cost / 100),
    file: `${folder}/signals.jsonl`,
    // What stays unknown was looked for, and is cancelled or closed when it comes. Nothing new until a person has looked.
    onEvent: ({ name, message }) => {
      say(`${name}: ${message}`);
      void Live.setPaused(symbol, true, context);
    },
  });
  broker.on('order.unknown', ({ clientOrderId }) =>
    say(`${clientOrderId ?? 'an exit'} is unknown; the engine waits for its end`),
  );

  addExchangeSchema(createExchangeSchema({ broker, exchangeName: context.exchangeName }));
  addStrategySchema({
    strategyName: context.strategyName,
    interval: '1m',
    getSignal: async (_symbol, _when, price) => ({
      position: 'long',
      priceTakeProfit: price * 1.01,
      priceStopLoss: price * 0.99,
      minuteEstimatedTime: 60,
      cost: 200,
    }),
  });
  listenSignalLive(({ action }) => say(action));
  const stop = Live.background(symbol, context);

  return async () => {
    stop();
    host[Symbol.dispose]();
    say(`flat: ${(await broker.flatten()).complete}`);
    await broker.close();
  };
}
