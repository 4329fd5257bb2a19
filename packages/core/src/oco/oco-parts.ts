import type { BrokerParts } from '../broker/broker-parts.ts';
import type { ChangeOrders } from '../broker/change-orders.ts';
import type { ClosePositions } from '../broker/close-positions.ts';
import type { PlaceOrders } from '../broker/place-orders.ts';
import type { OcoBook } from './oco-book.ts';
import type { ProtectedEntry } from './protected-entry.ts';

/** What the broker does for its bot, for what it does by itself. */
export interface OcoActions<Key extends string> {
  readonly placing: Pick<PlaceOrders<Key>, 'place'>;
  readonly changing: Pick<ChangeOrders<Key>, 'modify' | 'cancel'>;
  readonly closing: Pick<ClosePositions<Key>, 'close' | 'reduce'>;
}

/** What protecting entries needs. */
export interface OcoParts<Key extends string> extends OcoActions<Key> {
  readonly broker: BrokerParts<Key>;
  readonly book: OcoBook;
  readonly whenUnprotected: 'close' | 'leave';
  readonly protectWithinMs: number;
  /** Something about this entry may be different now. Never acts in the caller's turn. */
  look(entry: ProtectedEntry): void;
  /** The same after a while. */
  lookIn(milliseconds: number, entry: ProtectedEntry): void;
}
