import type { CloseIntent, ReduceIntent } from '../intent.ts';
import type { CloseRequest } from '../order-request.ts';
import type { CloseOutcome } from '../outcome.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import type { Position } from '../position.ts';
import type { Deadline } from '../router/deadline.ts';
import type { DeliveryEnd, DeliverySoFar, DeliveryTask } from '../router/delivery-task.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { Exits, SentExit } from './exits.ts';
import { settleClose } from './settle-close.ts';
import { toldInTime } from './told-in-time.ts';

/** An exit by the venue's own call. */
export interface ExitToDeliver {
  readonly intent: CloseIntent | ReduceIntent;
  readonly request: CloseRequest;
  readonly call: Call;
  readonly deadline: Deadline;
  /** What the venue held ahead of it. */
  readonly before: Position;
}

/** Sends an exit and settles it. With everything warm the executor has the request when this returns. */
export function deliverExit<Key extends string>(
  parts: BrokerParts<Key>,
  exits: Exits,
  { intent, request, call, deadline, before }: ExitToDeliver,
): Promise<CloseOutcome<Key>> {
  const { router, clock, state } = parts;
  const { contract } = intent;
  const task = exitTask(parts, intent, request, call, deadline);
  const exit = sentExit(before, call, state.orders.count);
  const { seenBefore, sentAt: startedAt } = exit;
  if (request.dryRun !== true) exits.add(exit);
  const settle = (end: DeliveryEnd<Key>): Promise<CloseOutcome<Key>> => {
    const { result } = end;
    if (result.is === 'not-sent' || (result.is === 'answered' && result.verdict.is === 'refused'))
      exits.cameToNothing(contract.id, startedAt);
    return settleClose(parts, {
      contract,
      before,
      quantity: intent.operation === 'reduce' ? intent.quantity : undefined,
      call,
      end,
      seenBefore,
      again: () => {
        exits.add(exit);
        return router.deliver(task);
      },
      isAlone: (since) => exits.isAlone(contract.id, since, startedAt),
      claim: (orderId) => exits.claim(orderId),
    });
  };
  let attempts: { soFar(): DeliverySoFar<Key> } | undefined;
  const delivered = new Promise<DeliveryEnd<Key>>(
    (resolve) => void (attempts = router.start(task, resolve)),
  );
  return toldInTime(parts, delivered.then(settle), contract, () =>
    told(call, clock, attempts?.soFar()),
  );
}

function exitTask<Key extends string>(
  { adapter }: BrokerParts<Key>,
  intent: CloseIntent | ReduceIntent,
  request: CloseRequest,
  call: Call,
  deadline: Deadline,
): DeliveryTask<Key> {
  const { operation, contract } = intent;
  return {
    operation,
    lane: 'close',
    intent,
    clientOrderId: call.clientOrderId,
    orderId: undefined,
    symbol: contract.id,
    content: {
      contractId: contract.id,
      ...(intent.operation === 'reduce' && { quantity: intent.quantity }),
    },
    goesUnjournaled: true,
    deadline,
    signal: request.signal,
    withdrawal: undefined,
    dryRun: request.dryRun ?? false,
    startedAt: call.startedAt,
    assign: (routing) =>
      routing.assign(operation, {
        account: adapter.account.id,
        accountName: adapter.account.name,
        strategy: request.strategy,
        symbol: contract.root,
        contractName: contract.name,
        contractId: contract.id,
      }),
  };
}

/** What is known of an exit of that position when it is sent. `seenBefore`: the count of the order state. */
export function sentExit(
  { contractId, side }: Position,
  { startedAt }: Call,
  seenBefore: number,
): SentExit {
  return { contractId, sentAt: startedAt, seenBefore, side: side === 'buy' ? 'sell' : 'buy' };
}
