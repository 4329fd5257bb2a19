import type { Adapter } from '../adapter.ts';
import type { CancelIntent, ModifyIntent } from '../intent.ts';
import type { IntentOptions } from '../order-request.ts';
import type { Call } from '../outcomes/told.ts';
import type { Deadline } from '../router/deadline.ts';
import type { DeliveryTask } from '../router/delivery-task.ts';
import type { OrderTarget } from './order-target.ts';

/** A modify or a cancel that is to be delivered. */
export interface ChangeToDeliver<Key extends string> {
  readonly request: IntentOptions;
  readonly target: OrderTarget<Key>;
  readonly call: Call;
  readonly deadline: Deadline;
  readonly intent: ModifyIntent | CancelIntent;
  /** What the journal keeps of it. */
  readonly content: object;
  readonly goesUnjournaled: boolean;
  /** It is of what gets out of a position. */
  readonly getsOut: boolean;
}

/** It goes to the executor that placed the order, where that is known. */
export function changeTask<Key extends string>(
  adapter: Adapter,
  change: ChangeToDeliver<Key>,
): DeliveryTask<Key> {
  const { request, target, call, deadline, intent, content, goesUnjournaled, getsOut } = change;
  const { operation, orderId } = intent;
  return {
    operation,
    lane: getsOut ? 'close' : operation,
    intent,
    clientOrderId: target.record?.clientOrderId ?? call.clientOrderId,
    orderId,
    symbol: target.contract?.id,
    content,
    goesUnjournaled,
    ...(getsOut && { getsOut: true }),
    deadline,
    signal: request.signal,
    withdrawal: undefined,
    dryRun: request.dryRun ?? false,
    startedAt: call.startedAt,
    assign(routing) {
      const placedBy = target.record?.executor;
      if (placedBy !== undefined)
        return { executor: placedBy, bucket: undefined, rule: 'placed-by' };
      const { account } = adapter;
      return routing.assign(operation, {
        orderId,
        account: account.id,
        accountName: account.name,
        strategy: request.strategy,
        symbol: target.contract?.root,
      });
    },
  };
}
