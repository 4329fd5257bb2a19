import type { SampleOrder } from './sample-order.ts';

/** A way to send orders without a broker, on connections of its own. */
export interface Client {
  readonly name: string;
  /** Sends the order and resolves at the end of its answer. */
  readonly send: () => Promise<void>;
  readonly close: () => Promise<void> | void;
}

/** What a client is made for. */
export interface ClientTarget {
  readonly url: string;
  readonly order: SampleOrder;
  /** How many orders may be under way at once; each needs a connection. Default 1. */
  readonly atOnce?: number | undefined;
}

export type OpenClient = (target: ClientTarget) => Promise<Client>;

/** A client that does not look at what it is answered would be measured without its reading. */
export function mustBeAnswer(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null || !('success' in answer))
    throw new Error('That is no answer to an order.');
}
