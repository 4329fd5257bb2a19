import type { Operation } from '../operation.ts';
import type { RoutingConfig } from './routing-config.ts';
import type { Assignment, RoutingKey, RoutingSnapshot } from './routing-snapshot.ts';
import { compileRouting } from './routing-snapshot.ts';
import { parseRouting } from './parse-routing.ts';

const compiled = new WeakMap<RoutingConfig, RoutingSnapshot>();

/**
 * Answers "who goes where" without a broker: which executor takes this key first, from which bucket and by which rule.
 * Pure: the same table and key give the same answer on every machine. Throws `InvalidOptionsError` for a table that doesn't hold together.
 */
export function assignExecutor(
  routing: RoutingConfig,
  operation: Operation,
  key: RoutingKey,
): Assignment {
  let snapshot = compiled.get(routing);
  if (!snapshot) {
    snapshot = compileRouting(parseRouting(routing));
    compiled.set(routing, snapshot);
  }
  return snapshot.assign(operation, key);
}
