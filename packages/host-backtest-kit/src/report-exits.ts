import { commitCreateStopLoss, commitCreateTakeProfit } from 'backtest-kit';
import type { BrokerActivePingPayload } from 'backtest-kit';
import { fitLegs, legKind, moveLegs, workingLegsOf } from './bracket-legs.ts';
import type { HostParts } from './host-parts.ts';
import { contextOf } from './strategy-context.ts';

/** Reports a leg that filled at the venue to the engine, and keeps the legs at the engine's own prices and at what is held. */
export async function reportExits(
  parts: HostParts,
  payload: BrokerActivePingPayload,
): Promise<void> {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record === undefined || parts.settings.brackets !== 'native') return;
  if (record.exit === 'take-profit') return commitCreateTakeProfit(payload.symbol);
  if (record.exit === 'stop-loss') return commitCreateStopLoss(payload.symbol);
  if (record.state !== 'open') return;
  const kinds = new Set((await workingLegsOf(parts, record)).map(legKind));
  // The venue set them off from the fill, the engine counts from the price it saw.
  if (kinds.has('stop')) await moveLegs(parts, record, 'stop', payload.priceStopLoss);
  if (kinds.has('target')) await moveLegs(parts, record, 'target', payload.priceTakeProfit);
  await fitLegs(parts, record);
}
