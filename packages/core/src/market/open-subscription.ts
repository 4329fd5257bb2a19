import type { BrokerParts } from '../broker/broker-parts.ts';
import type { Reads } from '../broker/reads.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { NotAvailableError } from '../errors/not-available-error.ts';
import type { MarketChannel } from '../market-data.ts';
import { MarketSubscription } from './market-subscription.ts';
import type { MarketListener, SubscribeRequest, Subscription } from './subscription.ts';

const channelNames: readonly MarketChannel[] = ['quotes', 'trades', 'depth'];

/** Watches a contract's market for a bot. `closed` is called once it is closed. */
export async function openSubscription<Key extends string>(
  { adapter, log }: BrokerParts<Key>,
  reads: Reads<Key>,
  { symbol, channels = ['quotes'] }: SubscribeRequest,
  listener: MarketListener | undefined,
  closed: () => void,
): Promise<Subscription> {
  if (!adapter.watchMarket) throw new NotAvailableError('subscribe()', 'This adapter shows no market data.');
  if (!Array.isArray(channels) || channels.length === 0 || channels.some((channel) => !channelNames.includes(channel))) {
    throw new InvalidOptionsError('subscribe', [`channels: is ${JSON.stringify(channels)}, must hold one or more of ${channelNames.join(', ')}`]);
  }
  const contract = await reads.contract(symbol);
  if (!contract) throw new InvalidOptionsError('subscribe', [`symbol: "${symbol}" is no contract of this broker; searchContracts() lists them`]);
  const watch = (take: MarketListener): (() => void) => {
    const stop = adapter.watchMarket?.(contract, channels, take);
    return () => {
      stop?.();
      closed();
    };
  };
  return new MarketSubscription(contract, watch, listener, log);
}
