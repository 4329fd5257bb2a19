import { Broker } from 'backtest-kit';
import type { BacktestKitHostOptions } from './backtest-kit-host-options.ts';
import { createHost } from './backtest-kit-host.ts';

/**
 * Makes the engine's live strategies trade through a broker: registers the adapter and enables it. The engine has one adapter for the whole process; installing another takes its place.
 * Disposed of, the engine goes on without a broker. The broker stays yours to close. Throws `InvalidOptionsError`.
 */
export function installBacktestKitBroker(options: BacktestKitHostOptions): Disposable {
  const host = createHost(options);
  Broker.useBrokerAdapter(host.adapter);
  const disable = Broker.enable();
  return {
    [Symbol.dispose]() {
      disable();
      host.dispose();
    },
  };
}
