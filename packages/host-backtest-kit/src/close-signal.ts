import type { BrokerOrderClosePayload, BrokerPendingClosePayload } from 'backtest-kit';
import { closeHeld } from './close-held.ts';
import { dropLegs } from './drop-legs.ts';
import { isLastClose, rejected, transient, transientFrom } from './engine-verdict.ts';
import type { HostParts } from './host-parts.ts';
import { signalOrderId } from './signal-order-id.ts';
import { contextOf } from './strategy-context.ts';
import { sweepVenue } from './sweep-legs.ts';

/** The close gate: returns when the venue holds nothing of the signal any more. */
export async function closeSignal(
  parts: HostParts,
  payload: BrokerOrderClosePayload,
): Promise<void> {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record === undefined) {
    // Opened before this adapter was there, or its memory is lost: nothing of it is ours to close, and the engine takes it for closed.
    const message = `Signal ${payload.signalId} was not opened through this broker, as far as ${parts.settings.file} tells; what the venue holds of it is left.`;
    parts.tell(
      'position-left',
      {
        signalId: payload.signalId,
        clientOrderId: signalOrderId(payload.signalId, contextOf(payload)),
        context: contextOf(payload),
      },
      message,
    );
    throw rejected(message);
  }
  if (record.state === 'closed' || record.state === 'dropped') return;
  const ending = await (async () => {
    try {
      await sweepVenue(parts, record);
      return await closeHeld(parts, record);
    } catch (error) {
      throw transientFrom(error);
    }
  })();
  if (ending.is === 'flat') {
    record.state = 'closed';
    record.held = 0;
    parts.memory.save(record);
    return dropLegs(parts, record);
  }
  if (ending.is === 'held') throw transient(ending.because);
  parts.tell(
    'close-refused',
    record,
    `The venue refused to close signal ${record.signalId}, and still holds it. ${ending.because}`,
  );
  // A refusal is the venue's word, and the position stays: the engine keeps it, and asks again, as often as it does.
  if (!isLastClose(payload.attempt)) throw transient(ending.because);
  throw rejected(ending.because);
}

/** The engine has closed the position in its own books, with or without the venue. */
export function markLeft(parts: HostParts, payload: BrokerPendingClosePayload): void {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record === undefined) return;
  parts.counts.delete(record.clientOrderId);
  if (record.exit !== undefined) {
    record.state = 'closed';
    parts.memory.save(record);
  }
  if (record.state !== 'open') return;
  record.state = 'left';
  parts.memory.save(record);
  parts.tell(
    'position-left',
    record,
    `The engine counts signal ${record.signalId} as closed (${payload.closeReason ?? 'no reason given'}), and the venue may still hold ${record.held} of ${record.contractId}. Nothing new is opened over it.`,
  );
}
