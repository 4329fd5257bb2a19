import type {
  BrokerBreakevenPayload,
  BrokerTrailingStopPayload,
  BrokerTrailingTakePayload,
} from 'backtest-kit';
import type { Leg } from './bracket-legs.ts';
import { moveLegs } from './bracket-legs.ts';
import { transient } from './engine-verdict.ts';
import type { HostParts } from './host-parts.ts';
import { contextOf } from './strategy-context.ts';

/** Trailing and breakeven: absolute prices on the legs' own order ids, so that a repeat changes nothing. Throws, and the engine's levels stay, when the venue did not take it. */
export async function moveLevel(
  parts: HostParts,
  payload: BrokerTrailingStopPayload | BrokerTrailingTakePayload | BrokerBreakevenPayload,
): Promise<void> {
  const record = parts.recordOf(payload.signalId, contextOf(payload));
  if (record === undefined || parts.settings.brackets !== 'native') return;
  const leg: Leg = 'newStopLossPrice' in payload ? 'stop' : 'target';
  const price =
    'newStopLossPrice' in payload ? payload.newStopLossPrice : payload.newTakeProfitPrice;
  const problem = await moveLegs(parts, record, leg, price).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  if (problem !== undefined) throw transient(problem);
}
