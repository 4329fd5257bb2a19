import type { Contract } from '@hotpath/core';
import { contractExpiry } from './contract-expiry.ts';

/** The account's currency: the venue's accounts are in dollars. */
export const currency = 'USD';

/** ccxt's market of a contract, before ccxt fills in what is the same for all. */
export function marketOf(
  contract: Contract,
  yymmdd: (milliseconds: number) => string,
  iso8601: (milliseconds: number) => string | undefined,
): object {
  const { id, root, tickSize, tickValue, active } = contract;
  const expiry = contractExpiry(contract);
  const suffix = expiry === undefined ? '' : `-${yymmdd(expiry)}`;
  return {
    id,
    symbol: `${root}/${currency}:${currency}${suffix}`,
    base: root,
    quote: currency,
    settle: currency,
    baseId: root,
    quoteId: currency,
    settleId: currency,
    type: 'future',
    subType: 'linear',
    spot: false,
    margin: false,
    swap: false,
    future: true,
    option: false,
    contract: true,
    linear: true,
    inverse: false,
    active,
    // Money per whole point: floats of a tick leave dust behind.
    contractSize: Number((tickValue / tickSize).toPrecision(12)),
    expiry,
    expiryDatetime: expiry === undefined ? undefined : iso8601(expiry),
    precision: { amount: 1, price: tickSize },
    limits: {
      amount: { min: 1, max: undefined },
      price: { min: tickSize, max: undefined },
      cost: { min: undefined, max: undefined },
      leverage: { min: undefined, max: undefined },
    },
    info: contract,
  };
}
