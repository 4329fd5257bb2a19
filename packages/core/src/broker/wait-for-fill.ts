import type { Timer } from '../clock.ts';
import { setPatientTimer } from '../set-patient-timer.ts';
import { ReadError } from '../errors/read-error.ts';
import type { OrderRef } from '../order-request.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { BrokerParts } from './broker-parts.ts';
import { readReference, readTimeout } from './read-requests.ts';
import type { Reads } from './reads.ts';

/** Between two looks while no stream tells, in milliseconds. */
const askEveryMs = 1000;

/** Waits for an order's end: told by the state where there is a stream, by asking where there is none. */
export async function waitForFill<Key extends string>(
  parts: BrokerParts<Key>,
  reads: Reads<Key>,
  given: OrderRef,
  options: { readonly timeoutMs: number },
): Promise<Order> {
  const { clock, state, book } = parts;
  const reference = readReference('waitForFill', given, parts.adapter.capabilities);
  const timeoutMs = readTimeout('waitForFill', options);
  const named = ({ orderId, clientOrderId, parentOrderId }: Order): boolean => {
    if (reference.orderId !== undefined) return orderId === reference.orderId;
    const wanted = book.find(reference.clientOrderId)?.orderId;
    return wanted === undefined
      ? parentOrderId === undefined &&
          clientOrderId?.toLowerCase() === reference.clientOrderId.toLowerCase()
      : orderId === wanted;
  };
  return new Promise((resolve, reject) => {
    let asking: Timer | undefined;
    let last: Order | undefined;
    const end = (settle: () => void): void => {
      stopListening();
      asking?.cancel();
      timeout.cancel();
      settle();
    };
    const look = (order: Order | undefined): boolean => {
      last = order ?? last;
      if (!order || !isFinal(order.status)) return false;
      end(() => resolve(state.labelled(order)));
      return true;
    };
    const stopListening = state.orders.onChange((order) => void (named(order) && look(order)));
    const timeout = setPatientTimer(clock, timeoutMs, () =>
      end(() =>
        reject(
          new ReadError(
            'NOT_IN_TIME',
            `The order had not ended after ${timeoutMs} ms: ${last ? `it is ${last.status}, ${last.filledQuantity} of ${last.quantity} filled` : 'the venue has not shown it'}.`,
          ),
        ),
      ),
    );
    const ask = async (): Promise<void> => {
      // A read that fails now may succeed in a second; the time-out is the judge.
      const order = await reads.order(reference).catch((error: unknown) => {
        if (!ReadError.is(error) || error.code === 'BROKER_CLOSED') end(() => reject(error));
        return undefined;
      });
      if (!look(order)) asking = clock.setTimer(askEveryMs, askAgain);
    };
    const askAgain = (): void => {
      if (state.isLive && last) asking = clock.setTimer(askEveryMs, askAgain);
      else void ask();
    };
    void ask();
  });
}
