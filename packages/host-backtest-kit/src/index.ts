export type { BacktestKitHostOptions, SizedEntry } from './backtest-kit-host-options.ts';
export { createBacktestKitBroker } from './create-backtest-kit-broker.ts';
export type { ExchangeSchemaOptions } from './create-exchange-schema.ts';
export { createExchangeSchema } from './create-exchange-schema.ts';
export type { HostEvent } from './host-event.ts';
export { installBacktestKitBroker } from './install-backtest-kit-broker.ts';
export type { StrategyContext } from './strategy-context.ts';
