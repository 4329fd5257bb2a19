import { defaultTimes } from '../outcomes/default-times.ts';
import type { BrokerOptions } from './broker-options.ts';

/** Milliseconds that settling a call may take, step by step. */
export type BrokerTimes = Readonly<
  Record<
    | 'answerTimeoutMs'
    | 'lookupAfterMs'
    | 'outcomeWithinMs'
    | 'repeatAfterMs'
    | 'lookupTimeoutMs'
    | 'settleMs'
    | 'adoptWithinMs',
    number
  >
>;

/** Those of an author, with the defaults where none is given. */
export function brokerTimes<Key extends string>(options: BrokerOptions<Key>): BrokerTimes {
  const {
    answerTimeoutMs,
    lookupAfterMs,
    outcomeWithinMs,
    repeatAfterMs,
    lookupTimeoutMs,
    settleMs,
    adoptWithinMs,
  } = defaultTimes;
  return {
    answerTimeoutMs: options.answerTimeoutMs ?? answerTimeoutMs.ms,
    lookupAfterMs: options.lookupAfterMs ?? lookupAfterMs.ms,
    outcomeWithinMs: options.outcomeWithinMs ?? outcomeWithinMs.ms,
    repeatAfterMs: options.repeatAfterMs ?? repeatAfterMs.ms,
    lookupTimeoutMs: options.lookupTimeoutMs ?? lookupTimeoutMs.ms,
    settleMs: options.settleMs ?? settleMs.ms,
    adoptWithinMs: options.adoptWithinMs ?? adoptWithinMs.ms,
  };
}
