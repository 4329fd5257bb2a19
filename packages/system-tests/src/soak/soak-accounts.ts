import type { BrokerOptions, RoutingConfig } from '@hotpath/core';

const routing: RoutingConfig<'fast' | 'fallback'> = {
  version: 1,
  salt: 'soak',
  default: { fast: 100, fallback: 0 },
  ramp: { executor: 'fast', steps: [10, 25, 50, 75, 100], minDwell: '2h', minSamples: 20 },
};

/** An account of the soak: at the venue, and at its broker. */
export interface SoakAccount {
  readonly id: number;
  readonly name: string;
  /** Of the client order ids that its bot gives. */
  readonly prefix: string;
  readonly bracketMode: 'position' | 'auto-oco';
  readonly options: Pick<BrokerOptions<'fast' | 'fallback'>, 'routing' | 'ownOco'>;
}

/** Its stops and targets are the broker's own. */
export const practice: SoakAccount = {
  id: 700_001,
  name: 'PRAC-V2-1001',
  prefix: 'prac',
  bracketMode: 'position',
  options: { routing, ownOco: { whenUnprotected: 'close' } },
};
/** Its stops and targets are the venue's. */
export const combine: SoakAccount = {
  id: 700_002,
  name: '50KTC-V2-1002',
  prefix: 'ktc',
  bracketMode: 'auto-oco',
  options: { routing },
};
export const soakAccounts: readonly SoakAccount[] = [practice, combine];
