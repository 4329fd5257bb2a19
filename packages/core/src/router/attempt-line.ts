import type { OrderRecord } from '../journal/journal.ts';
import type { Decision } from './decision.ts';
import { decisionRecord, detourRecord } from './decision-record.ts';
import type { DeliveryTask } from './delivery-task.ts';

/** The line of an intent, written ahead of its first attempt. */
export function intentLine<Key extends string>(
  { operation, clientOrderId, orderId, content }: DeliveryTask<Key>,
  at: number,
  executor: Key,
  decision: Decision<Key> | undefined,
): OrderRecord {
  // The usual case without a spread, which would take as long as the rest of the line.
  if (decision?.executor === executor && !decision.cut && !decision.passedBy)
    return {
      kind: 'intent',
      at,
      operation,
      clientOrderId,
      orderId,
      executor,
      content,
      bucket: decision.bucket,
      rule: decision.rule,
    };
  return {
    kind: 'intent',
    at,
    operation,
    clientOrderId,
    orderId,
    executor,
    content,
    ...decisionRecord(decision, executor),
  };
}

/** The line of a further attempt. `because`: why there is one. */
export function attemptLine<Key extends string>(
  { operation, clientOrderId, orderId }: DeliveryTask<Key>,
  at: number,
  executor: Key,
  decision: Decision<Key> | undefined,
  because: string,
): OrderRecord {
  return {
    kind: 'attempt',
    at,
    operation,
    clientOrderId,
    orderId,
    executor,
    because,
    ...detourRecord(decision),
  };
}
