import type { PlaceOutcome } from '../outcome.ts';
import { unsettled } from '../outcomes/open-unknown.ts';
import { inMode } from '../outcomes/told.ts';
import type { PlaceRecord } from './intent-book.ts';

/** A refusal ends its own attempt. While an earlier one under the same id is only absent, the intent is what it was. */
export function ofTheIntent<Key extends string>(
  outcome: PlaceOutcome<Key>,
  absent: PlaceRecord<Key>,
): PlaceOutcome<Key> {
  // safeguard: attempt-versus-intent rule
  if (outcome.kind !== 'not-sent' && outcome.kind !== 'rejected') return outcome;
  const { symbol, mode, executor, deliveries, timings } = outcome;
  const message = `${outcome.message} An earlier attempt under this id was sent and never seen, so it may still come: try again under the same id only.`;
  return unsettled(
    inMode(mode, {
      clientOrderId: absent.clientOrderId,
      operation: 'place',
      symbol,
      executor,
      deliveries,
      timings,
    }),
    'ABSENT',
    message,
  );
}
