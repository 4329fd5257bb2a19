import type { Contract } from '../contract.ts';
import type { BrokerParts } from './broker-parts.ts';

/** The contract, if the adapter has it at hand. One that throws here is treated as one that has to be asked again: a mutation never throws. */
export function cachedContract(
  { adapter, log }: Pick<BrokerParts<string>, 'adapter' | 'log'>,
  symbol: string,
): Contract | undefined {
  try {
    return adapter.contract(symbol);
  } catch (error) {
    log.error({ symbol, error }, 'the adapter failed to look for a contract');
    return undefined;
  }
}
