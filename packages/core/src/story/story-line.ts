import type { Mutation } from '../operation.ts';
import type { Order } from '../order.ts';
import type { OutcomeKind, Timings } from '../outcome.ts';
import type { Decision } from '../router/decision.ts';
import type { Trade } from '../trade.ts';

interface AboutOrder {
  /** Wall milliseconds. */
  readonly at: number;
  readonly clientOrderId: string | undefined;
  readonly orderId: string | undefined;
}

/** One thing that a broker did about an order, or saw of it. */
export type StoryLine =
  /** A request was handed to an executor, and came to something. */
  | (AboutOrder & {
      readonly kind: 'delivery';
      readonly operation: Mutation;
      /** Who delivered; not the one decided on after a takeover, or when that one could not be used. */
      readonly executor: string;
      /** Undefined for what a journal from before decisions were kept tells of. */
      readonly decision: Decision | undefined;
      /** Why it went this way, in words: a takeover, a repeat, an executor that is off, tripped or not available, a share that a ramp holds. Empty where the table's own choice delivered at the first attempt. */
      readonly because: string;
      /** Whether bytes of it were written; undefined when the executor threw, and of what only the journal tells. */
      readonly bytes: 'none' | 'maybe' | 'all' | undefined;
      /** What the answer means, or why there was none; `not-known` where only the journal tells of it and has no word of its end. */
      readonly meant: string;
      /** Wall milliseconds at which it was handed over. */
      readonly sentAt: number;
      readonly timings: Omit<Timings, 'settled'>;
    })
  /** The venue was asked for the order: by an id, or for all orders of a span. */
  | (AboutOrder & {
      readonly kind: 'lookup';
      readonly by: 'order-id' | 'client-order-id' | 'span';
      readonly is: 'found' | 'not-found' | 'unreachable';
    })
  /** What is known of the order changed, by the stream, a lookup or a read. */
  | (AboutOrder & { readonly kind: 'row'; readonly order: Order })
  | (AboutOrder & { readonly kind: 'fill'; readonly trade: Trade })
  /** It was called absent, or done, and the venue shows otherwise. */
  | (AboutOrder & { readonly kind: 'contradicted'; readonly order: Order })
  /** What the bot was told. */
  | (AboutOrder & {
      readonly kind: 'outcome';
      readonly operation: Mutation;
      readonly outcome: OutcomeKind;
      readonly code: string | undefined;
      readonly message: string | undefined;
    });
