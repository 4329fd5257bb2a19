export type { CcxtExchangeOptions } from './create-ccxt-exchange.ts';
export { createCcxtExchange } from './create-ccxt-exchange.ts';
export type { CcxtBroker } from './features.ts';
