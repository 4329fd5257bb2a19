import type { ContractId } from '../brand.ts';
import type { Side } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { ProtectedEntry } from './protected-entry.ts';

/** What an entry is taken to hold still. */
export interface Share {
  readonly entry: ProtectedEntry;
  readonly left: number;
}

/** Contracts that market orders at work will still buy and sell: closes, reduces and other people's orders that fill in parts. */
export interface ToCome {
  readonly buy: number;
  readonly sell: number;
}

/** What the orders that are neither entries nor legs will still do to a contract. */
export function contractsToCome(
  open: readonly Order[],
  contractId: ContractId,
  isOfEntry: (order: Order) => boolean,
): ToCome {
  const market = open.filter(
    (order) => order.contractId === contractId && order.type === 'market' && !isOfEntry(order),
  );
  const of = (side: Side): number =>
    market
      .filter((order) => order.side === side)
      .reduce((sum, { quantity, filledQuantity }) => sum + quantity - filledQuantity, 0);
  return { buy: of('buy'), sell: of('sell') };
}

/**
 * The contracts that entries are taken to hold and the position does not have: closed by hand, by another order, or by a venue that flattens.
 * The oldest entries are taken to have gone first. What the position will have once the orders at work have filled is not missing: a close that fills in parts still stands against what others hold.
 */
export function missingContracts(
  shares: readonly Share[],
  position: Position | undefined,
  { buy, sell }: ToCome = { buy: 0, sell: 0 },
): Share[] {
  const now = (position?.quantity ?? 0) * (position?.side === 'sell' ? -1 : 1);
  const inTheEnd = now + buy - sell;
  const missing: Share[] = [];
  for (const side of ['buy', 'sell'] as const) {
    const own = shares
      .filter(({ entry, left }) => entry.side === side && left > 0)
      .toSorted((a, b) => a.entry.armedAt - b.entry.armedAt);
    let short =
      own.reduce((sum, { left }) => sum + left, 0) -
      Math.max(0, ...(side === 'buy' ? [now, inTheEnd] : [-now, -inTheEnd]));
    for (const { entry, left } of own) {
      if (short <= 0) break;
      missing.push({ entry, left: Math.min(left, short) });
      short -= left;
    }
  }
  return missing;
}
