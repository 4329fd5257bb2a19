import type { Adapter } from '../adapter.ts';
import type { BrokerOptions } from '../broker/broker-options.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { contractProblems } from '../limits/contract-problems.ts';

/** What could not be held to would be a promise that is not kept. */
export function refuseUnkeepable(
  { limits, ownOco }: Pick<BrokerOptions<string>, 'limits' | 'ownOco'>,
  adapter: Adapter,
): void {
  const problems: string[] = [];
  if (limits?.dailyLoss && !adapter.openStreams)
    problems.push('limits.dailyLoss: needs an adapter with an order stream');
  if (limits?.priceBandTicks !== undefined && !adapter.watchMarket)
    problems.push('limits.priceBandTicks: needs an adapter with market data');
  if (ownOco && !adapter.openStreams)
    problems.push('ownOco: needs an adapter with an order stream');
  if (ownOco && adapter.capabilities.modify === 'none')
    problems.push('ownOco: needs an adapter that modifies orders in place');
  if (problems.length > 0) throw new InvalidOptionsError('createBroker', problems);
}

/** Limits that name contracts which there are not: known only once the venue has shown its own. */
export function refuseUnknownContracts(
  { limits }: Pick<BrokerOptions<string>, 'limits'>,
  adapter: Adapter,
): void {
  const problems = limits
    ? [...contractProblems(limits, (symbol) => adapter.contract(symbol))]
    : [];
  if (problems.length > 0) throw new InvalidOptionsError('createBroker', problems);
}
