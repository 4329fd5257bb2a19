import type { BrokerOptions } from '../broker/broker-options.ts';
import type { Clock } from '../clock.ts';
import { GuardedLog } from '../guarded-log.ts';
import type { Logger } from '../logger.ts';
import type { Random } from '../random.ts';
import { guardClock } from './guarded-clock.ts';
import { guardJournal } from './guarded-journal.ts';
import { guardRandom } from './guarded-random.ts';

/** Options whose logger, clock, chance and journal can do no harm. */
export interface GuardedOptions<Key extends string> extends BrokerOptions<Key> {
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: Random;
}

/** Puts a guard in front of what an author gave in code; plugins get theirs when they have been set up. */
export function guardOptions<Key extends string>(
  options: BrokerOptions<Key>,
): { readonly options: GuardedOptions<Key>; readonly guardedLog: GuardedLog } {
  const guardedLog = new GuardedLog(options.log);
  const { log } = guardedLog;
  const clock = guardClock(options.clock, log);
  return {
    options: {
      ...options,
      log,
      clock,
      random: guardRandom(options.random, log),
      journal: guardJournal(options.journal, clock, log),
    },
    guardedLog,
  };
}
