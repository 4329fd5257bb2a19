import type { BrokerParts } from '../broker/broker-parts.ts';
import { lookUp } from '../broker/look-up.ts';
import type { OrderTarget } from '../broker/order-target.ts';
import type { Order } from '../order.ts';
import type { DeliveryEnd } from '../router/delivery-task.ts';
import type { Unsettled } from '../outcome.ts';
import { Absence } from './absence.ts';
import { connectedForMs } from './connected-for-ms.ts';
import type { Search } from './open-unknown.ts';
import { unsettled } from './open-unknown.ts';
import type { Call, Told } from './told.ts';
import { told } from './told.ts';

/** Looks at the order of an unknown modify or cancel until it shows what became of that. */
export function orderSearch<Key extends string, Ended>(
  parts: BrokerParts<Key>,
  { orderId }: OrderTarget<Key>,
  call: Call,
  end: DeliveryEnd<Key>,
  ended: (base: Told<Key>, order: Order) => Ended | undefined,
  /** Asks the venue once more, where that does no harm. Called when the order is as it was, from the second look on; may come back with the end. */
  again?: () => Promise<Ended | undefined>,
  /** Ends the search where the order goes on as it was. Default: only the order ends it, or a venue that does not show it any more. */
  absence?: Absence,
): Search<Ended | Unsettled<Key>> {
  let looks = 0;
  let unshown = new Absence(
    parts.settleMs,
    parts.clock,
    connectedForMs(end, parts.answerTimeoutMs),
  );
  return {
    since: end.firstSentAt,
    concerns: (order) => order.orderId === orderId,
    async look({ begunAt }) {
      const { state, clock, lookupTimeoutMs } = parts;
      const held = state.orders.find(orderId);
      // A row from before the request proves nothing of it.
      const fresh =
        held && state.isLive && held.asOf >= end.firstSentAt
          ? ended(told(call, clock, end), held)
          : undefined;
      if (fresh) return fresh;
      const finding = await lookUp(
        parts,
        { by: 'order-id', orderId },
        { lane: 'resolve', timeoutMs: lookupTimeoutMs },
      );
      if (finding.is === 'unreachable') {
        absence?.failed();
        unshown.failed();
        return undefined;
      }
      if (finding.is === 'not-found') {
        unshown.notFound(begunAt);
        if (!unshown.isOver(state.isGaplessSince(call.startedAt))) return undefined;
        return unsettled(
          told(call, clock, end),
          'ABSENT',
          `The venue has not shown order ${orderId} in ${Math.round(unshown.countedMs)} ms of looking: what became of the ${call.operation} can't be learnt.`,
        );
      }
      unshown = new Absence(parts.settleMs, clock);
      looks += 1;
      const seen =
        ended(told(call, clock, end), finding.order) ?? (looks > 1 ? await again?.() : undefined);
      if (seen || !absence) return seen;
      absence.notFound(begunAt);
      if (!absence.isOver(state.isGaplessSince(call.startedAt))) return undefined;
      return unsettled(
        told(call, clock, end),
        'ABSENT',
        `Order ${orderId} is as it was after ${Math.round(absence.countedMs)} ms of looking. That is no proof that the ${call.operation} will not come.`,
      );
    },
  };
}
