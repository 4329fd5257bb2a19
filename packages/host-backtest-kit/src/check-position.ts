import { OrderDeletedError } from 'backtest-kit';
import type { BrokerOrderCheckPayload } from 'backtest-kit';
import { isFinal } from '@hotpath/core';
import { dropLegs } from './drop-legs.ts';
import { isLastCheck, transientFrom } from './engine-verdict.ts';
import type { HostParts } from './host-parts.ts';
import { expectedNet, netOf, signed } from './sides.ts';
import type { SignalRecord } from './signal-record.ts';
import { contextOf } from './strategy-context.ts';
import { sweepVenue } from './sweep-legs.ts';

/** The check of an open position: returns while the venue holds it, or took it by a leg, which the ping reports. `OrderDeletedError` only when the venue proves that it is gone. */
export async function checkPosition(
  parts: HostParts,
  payload: BrokerOrderCheckPayload,
): Promise<void> {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record === undefined) return;
  parts.counts.set(record.clientOrderId, {
    entries: payload.totalEntries,
    parts: payload.totalPartials,
  });
  if (record.exit !== undefined) return;
  if (record.state === 'closed' || record.state === 'dropped')
    throw new OrderDeletedError(`Signal ${record.signalId} holds nothing at the venue.`);
  let gone: boolean;
  try {
    gone = await isGone(parts, record);
  } catch (error) {
    if (!isLastCheck(payload.attempt)) throw transientFrom(error);
    parts.tell(
      'check-unread',
      record,
      `The position of signal ${record.signalId} can't be read; it is taken to be there still. ${error instanceof Error ? error.message : String(error)}`,
    );
    return;
  }
  if (!gone) return;
  record.state = 'closed';
  record.held = 0;
  parts.memory.save(record);
  await dropLegs(parts, record);
  throw new OrderDeletedError(
    `The venue holds nothing of signal ${record.signalId}: it was closed there, or never filled.`,
  );
}

async function isGone(parts: HostParts, record: SignalRecord): Promise<boolean> {
  const { broker } = parts.settings;
  if (
    differs(
      await parts.holders(record.contractId),
      netOf(await broker.getPositions(), record.contractId),
    ) === 0
  )
    return false;
  await sweepVenue(parts, record);
  if (record.exit !== undefined) return false;
  // The entry's own fill may be what is missing.
  if (record.hasFilled !== true) {
    const entry = await broker.getOrder({ clientOrderId: record.clientOrderId }, { fresh: true });
    if (entry === undefined || !isFinal(entry.status)) return false;
    if (entry.filledQuantity === 0) return true;
    if (
      entry.filledQuantity < record.request.quantity &&
      record.commits.length === 0 &&
      record.byLegs === 0
    )
      record.held = entry.filledQuantity;
    record.hasFilled = true;
    parts.memory.save(record);
  }
  const net = netOf(await broker.getPositions({ fresh: true }), record.contractId);
  const holders = await parts.holders(record.contractId);
  const difference = differs(holders, net);
  if (difference === 0) return false;
  const shared = holders.some((other) => other !== record);
  const own = signed(net, record.position);
  if (!shared && own <= 0) return true;
  parts.tellDifference(
    record,
    `${record.contractId}: the venue holds ${net}, the signals come to ${net - difference}.`,
  );
  if (!shared && own < record.held) {
    record.held = own;
    parts.memory.save(record);
  }
  return false;
}

/** By how much the venue holds more than the signals of the contract come to. */
function differs(holders: readonly SignalRecord[], net: number): number {
  return net - expectedNet(holders);
}
