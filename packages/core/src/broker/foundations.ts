import type { Adapter } from '../adapter.ts';
import type { HeldBudget } from '../budget/rate-budgets.ts';
import type { Clock } from '../clock.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { GuardedLog } from '../guarded-log.ts';
import type { Latch } from '../halt/latch.ts';
import type { Logger } from '../logger.ts';
import type { LoopWatch } from '../loop-watch.ts';
import type { OcoBook } from '../oco/oco-book.ts';
import type { Random } from '../random.ts';
import type { JournalHistory } from '../recovery/read-journal.ts';
import type { ExecutorRoster } from '../router/executor-roster.ts';
import type { ReadSender } from '../router/read-sender.ts';
import type { LiveRouting } from '../routing/live-routing.ts';
import type { RoutingSource } from '../routing/routing-source.ts';
import type { VenueState } from '../state/venue-state.ts';
import type { BrokerOptions } from './broker-options.ts';
import type { IntentBook } from './intent-book.ts';

/** What is there once the venue has been reached and the journal has been read. */
export interface Foundations<Key extends string> {
  readonly options: BrokerOptions<Key>;
  readonly adapter: Adapter;
  readonly roster: ExecutorRoster<Key>;
  readonly routing: LiveRouting<Key>;
  /** Where further routing tables come from. */
  readonly source: RoutingSource | undefined;
  readonly sender: ReadSender<Key>;
  readonly loop: LoopWatch;
  readonly budget: HeldBudget | undefined;
  readonly bars: HeldBudget | undefined;
  readonly events: EventHub<Key>;
  readonly book: IntentBook<Key>;
  readonly state: VenueState<Key>;
  readonly oco: OcoBook | undefined;
  readonly latch: Latch;
  readonly history: JournalHistory;
  readonly guardedLog: GuardedLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}
