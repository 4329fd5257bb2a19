import type { Clock } from './clock.ts';
import type { Delivery } from './delivery.ts';
import type { Logger } from './logger.ts';
import type { PreparedRequest } from './request.ts';

/** The limits of one delivery. */
export interface DeliverOptions {
  /** Monotonic milliseconds of the context's clock. Past it nothing is written. `Infinity` for none. */
  readonly deadline: number;
  /** Milliseconds from the write until the connection is reset and the delivery ends without an answer. */
  readonly answerTimeoutMs: number;
  /** Obeyed until the first byte; after that it only stops the waiting. */
  readonly signal: AbortSignal | undefined;
}

/** Whether an executor can deliver. */
export type ExecutorState =
  | {
      readonly is: 'ready';
      readonly idleConnections: number;
      readonly busyConnections: number;
      /** When bytes leave on a connection that has rested: in the tick of the call, or a turn of the event loop later and so after whatever the strategy still computes. Absent: not said. */
      readonly writes?: 'same-tick' | 'next-turn' | undefined;
    }
  | { readonly is: 'connecting' }
  | { readonly is: 'unavailable'; readonly reason: string }
  | { readonly is: 'closed' };

/** One way to deliver an encoded request. Knows HTTP, knows no broker. */
export interface Executor {
  /** Opens and warms connections; resolves when one request could leave at once, rejects when none can be opened. */
  connect(): Promise<void>;
  /**
   * Delivers once: at most one request on the wire per call, whatever happens. Never rejects for a network outcome.
   * A written request whose answer does not come is reset together with its connection (RST), so that the kernel cannot deliver it later.
   */
  deliver(request: PreparedRequest, options: DeliverOptions): Promise<Delivery>;
  /**
   * The very bytes that `deliver` would write for this request, without writing them. Core asks for them in shadow, after the order has left.
   * Absent: this executor can't be compared in shadow.
   */
  encode?(request: PreparedRequest): Uint8Array | Promise<Uint8Array>;
  /**
   * Resets every connection (RST): the machine slept or its time was set, and what was written before may leave its kernel only now. Requests under way end without an answer; those not yet written go on new connections.
   * Absent: they end when their answers are overdue.
   */
  reset?(because: string): void;
  readonly state: ExecutorState;
  /** Ends every connection. Requests not yet written end as `queued` with `NO_CONNECTION`. */
  close(): Promise<void>;
}

/** Where the venue listens. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: URL;
  /** Costs no rate budget and may be sent at any time, to keep a connection warm. */
  readonly keepWarm: PreparedRequest | undefined;
}

/** What core gives an executor. */
export interface ExecutorContext {
  /** The author's name for this executor. */
  readonly key: string;
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly log: Logger;
}
