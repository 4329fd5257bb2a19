import { isFinal } from '../order.ts';
import type { Cancelled, Modified, Rejected, Unsettled } from '../outcome.ts';
import { Absence } from '../outcomes/absence.ts';
import { connectedForMs } from '../outcomes/connected-for-ms.ts';
import { orderSearch } from '../outcomes/order-search.ts';
import type { Call } from '../outcomes/told.ts';
import { told } from '../outcomes/told.ts';
import type { EarlierChange } from '../recovery/earlier-changes.ts';
import type { DeliveryEnd } from '../router/delivery-task.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { OrderTarget } from './order-target.ts';
import { cancelled } from './settle-cancel.ts';
import { alreadyFinal, modified, showsChange } from './settle-modify.ts';

const untimed = {
  route: undefined,
  encode: undefined,
  toWire: undefined,
  toFirstByte: undefined,
  total: undefined,
};

/**
 * Looks at the order of a modify or a cancel that a killed process had sent, until it shows what became of that: told by `order.resolved`.
 * A cancel is sent again while its order works, as any of which nobody knows the end; a modify is not: its deadline was that of a bot that is gone.
 */
export function resumeChange<Key extends string>(
  parts: BrokerParts<Key>,
  target: OrderTarget<Key>,
  earlier: EarlierChange,
  cancelAgain: (call: Call) => Promise<undefined>,
): void {
  const { operation, orderId, clientOrderId, change, at, attempts } = earlier;
  const { unknowns, clock, settleMs, answerTimeoutMs, exposure } = parts;
  const call: Call = {
    operation,
    clientOrderId,
    symbol: target.record?.request.symbol,
    orderId: target.orderId,
    mode: parts.adapter.mode,
    startedAt: clock.monotonic(),
  };
  const message = `An earlier process sent a ${operation} of order ${orderId} and ended before it knew what became of it.`;
  const end: DeliveryEnd<Key> = {
    // As little is proven as by an executor that threw: what the dead process's kernel held may have left after it.
    result: { is: 'executor-failed', message },
    // The key of an executor that this broker may not have; nothing is routed by it.
    executor: earlier.executor as Key,
    deliveries: attempts,
    journaled: true,
    firstSentAt: at,
    timings: untimed,
  };
  const base = told(call, clock, end);
  const details = { code: 'NOT_CONFIRMED', message } as const;
  if (operation === 'cancel') {
    const search = orderSearch<Key, Cancelled<Key>>(
      parts,
      target,
      call,
      end,
      (now, order) => (isFinal(order.status) ? cancelled(now, order) : undefined),
      () => cancelAgain(call),
    );
    unknowns.open<Cancelled<Key>>(base, details, {
      ...search,
      ended: (outcome) =>
        void (
          outcome.kind === 'accepted' &&
          exposure?.cancelled(outcome.clientOrderId, outcome.filledQuantity)
        ),
    });
    return;
  }
  const absence = new Absence(settleMs, clock, connectedForMs(end, answerTimeoutMs));
  const search = orderSearch<Key, Modified<Key> | Rejected<Key> | Unsettled<Key>>(
    parts,
    target,
    call,
    end,
    (now, order) =>
      showsChange(order, change, undefined)
        ? modified(now, target, true)
        : isFinal(order.status)
          ? alreadyFinal(now, order)
          : undefined,
    undefined,
    absence,
  );
  unknowns.open<Modified<Key>>(base, details, search);
}
