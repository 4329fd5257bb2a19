import type { BrokerOptions } from '../broker/broker-options.ts';
import type { Clock } from '../clock.ts';
import type { GuardedLog } from '../guarded-log.ts';
import type { Random } from '../random.ts';
import type { StartingBroker } from './starting-broker.ts';
import type { UndoList } from './undo-list.ts';

/** What a start works with. */
export interface StartInputs<Key extends string> {
  readonly options: BrokerOptions<Key>;
  readonly starting: StartingBroker;
  /** Is given how to close whatever the start opens. */
  readonly undo: UndoList;
  readonly clock: Clock;
  readonly random: Random;
  readonly guardedLog: GuardedLog;
}
