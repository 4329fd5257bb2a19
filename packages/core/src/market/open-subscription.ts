import type { BrokerParts } from '../broker/broker-parts.ts';
import { readSubscription } from '../broker/read-requests.ts';
import type { Reads } from '../broker/reads.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { NotAvailableError } from '../errors/not-available-error.ts';
import { MarketSubscription } from './market-subscription.ts';
import type { MarketListener, SubscribeRequest, Subscription } from './subscription.ts';

/** Watches a contract's market for a bot. `closed` is called once it is closed. */
export async function openSubscription<Key extends string>(
  { adapter, log }: BrokerParts<Key>,
  reads: Reads<Key>,
  request: SubscribeRequest,
  given: MarketListener | undefined,
  closed: () => void,
): Promise<Subscription> {
  if (!adapter.watchMarket)
    throw new NotAvailableError('subscribe()', 'This adapter shows no market data.');
  const { symbol, channels, listener } = readSubscription(request, given);
  const contract = await reads.contract(symbol);
  if (!contract)
    throw new InvalidOptionsError('subscribe', [
      `symbol: "${symbol}" is no contract of this broker; searchContracts() lists them`,
    ]);
  const watch = (take: MarketListener): (() => void) => {
    const stop = adapter.watchMarket?.(contract, channels, take);
    return () => {
      stop?.();
      closed();
    };
  };
  return new MarketSubscription(contract, watch, listener, log);
}
