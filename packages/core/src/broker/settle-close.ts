import type { Closed, CloseOutcome } from '../outcome.ts';
import type { UnknownExit } from '../outcomes/close-search.ts';
import { CloseSearch } from '../outcomes/close-search.ts';
import type { UnknownDetails } from '../outcomes/open-unknown.ts';
import { notSent, rejected } from '../outcomes/refusals.ts';
import { told } from '../outcomes/told.ts';
import { unknownDetails } from '../outcomes/unknown-details.ts';
import { becameOf } from './became-of.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { PositionLook } from './position-of.ts';
import { positionOf } from './position-of.ts';

/** The position is read again after pauses that grow to the second of these. */
const pauses = { firstMs: 250, longestMs: 1_000 };

/** A close answers what is held after it, so every one but a plain refusal ends in a read of the positions. */
export async function settleClose<Key extends string>(
  parts: BrokerParts<Key>,
  exit: UnknownExit<Key>,
): Promise<CloseOutcome<Key>> {
  const { contract, before, call, end } = exit;
  const { result } = end;
  if (result.is === 'not-sent') return notSent(told(call, parts.clock, end), result);
  if (result.is === 'answered' && result.verdict.is === 'refused')
    return rejected(told(call, parts.clock, end), result.verdict);
  const details = unknownDetails(result);
  if (details && call.operation === 'close') parts.closeGuard.hold(contract.id);
  const search = new CloseSearch(parts, exit);
  if (details?.code === 'WAIT_ABORTED')
    return parts.unknowns.open<Closed<Key>>(told(call, parts.clock, end), details, search);

  const isDone = !details && !(result.is === 'answered' && result.verdict.is === 'disputed');
  const look = isDone
    ? await settledPosition(parts, exit)
    : await positionOf(parts.adapter, contract);
  const base = told<Key>(call, parts.clock, end);
  const operation = call.operation === 'reduce' ? 'reduce' : 'close';
  if (!look.read) {
    const unread: UnknownDetails = {
      code: 'NOT_CONFIRMED',
      message: `The venue answered, but the position could not be read: ${look.message}`,
    };
    return parts.unknowns.within<Closed<Key>>(base, details ?? unread, search, call);
  }
  const { position } = look;
  const remainingQuantity = position?.quantity ?? 0;
  if (result.is === 'answered' && result.verdict.is === 'disputed') {
    if (!position)
      return { kind: 'accepted', ...base, operation, became: 'already-flat', remainingQuantity };
    return rejected(base, {
      code: 'POSITION_NOT_FOUND',
      message: `${result.verdict.message} The venue shows ${remainingQuantity} held.`,
      venueCode: result.verdict.venueCode,
    });
  }
  if (details) {
    // Flat is flat, whoever made it so. A smaller position proves nothing about a reduce: another order may have done it.
    if (operation === 'close' && !position)
      return { kind: 'accepted', ...base, operation, became: 'flat', remainingQuantity };
    return parts.unknowns.within<Closed<Key>>(base, details, search, call);
  }
  return {
    kind: 'accepted',
    ...base,
    operation,
    became: becameOf(parts, contract, before, operation, position),
    remainingQuantity,
  };
}

/** What is held once the exit that the venue has taken shows, or after as long as an order is looked for. */
export async function settledPosition<Key extends string>(
  { adapter, clock, router, settleMs, outcomeWithinMs }: BrokerParts<Key>,
  { contract, before, call }: Pick<UnknownExit<Key>, 'contract' | 'before' | 'call'>,
): Promise<PositionLook> {
  const until = Math.min(clock.monotonic() + settleMs, call.startedAt + outcomeWithinMs);
  for (let pauseMs = pauses.firstMs; ; pauseMs = Math.min(pauseMs * 2, pauses.longestMs)) {
    const look = await positionOf(adapter, contract);
    const isUnchanged =
      look.read &&
      look.position?.side === before.side &&
      look.position.quantity >= (call.operation === 'reduce' ? before.quantity : 1);
    if ((look.read && !isUnchanged) || router.isClosed || clock.monotonic() + pauseMs > until)
      return look;
    await new Promise<void>((resolve) => void clock.setTimer(pauseMs, resolve));
  }
}
