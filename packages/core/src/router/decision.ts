import type { Operation } from '../operation.ts';
import type { Assignment } from '../routing/routing-snapshot.ts';

/** An executor that could not be used for a request, and why. */
export interface PassedBy {
  readonly executor: string;
  /**
   * `off`: the routing table turns it off. `tripped`: its breaker has taken it out of use for the operation. `latched`: hard evidence speaks against it.
   * `unavailable`: it could not be set up or has no connection. `unknown`: this broker has none of that name. `failed`: it had this request and wrote no byte of it.
   */
  readonly why: 'off' | 'tripped' | 'latched' | 'unavailable' | 'unknown' | 'failed';
  /** For a person, at most 200 characters; of `failed` the failure's code. */
  readonly because: string;
  /** Of `tripped`: wall milliseconds. */
  readonly since?: number | undefined;
}

/** Why an executor was chosen, and why another one than the table's, where it is another one. */
export interface Decision<Key extends string = string> extends Assignment<Key> {
  /** The `version` of the routing table in force. */
  readonly version: number;
  /** Those that stand before the one that delivered, in the order in which they were passed by. Absent when the chosen one delivered. */
  readonly passedBy?: readonly PassedBy[] | undefined;
  /** Every executor that could deliver was tripped, and the last one delivered all the same. */
  readonly lastResort?: true | undefined;
}

const longestReason = 200;

/** A reason as a decision keeps it: whatever a plugin says, its lines stay short. */
export function shortReason(reason: string): string {
  return reason.length <= longestReason ? reason : `${reason.slice(0, longestReason - 1)}…`;
}

/** Why `executor` got the request, in words; empty where the table's own choice delivers at the first attempt. `attempt`: why it is not the first attempt. */
export function decisionText(
  decision: Decision | undefined,
  executor: string,
  operation: Operation,
  attempt: string,
): string {
  if (!decision) return attempt;
  const { rule, cut, passedBy, lastResort } = decision;
  if (attempt === '' && rule !== 'placed-by' && !cut && !passedBy && !lastResort) return '';
  const sentences = attempt === '' ? [] : [attempt];
  if (rule === 'placed-by')
    sentences.push(
      decision.executor === executor
        ? 'it placed the order, whose later operations stay with it'
        : `${decision.executor} placed the order`,
    );
  if (cut)
    sentences.push(
      `${cut.by === 'ramp' ? 'the ramp' : 'a latch'} holds ${cut.executor} at ${cut.inForcePercent} % of the table's ${cut.tablePercent} %`,
    );
  // What had the request and failed is why there is a further attempt, and named with it.
  for (const passed of passedBy ?? [])
    if (passed.why !== 'failed') sentences.push(passedByText(passed, operation));
  if (lastResort)
    sentences.push(`every executor is tripped, and ${executor} delivers all the same`);
  return sentences.join('; ');
}

/** One executor's reason as a clause. */
export function passedByText(
  { executor, why, because, since }: PassedBy,
  operation: Operation,
): string {
  switch (why) {
    case 'off':
      return `${executor} is turned off by the routing table`;
    case 'tripped':
      return `${executor} is tripped for ${operation}${since === undefined ? '' : ` since ${new Date(since).toISOString()}`}: ${because}`;
    case 'latched':
      return `${executor} is latched: ${because}`;
    case 'unavailable':
      return `${executor} is not available: ${because}`;
    case 'unknown':
      return `this broker has no executor "${executor}"`;
    case 'failed':
      return `${executor} failed before its first byte: ${because}`;
  }
}
