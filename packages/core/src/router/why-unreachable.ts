import type { Operation } from '../operation.ts';
import type { RoutingSnapshot } from '../routing/routing-snapshot.ts';
import type { DeliveryResult } from './delivery-task.ts';
import type { ExecutorRoster } from './executor-roster.ts';

/** What an intent comes to that no executor can take. `failures`: what those said that had it already. `wasDelivered`: one has been given it. */
export function whyUnreachable<Key extends string>(
  roster: ExecutorRoster<Key>,
  operation: Operation,
  routing: RoutingSnapshot<Key>,
  failures: ReadonlyMap<Key, string> | undefined,
  wasDelivered: boolean,
): DeliveryResult {
  // safeguard: whoever reaches nobody is told the reason of each executor
  const reasons = roster.whyNobody(operation, routing, failures);
  if (wasDelivered)
    return {
      is: 'not-sent',
      code: 'UNREACHABLE',
      message: `No executor could write the ${operation}: ${reasons}.`,
    };
  if (roster.hasReady(routing))
    return {
      is: 'not-sent',
      code: 'EXECUTORS_TRIPPED',
      message: `Every executor that could deliver is tripped: ${reasons}.`,
    };
  return {
    is: 'not-sent',
    code: 'UNREACHABLE',
    message: `No executor is available: ${reasons}.`,
  };
}
