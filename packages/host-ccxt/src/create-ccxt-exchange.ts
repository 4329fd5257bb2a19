import { checkFields, InvalidOptionsError } from '@hotpath/core';
import type { Exchange } from 'ccxt';
import type { CcxtBroker } from './features.ts';
import { HotpathExchange } from './hotpath-exchange.ts';

/** What `createCcxtExchange` takes. */
export interface CcxtExchangeOptions {
  /** From `createBroker`; closing it stays with whoever made it. */
  readonly broker: CcxtBroker;
}

/**
 * A ccxt `Exchange` that trades through a broker, for any bot or library that takes an exchange instance. Throws `InvalidOptionsError` without a broker, and for a name that is no option.
 * An order that was not accepted is an error of ccxt's own classes: `RequestTimeout` for every `unknown`, which may be live and whose `clientOrderId` alone may be tried again, and definite ones for what was refused or never sent.
 */
export function createCcxtExchange(options: CcxtExchangeOptions): Exchange {
  const { broker } = checkFields('createCcxtExchange', options, ['broker']);
  if (!isBroker(broker))
    throw new InvalidOptionsError('createCcxtExchange', [
      'broker is missing; give it what createBroker() resolves with',
    ]);
  return HotpathExchange.over(broker);
}

function isBroker(value: unknown): value is CcxtBroker {
  return (
    typeof value === 'object' &&
    value !== null &&
    'placeOrder' in value &&
    typeof value.placeOrder === 'function'
  );
}
