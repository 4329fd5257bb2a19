import type { Lane } from '../adapter.ts';
import type { RateLimit } from '../capabilities.ts';

/** How many requests may be in the window with the next one of a lane. */
export type LaneCeilings = Readonly<Record<Lane, number>>;

/** `keptBack`: requests that all but entries and reads leave alone, for the shares of their own that processes have. */
export function laneCeilings(
  { requests, reserve, reads = Math.ceil(requests / 2) }: RateLimit,
  keptBack = 0,
): LaneCeilings {
  const entries = requests - reserve;
  const leaving = (part: number): number =>
    Math.max(entries, requests - Math.floor(reserve * part) - keptBack);
  return {
    // safeguard: reads may fill no more than their lane
    read: Math.max(1, Math.min(reads, entries)),
    place: entries,
    modify: entries,
    resolve: leaving(1 / 2),
    look: leaving(1 / 2),
    cancel: leaving(1 / 6),
    close: leaving(0),
  };
}

/** Requests of a window that processes which share a limit keep for themselves, all of them together: a third of the reserve. */
export function ownSharesOf({ reserve }: RateLimit): number {
  return Math.ceil(reserve / 3);
}

/** What gets out or finds out: it may use the reserve, and is not held back by a 429. */
export function mayUseReserve(lane: Lane): boolean {
  return lane !== 'place' && lane !== 'modify' && lane !== 'read';
}
