import type { RoutingConfig } from '@hotpath/core';
import { assignExecutor } from '@hotpath/core';
import { median } from '../measure/percentiles.ts';

/** A table as a rollout has it: two executors, a rule that matches and one that does not. */
const routing: RoutingConfig = {
  version: 1,
  salt: 'bench',
  default: { fast: 50, fallback: 50 },
  rules: [
    { match: { symbol: 'MES' }, weights: { fast: 100, fallback: 0 } },
    { match: { symbol: 'MNQ', strategy: 'orb' }, weights: { fast: 90, fallback: 10 } },
  ],
};

/** Microseconds to choose an order's executor, one for each of `rounds`: a loop of orders with ids of their own, since a single choice is shorter than what a clock can tell. */
function routeCost(rounds: number, perRound: number): number[] {
  const ids = Array.from(
    { length: perRound },
    (_, index) => `k3f9ax-mwt04la2-${index.toString(36)}-aguh`,
  );
  const costs: number[] = [];
  let chosen = 0;
  // The first tenth warms up.
  for (let round = -rounds / 10; round < rounds; round += 1) {
    const before = performance.now();
    for (const clientOrderId of ids) {
      const { executor } = assignExecutor(routing, 'place', {
        clientOrderId,
        account: '1001',
        accountName: 'PRAC-V2-1001',
        strategy: 'orb',
        symbol: 'MNQ',
        contractName: 'MNQZ6',
        contractId: 'CON.F.US.MNQ.Z26',
      });
      if (executor === 'fast') chosen += 1;
    }
    if (round >= 0) costs.push(((performance.now() - before) * 1_000) / perRound);
  }
  // Also keeps the choices from being left out as unused.
  if (chosen === 0) throw new Error('No order was routed to the fast executor.');
  return costs;
}

/** Microseconds, median of the rounds. */
export function medianRouteCost(): number {
  return median(routeCost(200, 1_000));
}
