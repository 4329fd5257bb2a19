import { closeHeld } from './close-held.ts';
import { dropLegs } from './drop-legs.ts';
import type { HostParts } from './host-parts.ts';
import type { SignalRecord } from './signal-record.ts';

/** Closes what filled of a signal that the engine has given up: the engine holds nothing, and so must the venue. */
export async function takeBack(parts: HostParts, record: SignalRecord): Promise<void> {
  if (record.state !== 'dropped') return;
  record.state = 'left';
  const { broker, fillWithinMs } = parts.settings;
  const reference = { clientOrderId: record.clientOrderId };
  // What of it still works is being cancelled; how much filled is known when it has ended.
  const order = await broker
    .waitForFill(reference, { timeoutMs: fillWithinMs })
    .catch(() => broker.getOrder(reference, { fresh: true }).catch(() => undefined));
  const filled = order?.filledQuantity ?? record.request.quantity;
  record.held = filled;
  // Its stop and target name it.
  if (order !== undefined) record.entries = [order.orderId];
  parts.memory.save(record);
  const ending = await closeHeld(parts, record).catch((error: unknown) => ({
    is: 'held' as const,
    because: error instanceof Error ? error.message : String(error),
  }));
  if (ending.is !== 'flat') {
    parts.tell(
      'position-left',
      record,
      `An order of the dropped signal ${record.signalId} filled ${filled}, and is still held: ${ending.because}`,
    );
    return;
  }
  record.held = 0;
  record.state = 'closed';
  parts.memory.save(record);
  await dropLegs(parts, record);
  parts.tell(
    'entry-taken-back',
    record,
    `An order of the dropped signal ${record.signalId} filled ${filled} after all, and was closed.`,
  );
}
