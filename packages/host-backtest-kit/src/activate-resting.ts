import { rejected, transient, transientFrom } from './engine-verdict.ts';
import type { HostParts } from './host-parts.ts';
import { endingOfOrder } from './place-and-fill.ts';
import { settle } from './settle.ts';
import type { SignalRecord } from './signal-record.ts';

/**
 * The engine saw the price of a resting entry and opens the position. It asks once: what is not filled by now is cancelled, and what filled is the position.
 */
export async function activateResting(parts: HostParts, record: SignalRecord): Promise<void> {
  const { broker, clock, fillWithinMs, settleWithinMs } = parts.settings;
  const reference = { clientOrderId: record.clientOrderId };
  const filled = await broker
    .waitForFill(reference, { timeoutMs: fillWithinMs })
    .catch(() => undefined);
  if (filled !== undefined)
    return hold(parts, record, endingOfOrder(filled).is === 'ended' ? filled.filledQuantity : 0);
  const outcome = await settle(await broker.cancelOrder(reference), clock, settleWithinMs);
  if (outcome.kind === 'accepted') return hold(parts, record, outcome.filledQuantity);
  const order = await broker
    .getOrder(reference, { fresh: true })
    .catch((error: unknown) => Promise.reject(transientFrom(error)));
  const ending = order && endingOfOrder(order);
  if (ending?.is === 'ended') return hold(parts, record, ending.filled);
  throw transient(
    `The entry has not filled, and its cancel is ${outcome.kind}: ${outcome.message}`,
  );
}

function hold(parts: HostParts, record: SignalRecord, quantity: number): void {
  record.held = quantity;
  record.state = quantity > 0 ? 'open' : 'dropped';
  if (quantity > 0) record.hasFilled = true;
  parts.memory.save(record);
  if (quantity === 0)
    throw rejected(
      'The resting entry had not filled when the engine opened the position; it is cancelled.',
    );
}
