import { IntentBook } from '../broker/intent-book.ts';
import type { OcoBook } from '../oco/oco-book.ts';
import { isMintedUnder, isOurs } from '../state/is-ours.ts';
import { VenueState } from '../state/venue-state.ts';
import type { Ground } from './set-up-ground.ts';
import type { StartInputs } from './start-inputs.ts';

/** What is known of the bot's intents and of the venue's orders. */
export interface KnownState<Key extends string> {
  readonly book: IntentBook<Key>;
  readonly state: VenueState<Key>;
  /** The broker's own stops and targets, which are known once the journal has been read. */
  readonly protection: { oco: OcoBook | undefined };
}

/** Makes both at once, since each asks the other which orders are the bot's own. */
export function setUpState<Key extends string>(
  { options: { journal }, undo, clock }: StartInputs<Key>,
  { adapter, events, log }: Ground<Key>,
): KnownState<Key> {
  const protection: { oco: OcoBook | undefined } = { oco: undefined };
  const book = new IntentBook<Key>(
    clock,
    (orderId) => state.orders.isOpen(orderId),
    (clientOrderId) => isMintedUnder(journal, clientOrderId),
  );
  const state: VenueState<Key> = new VenueState<Key>({
    adapter,
    events,
    clock,
    log,
    isOurs: (order) =>
      isOurs(order, book, journal) || protection.oco?.protectedBy(order) !== undefined,
    parentOf: (order) => protection.oco?.parentOf(order),
  });
  undo.add(() => state.close());
  return { book, state, protection };
}
