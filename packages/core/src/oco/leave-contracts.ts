import type { BrokerParts } from '../broker/broker-parts.ts';
import type { CloseOutcome } from '../outcome.ts';
import type { Position } from '../position.ts';
import type { LegKeeper } from './leg-keeper.ts';
import type { OcoParts } from './oco-parts.ts';
import type { ProtectedEntry } from './protected-entry.ts';

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** What is still to be protected, and by whom. */
export interface Protection<Key extends string> {
  readonly entry: ProtectedEntry;
  readonly keepers: readonly LegKeeper<Key>[];
  /** Contracts of the entry that are held still. */
  left(): number;
}

/**
 * Gets an entry's contracts out: its legs first, since one that fills behind a close would open what was closed, then the contracts, again and again until they are out.
 * The whole position is closed when it is this entry's; otherwise it is reduced by what is the entry's, once. Never rejects.
 */
export async function leaveContracts<Key extends string>(
  parts: OcoParts<Key>,
  protection: Protection<Key>,
): Promise<void> {
  const { entry, keepers } = protection;
  const { broker, book } = parts;
  const { clock, latch, router, log } = broker;
  entry.isExiting = true;
  let seenGone = 0;
  try {
    for (
      let pauseMs = firstPauseMs;
      !router.isClosed && !latch.isSet;
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    ) {
      await Promise.all(keepers.map((keeper) => keeper.cancel()));
      const quantity = protection.left();
      if (quantity === 0) return;
      try {
        const { position, isClosing } = await lookAt(broker, entry);
        seenGone = position ? 0 : seenGone + 1;
        // A fill may be shown as a position a moment later.
        if (seenGone > 1)
          return book.writeOrGoOn(entry, {
            step: 'exit',
            quantity,
            because: 'the position was gone',
          });
        if (!position || isClosing) {
          log.debug(
            { clientOrderId: entry.clientOrderId, isClosing },
            'unprotected contracts are not in the position, or on their way out',
          );
        } else if (await takeOff(parts, protection, position, quantity)) return;
      } catch (error) {
        log.warn(
          { clientOrderId: entry.clientOrderId, error },
          'unprotected contracts could not be closed yet',
        );
      }
      await new Promise<void>((resolve) => void clock.setTimer(pauseMs, resolve));
    }
  } finally {
    entry.isExiting = false;
    parts.look(entry);
  }
}

/** The position that holds the entry's contracts, where there is one on its side, and whether a market order takes something of it off already. */
async function lookAt<Key extends string>(
  { adapter }: BrokerParts<Key>,
  entry: ProtectedEntry,
): Promise<{ readonly position: Position | undefined; readonly isClosing: boolean }> {
  const orders = await adapter.reads.openOrders('close');
  const positions = await adapter.reads.positions('close');
  const isClosing = orders.some(
    (order) =>
      order.contractId === entry.contractId && order.type === 'market' && order.side !== entry.side,
  );
  const position = positions.find(({ contractId }) => contractId === entry.contractId);
  return { position: position?.side === entry.side ? position : undefined, isClosing };
}

/** Closes the position, or reduces it by what is the entry's. Gives whether nothing more is to be done: they are out, or whether they are can't be known. */
async function takeOff<Key extends string>(
  { broker, book, closing }: OcoParts<Key>,
  protection: Protection<Key>,
  position: Position,
  quantity: number,
): Promise<boolean> {
  const { entry } = protection;
  if (position.quantity <= quantity) {
    const outcome = await ended(closing.close({ symbol: entry.contractId }));
    if (outcome.kind !== 'accepted' || outcome.remainingQuantity !== 0) return false;
    book.writeOrGoOn(entry, { step: 'exit', quantity: protection.left(), because: 'closed' });
    return true;
  }
  if (entry.isReducing) {
    broker.log.error(
      { clientOrderId: entry.clientOrderId, quantity },
      'unprotected contracts stay: whether they were taken off before is not known',
    );
    return true;
  }
  book.writeOrGoOn(entry, { step: 'reducing', quantity });
  const outcome = await ended(closing.reduce({ symbol: entry.contractId, quantity }));
  if (outcome.kind === 'accepted') {
    book.writeOrGoOn(entry, { step: 'exit', quantity, because: 'reduced' });
    return true;
  }
  if (outcome.kind !== 'unknown') book.writeOrGoOn(entry, { step: 'reducing', quantity: 0 });
  return false;
}

async function ended<Key extends string>(
  closing: Promise<CloseOutcome<Key>>,
): Promise<CloseOutcome<Key>> {
  const outcome = await closing;
  return outcome.kind === 'unknown' && !outcome.final ? outcome.resolved : outcome;
}
