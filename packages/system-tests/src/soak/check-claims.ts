import type { ClaimFaults, OrderLedger } from './order-ledger.ts';
import type { VenueLedger } from './venue-ledger.ts';

export interface CheckedClaims {
  readonly totals: Readonly<Record<keyof ClaimFaults, number>>;
  readonly failures: readonly string[];
}

/** Holds what all bots were told against what the venue has, and what the venue has against what they called for. */
export function checkClaims(ledgers: readonly OrderLedger[], venue: VenueLedger): CheckedClaims {
  const claims = ledgers.map((ledger) => ledger.faults(venue));
  const total = (of: keyof ClaimFaults): number =>
    claims.reduce((sum, fault) => sum + fault[of].length, 0);
  const failures: string[] = [];
  for (const of of ['lost', 'falseFailures', 'unsettled'] as const)
    if (total(of) > 0)
      failures.push(
        `${of}: ${claims
          .flatMap((fault) => fault[of])
          .slice(0, 5)
          .join(', ')}`,
      );
  // A leg's tag is made from its entry's; what else is there was never called for.
  const strays = [...venue.tags()].filter((key) => {
    const [account = '', tag = ''] = key.split(' ');
    const entry = tag.replace(/(?:_[st]\d+|-(?:sl|tp))$/, '');
    return !ledgers.some((ledger) => String(ledger.accountId) === account && ledger.has(entry));
  });
  if (strays.length > 0)
    failures.push(`orders that nobody called for: ${strays.slice(0, 5).join(', ')}`);
  return {
    totals: {
      lost: total('lost'),
      falseFailures: total('falseFailures'),
      unsettled: total('unsettled'),
    },
    failures,
  };
}
