import type { HeldBudget } from '../budget/rate-budgets.ts';
import type { GuardedLog } from '../guarded-log.ts';
import type { OutcomeLog } from '../log/outcome-log.ts';
import type { OwnOcoOptions } from '../oco/own-oco-options.ts';
import type { EarlierChange } from '../recovery/earlier-changes.ts';
import type { Recovery } from '../recovery/recovery.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Shadow } from '../rollout/shadow.ts';
import type { ExecutorRoster } from '../router/executor-roster.ts';
import type { ReadSender } from '../router/read-sender.ts';
import type { LiveRouting } from '../routing/live-routing.ts';
import type { SettlePlace } from './settle-place.ts';

/** What only the broker itself needs, beside what its operations share. */
export interface BrokerFrame<Key extends string> {
  readonly roster: ExecutorRoster<Key>;
  readonly sender: ReadSender<Key>;
  readonly routing: LiveRouting<Key>;
  readonly rollout: Rollout<Key>;
  readonly shadow: Shadow<Key>;
  readonly outcomeLog: OutcomeLog<Key> | undefined;
  readonly stopHealth: () => void;
  readonly stopWatchingClock: () => void;
  readonly guardedLog: GuardedLog;
  readonly budget: HeldBudget | undefined;
  readonly bars: HeldBudget | undefined;
  readonly settlePlace: SettlePlace<Key>;
  readonly recovery: Recovery<Key>;
  /** Modifies and cancels of an earlier process, of whose end nobody knows. */
  readonly earlierChanges: readonly EarlierChange[];
  readonly closeWithinMs: number;
  readonly ownOco: OwnOcoOptions | undefined;
}
