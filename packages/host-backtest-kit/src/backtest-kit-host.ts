import type { IBroker } from 'backtest-kit';
import type { BacktestKitHostOptions } from './backtest-kit-host-options.ts';
import { hostSettings } from './backtest-kit-host-options.ts';
import { addEntry, takePart } from './change-position.ts';
import { checkPosition } from './check-position.ts';
import { cancelResting, checkResting, reportFilledEntry } from './check-resting.ts';
import { closeSignal, markLeft } from './close-signal.ts';
import { HostParts } from './host-parts.ts';
import { moveLevel } from './move-levels.ts';
import { openSignal } from './open-signal.ts';
import { reportExits } from './report-exits.ts';
import { contextOf } from './strategy-context.ts';
import { sweepDropped, watchDropped } from './watch-dropped.ts';

/** The adapter that the engine calls, and what ends it. */
export interface BacktestKitHost {
  readonly adapter: Partial<IBroker>;
  dispose(): void;
}

interface Payload {
  readonly symbol: string;
  readonly context: { readonly strategyName: string; readonly exchangeName: string };
  readonly backtest: boolean;
}

export function createHost(options: BacktestKitHostOptions): BacktestKitHost {
  const parts = new HostParts(hostSettings(options));
  let stopWatching: (() => void) | undefined;
  let starting: Promise<void> | undefined;
  const start = (): Promise<void> =>
    (starting ??= parts.ready().then(() => {
      stopWatching = watchDropped(parts);
      return sweepDropped(parts);
    }));
  /** A hook for the strategies that are ours, live. The engine calls `waitForInit` first; who calls a hook directly need not. */
  const hook =
    <Of extends Payload>(
      carryOut: (parts: HostParts, payload: Of, calledAt: number) => Promise<void> | void,
    ) =>
    async (payload: Of): Promise<void> => {
      if (payload.backtest || !parts.settings.accepts(contextOf(payload))) return;
      const calledAt = parts.settings.clock.monotonic();
      await start();
      await carryOut(parts, payload, calledAt);
    };
  const adapter: Partial<IBroker> = {
    waitForInit: start,
    onOrderOpenCommit: hook(openSignal),
    onOrderCloseCommit: hook(closeSignal),
    onOrderActiveCheck: hook(checkPosition),
    onOrderScheduleCheck: hook(checkResting),
    onSignalActivePing: hook(reportExits),
    onSignalSchedulePing: hook(reportFilledEntry),
    onSignalScheduleCancelled: hook(cancelResting),
    onSignalPendingClose: hook(markLeft),
    onPartialProfitCommit: hook(takePart),
    onPartialLossCommit: hook(takePart),
    onTrailingStopCommit: hook(moveLevel),
    onTrailingTakeCommit: hook(moveLevel),
    onBreakevenCommit: hook(moveLevel),
    onAverageBuyCommit: hook(addEntry),
  };
  return {
    adapter,
    dispose() {
      stopWatching?.();
      parts.dispose();
    },
  };
}
