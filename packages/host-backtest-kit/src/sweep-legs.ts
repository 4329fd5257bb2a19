import type { HostParts } from './host-parts.ts';
import { legKind, legsOf } from './bracket-legs.ts';
import { concludeCommit } from './conclude-commit.ts';
import { endingOfOrder } from './place-and-fill.ts';
import type { SignalRecord } from './signal-record.ts';

/** Takes into the memory what happened at the venue by itself: legs that filled, and parts or averages whose end was not known. Rejects when the venue can't be asked. */
export async function sweepVenue(parts: HostParts, record: SignalRecord): Promise<void> {
  for (const commit of record.commits.filter(({ state }) => state === 'sent')) {
    const order = await parts.settings.broker.getOrder(
      { clientOrderId: commit.clientOrderId },
      { fresh: true },
    );
    if (order === undefined) continue;
    const ending = endingOfOrder(order);
    if (ending.is === 'ended') concludeCommit(parts, record, commit, ending);
  }
  if (parts.settings.brackets !== 'native') return;
  const legs = (await legsOf(parts, record)).filter(({ filledQuantity }) => filledQuantity > 0);
  const taken = legs.reduce((sum, { filledQuantity }) => sum + filledQuantity, 0);
  if (taken <= record.byLegs) return;
  record.held = Math.max(0, record.held - (taken - record.byLegs));
  record.byLegs = taken;
  // The legs' own times are those of their activation, which is the same for both.
  const last = legs.toSorted(
    (a, b) => (b.filledAt ?? b.updatedAt) - (a.filledAt ?? a.updatedAt),
  )[0];
  if (record.held === 0 && last !== undefined)
    record.exit = legKind(last) === 'target' ? 'take-profit' : 'stop-loss';
  parts.memory.save(record);
}
