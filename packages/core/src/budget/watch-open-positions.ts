import type { VenueState } from '../state/venue-state.ts';
import type { HeldBudget } from './rate-budgets.ts';

/** A look at the orders and one at the positions. */
const looks = 2;

/** Keeps as much for exits as what is held takes: a close for each position, and the looks that say that all is out. */
export function watchOpenPositions<Key extends string>(
  state: VenueState<Key>,
  held: HeldBudget,
): void {
  const tell = (): void => held.keepForExits(state.positions.all().length + looks);
  tell();
  state.onPosition(tell);
}
