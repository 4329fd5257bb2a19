import type { Claim } from './claims.ts';
import type { IntentHistory } from './intent-history.ts';
import type { VenueRecord } from './venue-record.ts';

const statusNames: Readonly<Record<number, string>> = {
  1: 'working',
  2: 'filled',
  3: 'cancelled',
  4: 'expired',
  5: 'rejected',
  6: 'pending',
  8: 'suspended',
};

/** Accepted orders that the broker did not know after the last restart, or knew in another state. */
export function lostOrders(
  claims: readonly Claim[],
  histories: ReadonlyMap<string, IntentHistory>,
  record: VenueRecord,
): { readonly intent: string; readonly because: string }[] {
  const audits = new Map(
    claims.flatMap((claim) =>
      claim.kind === 'audit' ? [[claim.clientOrderId.toLowerCase(), claim] as const] : [],
    ),
  );
  const lost: { readonly intent: string; readonly because: string }[] = [];
  for (const [intent, orders] of record.accepted) {
    if (histories.get(intent)?.calls[0]?.claim.operation !== 'place') continue;
    for (const { id, customTag, status } of orders) {
      const audit = audits.get(customTag?.toLowerCase() ?? '');
      if (!audit)
        lost.push({ intent, because: `order ${id} (${customTag}) was asked for under no id` });
      else if (audit.orderId !== String(id))
        lost.push({
          intent,
          because: `order ${id} (${customTag}) is not known; getOrder gave ${audit.orderId}`,
        });
      else if (audit.status !== statusNames[status])
        lost.push({
          intent,
          because: `order ${id} is ${statusNames[status] ?? status}; getOrder says ${audit.status}`,
        });
    }
  }
  return lost;
}
