import type {
  DeliverOptions,
  Delivery,
  Executor,
  ExecutorContext,
  ExecutorFactory,
  ExecutorState,
  PreparedRequest,
  Timer,
} from '@hotpath/core';
import { defineExecutor, DeliveryProgress, ExecutorError } from '@hotpath/core';
import * as z from 'zod';
import { carryByHttp } from './carry-by-http.ts';
import type { OpenConnection, Opening } from './open-connection.ts';
import { openConnection, OpenFailure, resetConnection } from './open-connection.ts';

export interface SpareExecutorOptions {
  /** Connections open or busy at once. Default 4. */
  readonly connections?: number | undefined;
  /** Bytes of an answer's body. Default 1,048,576. */
  readonly maxBodyBytes?: number | undefined;
  /** Certificate to trust, PEM. Default: the system's. */
  readonly ca?: string | undefined;
}

const settings = z.strictObject({
  connections: z.int().min(1).default(4),
  maxBodyBytes: z.int().min(1).default(1_048_576),
  ca: z.string().optional(),
});
type Settings = z.output<typeof settings>;
const openTimeoutMs = 2_000;
const retryMs = 100;

/**
 * Delivers by `node:http`, each request on a connection of its own that was opened ahead and is thrown away after its answer.
 * Nothing of one exchange can reach another; the price is a new connection for every order, paid in the background.
 */
export const spareExecutor: ExecutorFactory<'spare', SpareExecutorOptions> = defineExecutor({
  name: 'spare',
  apiVersion: 1,
  options: settings,
  setup: (context, options) => new SpareExecutor(context, options),
});

class SpareExecutor implements Executor {
  readonly #context: ExecutorContext;
  readonly #settings: Settings;
  readonly #spares: OpenConnection[] = [];
  readonly #busy = new Map<OpenConnection, DeliveryProgress>();
  readonly #openings = new Set<Opening>();
  readonly #waiting: DeliveryProgress[] = [];
  readonly #connects: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] =
    [];
  #failure: OpenFailure | undefined;
  #retry: Timer | undefined;
  #started = false;
  #closed = false;
  readonly #ends: (() => void)[] = [];
  /** Everything that keeps the process alive. */
  readonly #alive = new Set<Opening>();

  constructor(context: ExecutorContext, options: Settings) {
    this.#context = context;
    this.#settings = options;
  }

  get state(): ExecutorState {
    if (this.#closed) return { is: 'closed' };
    if (this.#spares.length + this.#busy.size > 0)
      return {
        is: 'ready',
        idleConnections: this.#spares.length,
        busyConnections: this.#busy.size,
      };
    if (this.#failure) return { is: 'unavailable', reason: this.#failure.message };
    return this.#started
      ? { is: 'connecting' }
      : { is: 'unavailable', reason: 'It has not been connected yet.' };
  }

  connect(): Promise<void> {
    if (this.#closed)
      return Promise.reject(new ExecutorError('EXECUTOR_CLOSED', 'The executor is closed.'));
    this.#started = true;
    if (this.#spares.length > 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#connects.push({ resolve, reject });
      this.#fill();
    });
  }

  deliver(request: PreparedRequest, options: DeliverOptions): Promise<Delivery> {
    const exchange = new DeliveryProgress(request, options, this.#context.clock);
    if (this.#closed) exchange.fail('NO_CONNECTION', 'The executor is closed.');
    if (!exchange.mayBeWritten()) return exchange.delivery;
    this.#started = true;
    const spare = this.#spares.shift();
    if (spare) this.#carry(spare, exchange);
    else {
      exchange.wait(this.#busy.size > 0 ? 'queued' : 'connecting');
      this.#waiting.push(exchange);
    }
    this.#fill();
    return exchange.delivery;
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    for (const { reject } of this.#connects.splice(0))
      reject(new ExecutorError('EXECUTOR_CLOSED', 'The executor was closed.'));
    for (const exchange of this.#waiting.splice(0)) {
      exchange.wait('queued');
      exchange.fail('NO_CONNECTION', 'The executor was closed before it could be written.');
    }
    for (const opening of this.#openings) opening.cancel();
    for (const [connection, exchange] of this.#busy) {
      exchange.fail('CLOSED', 'The executor was closed before the answer came.');
      resetConnection(connection);
    }
    for (const { socket } of this.#spares.splice(0)) socket.destroy();
    return new Promise((resolve) => {
      this.#ends.push(resolve);
      this.#endWhenAlone();
    });
  }

  #endWhenAlone(): void {
    if (this.#closed && this.#alive.size === 0)
      for (const resolve of this.#ends.splice(0)) resolve();
  }

  #carry(connection: OpenConnection, exchange: DeliveryProgress): void {
    this.#busy.set(connection, exchange);
    connection.socket.removeAllListeners('data');
    connection.socket.removeAllListeners('end');
    carryByHttp(exchange, connection, {
      origin: this.#context.endpoint.origin,
      maxBodyBytes: this.#settings.maxBodyBytes,
      clock: this.#context.clock,
      done: () => {
        this.#busy.delete(connection);
        this.#fill();
      },
    });
  }

  /** Keeps as many open as may be: a used one is replaced at once, whatever came of it. */
  #fill(): void {
    if (this.#closed || !this.#started) return;
    if (this.#retry && this.#waiting.length + this.#connects.length > 0) {
      this.#retry.cancel();
      this.#retry = undefined;
    }
    if (this.#retry) return;
    while (this.#spares.length + this.#busy.size + this.#openings.size < this.#settings.connections)
      this.#open();
  }

  #open(): void {
    const opening = openConnection(
      this.#context.endpoint.origin,
      this.#settings.ca,
      openTimeoutMs,
      this.#context.clock,
    );
    this.#openings.add(opening);
    this.#alive.add(opening);
    void opening.gone.then(() => {
      this.#alive.delete(opening);
      this.#endWhenAlone();
    });
    opening.opened.then(
      (connection) => {
        this.#openings.delete(opening);
        this.#failure = undefined;
        this.#offer(connection);
      },
      (error: unknown) => {
        this.#openings.delete(opening);
        if (!this.#closed)
          this.#failed(
            error instanceof OpenFailure
              ? error
              : new OpenFailure('NO_CONNECTION', 'No connection could be opened.', error),
          );
      },
    );
  }

  #offer(connection: OpenConnection): void {
    const { socket } = connection;
    const useless = (): void => {
      const index = this.#spares.indexOf(connection);
      if (index < 0) return;
      this.#spares.splice(index, 1);
      socket.destroy();
      this.#fill();
    };
    if (this.#closed || socket.destroyed) {
      socket.destroy();
      return;
    }
    // Whatever comes on a connection that was asked nothing makes it useless.
    for (const event of ['data', 'end', 'close', 'error']) socket.on(event, useless);
    let next = this.#waiting.shift();
    while (next && !next.mayBeWritten()) next = this.#waiting.shift();
    if (next) this.#carry(connection, next);
    else this.#spares.push(connection);
    for (const { resolve } of this.#connects.splice(0)) resolve();
  }

  #failed(failure: OpenFailure): void {
    this.#failure = failure;
    if (this.#openings.size > 0) return;
    if (this.#spares.length + this.#busy.size === 0) {
      for (const { reject } of this.#connects.splice(0))
        reject(new ExecutorError('CONNECT_FAILED', failure.message, { cause: failure }));
      for (const exchange of this.#waiting.splice(0)) {
        exchange.wait('connecting');
        exchange.fail(failure.code, failure.message, failure.cause);
      }
    }
    this.#retry ??= this.#context.clock.setTimer(retryMs, () => {
      this.#retry = undefined;
      this.#fill();
    });
  }
}
