import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import type { Outcome } from '../outcome.ts';

/** What proves that an executor, or what stands below it, can't be believed. One is enough. */
export type HardEvidence =
  /** An order is at the venue, and its delivery had reported that no byte was written. */
  | {
      readonly of: 'unwritten-order';
      readonly clientOrderId: string | undefined;
      readonly orderId: string | undefined;
    }
  /** One delivery put a second request on the wire. */
  | { readonly of: 'second-request'; readonly clientOrderId: string | undefined }
  /** A modify or cancel was reported done, and a newer row denies it while the order still works. */
  | {
      readonly of: 'denied-change';
      readonly operation: 'modify' | 'cancel';
      readonly orderId: string;
    }
  /** In shadow, two executors made different bytes of one request. `difference` names the part, never its content. */
  | { readonly of: 'shadow-difference'; readonly operation: string; readonly difference: string };

/** What a contradiction of the venue says about the executor that delivered; undefined when it says nothing about it. */
export function evidenceOf(told: Outcome, order: Order): HardEvidence | undefined {
  const { operation, clientOrderId } = told;
  const { orderId } = order;
  if (operation === 'place' && told.kind === 'not-sent' && told.deliveries > 0)
    return { of: 'unwritten-order', clientOrderId, orderId };
  if (
    (operation === 'modify' || operation === 'cancel') &&
    told.kind === 'accepted' &&
    !isFinal(order.status)
  )
    return { of: 'denied-change', operation, orderId };
  return undefined;
}

export function evidenceSentence(evidence: HardEvidence): string {
  switch (evidence.of) {
    case 'unwritten-order':
      return `Order ${evidence.orderId ?? evidence.clientOrderId ?? 'unknown'} is at the venue, and its delivery had reported that no byte was written.`;
    case 'second-request':
      return 'One delivery put a second request on the wire.';
    case 'denied-change':
      return `The ${evidence.operation} of order ${evidence.orderId} was reported done, and the venue's newer word denies it while the order still works.`;
    case 'shadow-difference':
      return `In shadow, two executors made different bytes of one ${evidence.operation}: ${evidence.difference}.`;
  }
}
