import type { Clock, ExecutorState, Logger, Timer } from '@hotpath/core';
import { ExecutorError } from '@hotpath/core';
import { ConnectFailure } from './connect-failure.ts';
import type { Connection, ConnectionOwner } from './connection.ts';
import type { Exchange } from './exchange.ts';

/** A connection being opened. */
export interface Opening {
  /** Rejects with `ConnectFailure`. */
  readonly opened: Promise<Connection>;
  cancel(): void;
}

const firstRetryMs = 100;
const longestRetryMs = 5_000;
/** Of the time the other side keeps an idle connection; after that a new one takes its place. */
const idleShare = 0.7;

export interface PoolParts {
  readonly size: number;
  readonly clock: Clock;
  readonly log: Logger;
  open(owner: ConnectionOwner): Opening;
}

/** Keeps connections open ahead of need, and serves waiting exchanges in their order. */
export class ConnectionPool implements ConnectionOwner {
  readonly #parts: PoolParts;
  readonly #idle: Connection[] = [];
  readonly #busy = new Set<Connection>();
  readonly #openings = new Set<Opening>();
  readonly #idleLimits = new Map<Connection, Timer>();
  #waiting: Exchange[] = [];
  #connects: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #failure: ConnectFailure | undefined;
  #retry: Timer | undefined;
  #retryMs = firstRetryMs;
  #started = false;
  #closed: Promise<void> | undefined;
  #allGone: () => void = () => {};

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  get state(): ExecutorState {
    if (this.#closed) return { is: 'closed' };
    if (this.#idle.length + this.#busy.size > 0) return { is: 'ready', idleConnections: this.#idle.length, busyConnections: this.#busy.size };
    if (this.#failure) return { is: 'unavailable', reason: this.#failure.message };
    return this.#started ? { is: 'connecting' } : { is: 'unavailable', reason: 'It has not been connected yet.' };
  }

  connect(): Promise<void> {
    if (this.#closed) return Promise.reject(new ExecutorError('EXECUTOR_CLOSED', 'The executor is closed.'));
    this.#started = true;
    if (this.#idle.length > 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#connects.push({ resolve, reject });
      this.#fill();
    });
  }

  /** Starts it in this tick when a connection is idle. */
  deliver(exchange: Exchange): void {
    if (this.#closed) return exchange.fail('NO_CONNECTION', 'The executor is closed.');
    if (!exchange.mayBeWritten()) return;
    const connection = this.#idle.pop();
    if (connection) return this.#start(connection, exchange);
    this.#started = true;
    this.#waiting.push(exchange);
    exchange.wait(this.#busy.size > 0 ? 'queued' : 'connecting');
    this.#fill();
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#allGone = resolve;
    });
    this.#retry?.cancel();
    for (const { reject } of this.#connects.splice(0)) reject(new ExecutorError('EXECUTOR_CLOSED', 'The executor was closed.'));
    for (const exchange of this.#waiting.splice(0)) {
      exchange.wait('queued');
      exchange.fail('NO_CONNECTION', 'The executor was closed before it could be written.');
    }
    for (const opening of this.#openings) opening.cancel();
    for (const limit of this.#idleLimits.values()) limit.cancel();
    for (const connection of [...this.#idle, ...this.#busy]) connection.reset('the executor was closed');
    this.#leaveWhenEmpty();
    return this.#closed;
  }

  idle(connection: Connection): void {
    this.#busy.delete(connection);
    if (this.#closed) return connection.reset('the executor was closed');
    const next = this.#nextWaiting();
    if (next) return this.#start(connection, next);
    this.#idle.push(connection);
    this.#limitIdleTime(connection);
  }

  gone(connection: Connection, reason: string, unwritten: Exchange | undefined): void {
    this.#busy.delete(connection);
    this.#stopIdleTime(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#parts.log.debug({ reason }, 'a connection ended');
    if (this.#closed) {
      unwritten?.fail('NO_CONNECTION', 'The executor was closed before it could be written.');
      return this.#leaveWhenEmpty();
    }
    if (unwritten && !unwritten.settled) {
      const other = this.#idle.pop();
      if (other) this.#start(other, unwritten);
      else this.#waiting.unshift(unwritten);
    }
    this.#fill();
  }

  #start(connection: Connection, exchange: Exchange): void {
    this.#stopIdleTime(connection);
    this.#busy.add(connection);
    connection.start(exchange);
  }

  #nextWaiting(): Exchange | undefined {
    for (;;) {
      const next = this.#waiting.shift();
      if (!next || next.mayBeWritten()) return next;
    }
  }

  /** Opens what is missing. A waiting exchange does not wait for a retry: it gets an attempt of its own. */
  #fill(): void {
    if (this.#closed || !this.#started) return;
    const urgent = this.#waiting.length > 0 || this.#connects.length > 0;
    if (this.#retry && !urgent) return;
    this.#retry?.cancel();
    this.#retry = undefined;
    const missing = this.#parts.size - this.#idle.length - this.#busy.size - this.#openings.size;
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
        if (this.#closed) return connection.reset('the executor was closed');
        this.idle(connection);
        for (const { resolve } of this.#connects.splice(0)) resolve();
      },
      (error: unknown) => {
        this.#openings.delete(opening);
        this.#failed(error instanceof ConnectFailure ? error : new ConnectFailure('NO_CONNECTION', 'A connection could not be opened.', error));
      },
    );
  }

  #failed(failure: ConnectFailure): void {
    if (this.#closed) return this.#leaveWhenEmpty();
    this.#failure = failure;
    if (this.#openings.size > 0) return;
    if (this.#busy.size + this.#idle.length === 0) {
      this.#parts.log.warn({ code: failure.code, reason: failure.message }, 'no connection could be opened');
      for (const { reject } of this.#connects.splice(0)) reject(new ExecutorError('CONNECT_FAILED', failure.message, { cause: failure }));
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

  #limitIdleTime(connection: Connection): void {
    if (connection.keepAliveMs === undefined) return;
    this.#stopIdleTime(connection);
    const replace = (): void => connection.reset('it had been idle for long');
    this.#idleLimits.set(connection, this.#parts.clock.setTimer(connection.keepAliveMs * idleShare, replace));
  }

  #stopIdleTime(connection: Connection): void {
    this.#idleLimits.get(connection)?.cancel();
    this.#idleLimits.delete(connection);
  }

  #leaveWhenEmpty(): void {
    if (this.#idle.length + this.#busy.size + this.#openings.size === 0) this.#allGone();
  }
}
