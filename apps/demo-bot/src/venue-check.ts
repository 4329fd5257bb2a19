import type { Ledger } from './ledger.ts';

export interface VenueCheck {
  /** Orders in the venue's record. */
  readonly orders: number;
  /** Orders that no claim of the bot accounts for, or that share a claim with another. */
  readonly duplicates: number;
  /** Orders the bot was told are accepted and the record does not have, or has as refused. */
  readonly missing: number;
  /** Orders the bot was told are refused or never sent, and the record has all the same. */
  readonly contradicted: number;
}

const rejectedStatus = 5;

/** Holds what the bot was told against the venue's own record, order by order. */
export function checkVenue(
  ledger: Ledger,
  record: readonly { readonly customTag: string | null; readonly status: number }[],
): VenueCheck {
  const taken = new Map<string, boolean>();
  let duplicates = 0;
  for (const { customTag, status } of record) {
    if (customTag === null || !ledger.claims.has(customTag) || taken.has(customTag))
      duplicates += 1;
    else taken.set(customTag, status !== rejectedStatus);
  }
  let missing = 0;
  let contradicted = 0;
  for (const [clientOrderId, kind] of ledger.claims) {
    const live = taken.get(clientOrderId) === true;
    if (kind === 'accepted' && !live) missing += 1;
    if ((kind === 'rejected' || kind === 'not-sent') && live) contradicted += 1;
  }
  return { orders: record.length, duplicates, missing, contradicted };
}

export function isExact({ duplicates, missing, contradicted }: VenueCheck): boolean {
  return duplicates === 0 && missing === 0 && contradicted === 0;
}
