import type { Clock, ExecutorState, Logger, PreparedRequest, Timer } from '@hotpath/core';
import { DeliveryProgress, ExecutorError } from '@hotpath/core';
import type { ConnectFailure } from './connect-failure.ts';
import { connectFailureOf } from './connect-failure.ts';
import type { Connection, ConnectionOwner } from './connection.ts';
import { IdleWatch } from './idle-watch.ts';
import type { WriteMoment } from './write-moment.ts';

/** A connection being opened. */
export interface Opening {
  /** Rejects with `ConnectFailure`. */
  readonly opened: Promise<Connection>;
  cancel(): void;
}

export interface PoolParts {
  /** Kept open at all times. */
  readonly size: number;
  readonly most: number;
  readonly keepWarm: PreparedRequest | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly moment: WriteMoment;
  open(owner: ConnectionOwner): Opening;
}

const firstRetryMs = 100;
const longestRetryMs = 5_000;
const keepWarmTimeoutMs = 5_000;
/** Fewer idle ones than this, and more are opened before they are needed. */
const spare = 2;

/** Keeps connections open ahead of need, and serves waiting exchanges in their order. */
export class ConnectionPool implements ConnectionOwner {
  readonly #parts: PoolParts;
  readonly #watch: IdleWatch;
  readonly #idle: Connection[] = [];
  readonly #busy = new Set<Connection>();
  readonly #openings = new Set<Opening>();
  readonly #stale = new Set<Connection>();
  readonly #waiting: DeliveryProgress[] = [];
  readonly #connects: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] =
    [];
  #failure: ConnectFailure | undefined;
  #retry: Timer | undefined;
  #retryMs = firstRetryMs;
  #started = false;
  #closed: Promise<void> | undefined;
  #allGone: () => void = () => {};

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#watch = new IdleWatch(parts.clock, {
      stale: (connection) => this.#refresh(connection),
      surplus: (connection) => this.#retire(connection, 'it was not needed'),
    });
  }

  get state(): ExecutorState {
    if (this.#closed) return { is: 'closed' };
    if (this.#idle.length + this.#busy.size > 0)
      return {
        is: 'ready',
        idleConnections: this.#idle.length,
        busyConnections: this.#busy.size,
        writes: this.#parts.moment.writes,
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
    if (this.#idle.length > 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#connects.push({ resolve, reject });
      this.#fill();
    });
  }

  /** Starts it in this tick when a connection is idle. */
  deliver(exchange: DeliveryProgress): void {
    if (this.#closed) return exchange.fail('NO_CONNECTION', 'The executor is closed.');
    if (!exchange.mayBeWritten()) return;
    this.#started = true;
    if (!this.#startOnIdle(exchange)) {
      this.#waiting.push(exchange);
      exchange.wait(this.#busy.size > 0 ? 'queued' : 'connecting');
    }
    this.#fill();
  }

  close(): Promise<void> {
    if (this.#closed) return this.#closed;
    this.#closed = new Promise((resolve) => {
      this.#allGone = resolve;
    });
    this.#retry?.cancel();
    this.#watch.close();
    for (const { reject } of this.#connects.splice(0))
      reject(new ExecutorError('EXECUTOR_CLOSED', 'The executor was closed.'));
    for (const exchange of this.#waiting.splice(0)) this.#failClosed(exchange);
    for (const opening of this.#openings) opening.cancel();
    for (const connection of this.#idle) connection.retire('the executor was closed');
    for (const connection of this.#busy) connection.reset('the executor was closed');
    this.#leaveWhenEmpty();
    return this.#closed;
  }

  /** Each is told of as gone when its socket has closed, and others are opened then. */
  reset(because: string): void {
    for (const connection of [...this.#idle, ...this.#busy]) connection.reset(because);
  }

  idle(connection: Connection): void {
    this.#busy.delete(connection);
    if (this.#closed) {
      this.#idle.push(connection);
      return connection.retire('the executor was closed');
    }
    for (;;) {
      const next = this.#waiting.shift();
      if (!next) break;
      if (!next.mayBeWritten()) continue;
      if (this.#start(connection, next)) return;
      this.#waiting.unshift(next);
      return this.#fill();
    }
    this.#idle.push(connection);
    this.#watch.watch(connection, this.#idle.length + this.#busy.size > this.#wanted());
  }

  gone(connection: Connection, reason: string, unwritten: DeliveryProgress | undefined): void {
    this.#parts.log.debug({ reason }, 'a connection ended');
    this.#busy.delete(connection);
    this.#stale.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) {
      this.#idle.splice(index, 1);
      this.#watch.ended(connection);
    }
    if (this.#closed) {
      if (unwritten) this.#failClosed(unwritten);
      return this.#leaveWhenEmpty();
    }
    if (unwritten?.mayBeWritten() === true && !this.#startOnIdle(unwritten))
      this.#waiting.unshift(unwritten);
    this.#fill();
  }

  #startOnIdle(exchange: DeliveryProgress): boolean {
    // The one used last is the warmest.
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      this.#watch.stop(connection);
      this.#stale.delete(connection);
      if (this.#start(connection, exchange)) return true;
    }
    return false;
  }

  /** Counted as busy first: what it carries may end while it starts. */
  #start(connection: Connection, exchange: DeliveryProgress): boolean {
    this.#busy.add(connection);
    if (connection.start(exchange)) return true;
    this.#busy.delete(connection);
    return false;
  }

  #failClosed(exchange: DeliveryProgress): void {
    exchange.wait('queued');
    exchange.fail('NO_CONNECTION', 'The executor was closed before it could be written.');
  }

  #wanted(): number {
    const { size, most } = this.#parts;
    return Math.min(most, Math.max(size, this.#busy.size + this.#waiting.length + spare));
  }

  /** Opens what is missing. A waiting exchange does not wait for a retry: it gets an attempt of its own. */
  #fill(): void {
    if (this.#closed || !this.#started) return;
    if (this.#retry) {
      if (this.#waiting.length === 0 && this.#connects.length === 0) return;
      this.#retry.cancel();
      this.#retry = undefined;
    }
    const missing = this.#wanted() - this.#idle.length - this.#busy.size - this.#openings.size;
    for (let count = 0; count < missing; count += 1) this.#open();
  }

  #open(): void {
    const opening = this.#parts.open(this);
    this.#openings.add(opening);
    opening.opened.then(
      (connection) => {
        this.#openings.delete(opening);
        this.#failure = undefined;
        this.#retryMs = firstRetryMs;
        this.idle(connection);
        for (const { resolve } of this.#connects.splice(0)) resolve();
        const [stale] = this.#stale;
        if (stale) this.#retire(stale, 'a new one took its place before the other side ended it');
      },
      (error: unknown) => {
        this.#openings.delete(opening);
        this.#failed(connectFailureOf(error));
      },
    );
  }

  #failed(failure: ConnectFailure): void {
    if (this.#closed) return this.#leaveWhenEmpty();
    this.#failure = failure;
    if (this.#openings.size > 0) return;
    if (this.#busy.size + this.#idle.length === 0) {
      this.#parts.log.warn(
        { code: failure.code, reason: failure.message },
        'no connection could be opened',
      );
      for (const { reject } of this.#connects.splice(0))
        reject(new ExecutorError('CONNECT_FAILED', failure.message, { cause: failure }));
      for (const exchange of this.#waiting.splice(0)) {
        exchange.wait('connecting');
        exchange.fail(failure.code, failure.message, failure.cause);
      }
    }
    this.#retry ??= this.#parts.clock.setTimer(this.#retryMs, () => {
      this.#retry = undefined;
      this.#fill();
    });
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  /** It has idled for so long that the other side may end it soon: a request that costs nothing keeps it, otherwise a new one takes its place. */
  #refresh(connection: Connection): void {
    const { keepWarm, clock } = this.#parts;
    const index = this.#idle.indexOf(connection);
    if (index < 0) return;
    if (keepWarm) {
      this.#idle.splice(index, 1);
      this.#watch.stop(connection);
      this.#start(
        connection,
        new DeliveryProgress(
          keepWarm,
          { deadline: Infinity, answerTimeoutMs: keepWarmTimeoutMs, signal: undefined },
          clock,
        ),
      );
    } else if (this.#idle.length + this.#busy.size + this.#openings.size < this.#parts.most) {
      this.#stale.add(connection);
      this.#open();
    } else {
      this.#retire(connection, 'the other side may end it soon');
      this.#fill();
    }
  }

  #retire(connection: Connection, reason: string): void {
    this.#stale.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index < 0) return;
    this.#idle.splice(index, 1);
    this.#watch.stop(connection);
    connection.retire(reason);
  }

  #leaveWhenEmpty(): void {
    if (this.#idle.length + this.#busy.size + this.#openings.size === 0) this.#allGone();
  }
}
