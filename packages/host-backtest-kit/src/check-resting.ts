import { commitActivateScheduled, OrderDeletedError } from 'backtest-kit';
import type {
  BrokerOrderCheckPayload,
  BrokerScheduleCancelledPayload,
  BrokerSchedulePingPayload,
} from 'backtest-kit';
import type { Order } from '@hotpath/core';
import { isFinal } from '@hotpath/core';
import { isLastCheck, transient } from './engine-verdict.ts';
import type { HostParts } from './host-parts.ts';
import { settle } from './settle.ts';
import { contextOf } from './strategy-context.ts';
import { takeBack } from './take-back.ts';

/** The check of a resting entry: gone only when the venue shows it ended with nothing filled. */
export async function checkResting(
  parts: HostParts,
  payload: BrokerOrderCheckPayload,
): Promise<void> {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record === undefined || record.state !== 'resting') return;
  let order: Order | undefined;
  let unread = 'The venue does not show the resting entry, which is no proof that it is gone.';
  try {
    order = await parts.settings.broker.getOrder({ clientOrderId: record.clientOrderId });
  } catch (error) {
    unread = error instanceof Error ? error.message : String(error);
  }
  if (order === undefined) {
    if (!isLastCheck(payload.attempt)) throw transient(unread);
    return parts.tell(
      'check-unread',
      record,
      `The resting entry of signal ${record.signalId} is taken to work still. ${unread}`,
    );
  }
  if (!isFinal(order.status) || order.filledQuantity > 0) return;
  record.state = 'dropped';
  parts.memory.save(record);
  throw new OrderDeletedError(`The resting entry is ${order.status} at the venue.`);
}

/** The venue fills at its own moment: the engine follows it, and opens the position with its next tick. */
export async function reportFilledEntry(
  parts: HostParts,
  payload: BrokerSchedulePingPayload,
): Promise<void> {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record?.state !== 'resting') return;
  const order = await parts.settings.broker.getOrder({ clientOrderId: record.clientOrderId });
  if (order !== undefined && isFinal(order.status) && order.filledQuantity > 0)
    await commitActivateScheduled(payload.symbol);
}

/** The engine dropped a resting entry: it is cancelled, and what had filled by then is closed. */
export async function cancelResting(
  parts: HostParts,
  payload: BrokerScheduleCancelledPayload,
): Promise<void> {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record === undefined || (record.state !== 'resting' && record.state !== 'sent')) return;
  const { broker, clock, settleWithinMs } = parts.settings;
  record.state = 'dropped';
  parts.memory.save(record);
  const outcome = await settle(
    await broker.cancelOrder({ clientOrderId: record.clientOrderId }),
    clock,
    settleWithinMs,
  );
  if (outcome.kind === 'accepted') {
    if (outcome.filledQuantity > 0) await takeBack(parts, record);
    return;
  }
  parts.tell(
    'open-dropped',
    record,
    `The engine dropped signal ${record.signalId}, and the cancel of its order is ${outcome.kind}: ${outcome.message}`,
  );
}
