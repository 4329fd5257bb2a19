import type { Closed } from '../outcome.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import type { BrokerParts } from './broker-parts.ts';

/** The outcome of an exit that finds nothing to take off. */
export function alreadyFlat<Key extends string>(
  call: Call,
  { clock }: BrokerParts<Key>,
): Closed<Key> {
  const operation = call.operation === 'reduce' ? 'reduce' : 'close';
  return {
    kind: 'accepted',
    ...told<Key>(call, clock),
    operation,
    became: 'already-flat',
    remainingQuantity: 0,
  };
}
