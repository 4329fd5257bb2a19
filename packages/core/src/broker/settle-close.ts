import type { Contract } from '../contract.ts';
import type { Closed, CloseOutcome, Unsettled } from '../outcome.ts';
import { Absence } from '../outcomes/absence.ts';
import type { Search, UnknownDetails } from '../outcomes/open-unknown.ts';
import { unsettled } from '../outcomes/open-unknown.ts';
import { notSent, rejected } from '../outcomes/refusals.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import { unknownDetails } from '../outcomes/unknown-details.ts';
import type { Position } from '../position.ts';
import type { DeliveryEnd } from '../router/delivery-task.ts';
import type { BrokerParts } from './broker-parts.ts';

/**
 * A close answers what is held after it, so every one but a plain refusal ends in a read of the positions. Neither is ever sent again.
 * `before` is the position that was read ahead of it.
 */
export async function settleClose<Key extends string>(
  parts: BrokerParts<Key>,
  contract: Contract,
  before: Position,
  call: Call,
  end: DeliveryEnd<Key>,
): Promise<CloseOutcome<Key>> {
  const { result } = end;
  if (result.is === 'not-sent') return notSent(told(call, parts.clock, end), result);
  if (result.is === 'answered' && result.verdict.is === 'refused') return rejected(told(call, parts.clock, end), result.verdict);
  const details = unknownDetails(result);
  if (details && call.operation === 'close') parts.closeGuard.hold(contract.id);
  if (details?.code === 'WAIT_ABORTED') return parts.unknowns.within<Closed<Key>>(told(call, parts.clock, end), details, closeSearch(parts, contract, call, end), call);

  const look = await positionOf(parts, contract);
  const base = told<Key>(call, parts.clock, end);
  const operation = call.operation === 'reduce' ? 'reduce' : 'close';
  if (!look.read) {
    const unread: UnknownDetails = { code: 'NOT_CONFIRMED', message: `The venue answered, but the position could not be read: ${look.message}` };
    return parts.unknowns.within<Closed<Key>>(base, details ?? unread, closeSearch(parts, contract, call, end), call);
  }
  const { position } = look;
  const remainingQuantity = position?.quantity ?? 0;
  if (result.is === 'answered' && result.verdict.is === 'disputed') {
    if (!position) return { kind: 'accepted', ...base, operation, became: 'already-flat', remainingQuantity };
    return rejected(base, { code: 'POSITION_NOT_FOUND', message: `${result.verdict.message} The venue shows ${remainingQuantity} held.`, venueCode: result.verdict.venueCode });
  }
  if (details) {
    // Flat is flat, whoever made it so. A smaller position proves nothing about a reduce: another order may have done it.
    if (operation === 'close' && !position) return { kind: 'accepted', ...base, operation, became: 'flat', remainingQuantity };
    return parts.unknowns.within<Closed<Key>>(base, details, closeSearch(parts, contract, call, end), call);
  }
  if (!position) return { kind: 'accepted', ...base, operation, became: 'flat', remainingQuantity };
  if (position.side !== before.side) {
    parts.events.emit('position.reversed', { contractId: contract.id, position, message: `A ${operation} of ${contract.name} left ${remainingQuantity} on the other side.` });
    return { kind: 'accepted', ...base, operation, became: 'reversed', remainingQuantity };
  }
  return { kind: 'accepted', ...base, operation, became: operation === 'reduce' && remainingQuantity < before.quantity ? 'reduced' : 'not-yet-flat', remainingQuantity };
}

/**
 * Flat is flat, whoever made it so. A position that is still there proves nothing about a close, and nothing proves a reduce: another order may have made it smaller.
 * Neither is sent again, so after as long as an order is looked for there is nothing more to wait for.
 */
function closeSearch<Key extends string>(parts: BrokerParts<Key>, contract: Contract, call: Call, end: DeliveryEnd<Key>): Search<Closed<Key> | Unsettled<Key>> {
  const absence = new Absence(parts.settleMs, parts.clock);
  return {
    since: end.firstSentAt,
    concerns: ({ contractId }) => contractId === contract.id,
    async look({ begunAt }) {
      const look = await positionOf(parts, contract);
      if (!look.read) {
        absence.failed();
        return undefined;
      }
      const base = told<Key>(call, parts.clock, end);
      if (call.operation === 'close' && !look.position) {
        parts.exposure?.flat(contract.id);
        parts.closeGuard.hold(contract.id);
        return { kind: 'accepted', ...base, operation: 'close', became: 'flat', remainingQuantity: 0 };
      }
      absence.notFound(begunAt);
      if (!absence.isOver(true)) return undefined;
      const held = look.position ? `${look.position.quantity} are held` : 'nothing is held';
      return unsettled(base, 'ABSENT', `Nothing shows whether the ${call.operation} of ${contract.name} ran; ${held} now. Read the position before you decide again.`);
    },
  };
}

type Look = { readonly read: true; readonly position: Position | undefined } | { readonly read: false; readonly message: string };

async function positionOf<Key extends string>({ adapter }: BrokerParts<Key>, contract: Contract): Promise<Look> {
  try {
    const positions = await adapter.reads.positions('close');
    return { read: true, position: positions.find(({ contractId }) => contractId === contract.id) };
  } catch (error) {
    return { read: false, message: error instanceof Error ? error.message : String(error) };
  }
}
