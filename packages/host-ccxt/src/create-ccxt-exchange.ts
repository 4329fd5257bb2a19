import type { Exchange } from 'ccxt';
import type { CcxtBroker } from './features.ts';
import { HotpathExchange } from './hotpath-exchange.ts';

/** What `createCcxtExchange` takes. */
export interface CcxtExchangeOptions {
  /** From `createBroker`; closing it stays with whoever made it. */
  readonly broker: CcxtBroker;
}

/**
 * A ccxt `Exchange` that trades through a broker, for any bot or library that takes an exchange instance. Throws `TypeError` without a broker.
 * An order that was not accepted is an error of ccxt's own classes: `RequestTimeout` for every `unknown`, which may be live and whose `clientOrderId` alone may be tried again, and definite ones for what was refused or never sent.
 */
export function createCcxtExchange({ broker }: CcxtExchangeOptions): Exchange {
  if (typeof broker?.placeOrder !== 'function') throw new TypeError('createCcxtExchange: broker is missing; give it what createBroker() resolves with');
  return HotpathExchange.over(broker);
}
