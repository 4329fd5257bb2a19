import type { Contract } from '../contract.ts';
import type { Closed } from '../outcome.ts';
import type { Position } from '../position.ts';
import type { BrokerParts } from './broker-parts.ts';

/** What an exit that the venue has taken made of the position; tells of one that it turned round. */
export function becameOf<Key extends string>(
  parts: BrokerParts<Key>,
  contract: Contract,
  before: Position,
  operation: 'close' | 'reduce',
  position: Position | undefined,
): Closed['became'] {
  if (!position) return 'flat';
  if (position.side !== before.side) {
    parts.events.emit('position.reversed', {
      contractId: contract.id,
      position,
      message: `A ${operation} of ${contract.name} left ${position.quantity} on the other side.`,
    });
    return 'reversed';
  }
  return operation === 'reduce' && position.quantity < before.quantity ? 'reduced' : 'not-yet-flat';
}
