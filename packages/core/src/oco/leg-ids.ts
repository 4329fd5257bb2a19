import type { ClientOrderId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import type { OcoLeg } from './oco-records.ts';

/** A venue refuses an id for ever once it was used, so each further attempt at a leg has a number of its own. */
export const mostAttempts = 999;
const letters: Readonly<Record<OcoLeg, string>> = { stop: 's', target: 't' };
/** What the longest ending takes: `_s999`. */
const endingLength = 2 + String(mostAttempts).length;

/** Longest id of an entry whose legs' ids are made from it, where an id may have `longest` characters. */
export function longestProtectedId(longest: number): number {
  return longest - endingLength;
}

/** The client order id of an entry's leg. Never ends as the venue's own legs do. */
export function legId(entry: ClientOrderId, leg: OcoLeg, attempt: number): ClientOrderId {
  return toClientOrderId(`${entry}_${letters[leg]}${attempt}`);
}
