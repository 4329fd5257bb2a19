import { bench, do_not_optimize } from 'mitata';
import { assignExecutor } from './assign-executor.ts';
import type { RoutingConfig } from './routing-config.ts';

// Runs for every order; new ids each time, as a cache of one would answer otherwise.
const routing: RoutingConfig = {
  version: 1,
  salt: 'bench',
  default: { fast: 50, fallback: 50 },
  rules: [
    { match: { symbol: 'MES' }, weights: { fast: 100, fallback: 0 } },
    { match: { symbol: 'MNQ', strategy: 'orb' }, weights: { fast: 90, fallback: 10 } },
  ],
};
const keys = Array.from({ length: 1_024 }, (_, index) => ({
  clientOrderId: `k3f9ax-mwt04la2-${index.toString(36)}-aguh`,
  account: '1001',
  accountName: 'PRAC-V2-1001',
  strategy: 'orb',
  symbol: 'MNQ',
  contractName: 'MNQZ6',
  contractId: 'CON.F.US.MNQ.Z26',
}));
let next = 0;

bench('route: two executors and two rules', () => {
  const key = keys[(next += 1) & 1_023];
  if (key) do_not_optimize(assignExecutor(routing, 'place', key));
});
