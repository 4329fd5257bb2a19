import type { IBroker } from 'backtest-kit';
import type { BacktestKitHostOptions } from './backtest-kit-host-options.ts';
import { createHost } from './backtest-kit-host.ts';

/** The adapter for `Broker.useBrokerAdapter`, without installing it: for a registration of your own, or a test of your own. Throws `InvalidOptionsError`. */
export function createBacktestKitBroker(options: BacktestKitHostOptions): Partial<IBroker> {
  return createHost(options).adapter;
}
