import type { Position } from '../position.ts';
import type { ProtectedEntry } from './protected-entry.ts';

/** What an entry is taken to hold still. */
export interface Share {
  readonly entry: ProtectedEntry;
  readonly left: number;
}

/**
 * The contracts that entries are taken to hold and the position does not have: closed by hand, by another order, or by a venue that flattens.
 * The oldest entries are taken to have gone first.
 */
export function missingContracts(shares: readonly Share[], position: Position | undefined): Share[] {
  const missing: Share[] = [];
  for (const side of ['buy', 'sell'] as const) {
    const own = shares.filter(({ entry, left }) => entry.side === side && left > 0).toSorted((a, b) => a.entry.armedAt - b.entry.armedAt);
    let short = own.reduce((sum, { left }) => sum + left, 0) - (position?.side === side ? position.quantity : 0);
    for (const { entry, left } of own) {
      if (short <= 0) break;
      missing.push({ entry, left: Math.min(left, short) });
      short -= left;
    }
  }
  return missing;
}
