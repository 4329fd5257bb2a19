import type { Clock, DeliveryProgress, ExecutorState, Logger, Timer } from '@hotpath/core';
import { ExecutorError } from '@hotpath/core';
import { ConnectFailure, connectFailureOf } from './connect-failure.ts';
import type { FetchConnection } from './fetch-connection.ts';

export interface Opening {
  /** Rejects with `ConnectFailure`. */
  readonly opened: Promise<FetchConnection>;
  cancel(): void;
}

export interface ConnectionsParts {
  readonly most: number;
  readonly clock: Clock;
  readonly log: Logger;
  open(): Opening;
}

interface Waiting {
  readonly attempt: DeliveryProgress;
  readonly take: (connection: FetchConnection | undefined) => void;
}

const firstRetryMs = 100;
const longestRetryMs = 5_000;

/** Opens a connection when one is needed, keeps what has been opened, and sees that there is always one. */
export class FallbackConnections {
  readonly #parts: ConnectionsParts;
  readonly #idle: FetchConnection[] = [];
  readonly #open = new Set<FetchConnection>();
  readonly #openings = new Set<Opening>();
  readonly #waiting: Waiting[] = [];
  #failure: ConnectFailure | undefined;
  #retry: Timer | undefined;
  #retryMs = firstRetryMs;
  #started = false;
  #closed: Promise<void> | undefined;
  #allGone: () => void = () => {};

  constructor(parts: ConnectionsParts) {
    this.#parts = parts;
  }

  get state(): ExecutorState {
    if (this.#closed) return { is: 'closed' };
    if (this.#open.size > 0)
      return {
        is: 'ready',
        idleConnections: this.#idle.length,
        busyConnections: this.#open.size - this.#idle.length,
        writes: 'next-turn',
      };
    if (this.#failure) return { is: 'unavailable', reason: this.#failure.message };
    return this.#started
      ? { is: 'connecting' }
      : { is: 'unavailable', reason: 'It has not been connected yet.' };
  }

  async connect(): Promise<void> {
    if (this.#closed) throw new ExecutorError('EXECUTOR_CLOSED', 'The executor is closed.');
    this.#started = true;
    if (this.#idle.length > 0) return;
    try {
      this.#release(await this.#openOne());
    } catch (error) {
      this.#keepOne();
      if (this.#closed)
        throw new ExecutorError('EXECUTOR_CLOSED', 'The executor was closed.', { cause: error });
      throw new ExecutorError(
        'CONNECT_FAILED',
        error instanceof Error ? error.message : 'No connection could be opened.',
        { cause: error },
      );
    }
  }

  /** Never rejects: what becomes of it stands in the attempt. */
  async deliver(attempt: DeliveryProgress): Promise<void> {
    this.#started = true;
    while (!this.#closed && attempt.mayBeWritten()) {
      const connection = this.#idle.pop() ?? (await this.#obtain(attempt));
      if (!connection) continue;
      if (!attempt.mayBeWritten()) {
        this.#release(connection);
        break;
      }
      attempt.wait('queued');
      const carried = await connection.carry(attempt);
      if (carried === 'free') this.#release(connection);
      if (carried !== 'unwritten') break;
    }
    // One that was woken and could not go passes its turn on.
    this.#wake();
    if (!attempt.settled && this.#closed)
      attempt.fail('NO_CONNECTION', 'The executor was closed before it could be written.');
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#allGone = resolve;
    });
    this.#retry?.cancel();
    for (const opening of this.#openings) opening.cancel();
    for (const connection of this.#open) connection.reset('the executor was closed');
    for (const { take } of this.#waiting.splice(0)) take(undefined);
    this.#leaveWhenEmpty();
    return this.#closed;
  }

  /** Each leaves when its socket has closed, and another is opened where none is left. */
  reset(because: string): void {
    for (const connection of this.#open) connection.reset(because);
  }

  /** A new connection, or undefined after a turn of waiting or a failure. */
  async #obtain(attempt: DeliveryProgress): Promise<FetchConnection | undefined> {
    if (this.#open.size + this.#openings.size >= this.#parts.most) {
      attempt.wait('queued');
      return new Promise((resolve) => {
        this.#waiting.push({ attempt, take: resolve });
        void attempt.delivery.then(() => resolve(undefined));
      });
    }
    attempt.wait('connecting');
    const opening = this.#openOne();
    // A connection that comes too late for this attempt serves the next.
    const settled = await Promise.race([
      attempt.delivery.then(() => true),
      opening.then(
        () => false,
        () => false,
      ),
    ]);
    try {
      if (!settled) return await opening;
      void opening.then(
        (connection) => this.#release(connection),
        () => {},
      );
    } catch (error) {
      if (error instanceof ConnectFailure) attempt.fail(error.code, error.message, error.cause);
    }
    return undefined;
  }

  async #openOne(): Promise<FetchConnection> {
    const opening = this.#parts.open();
    this.#openings.add(opening);
    try {
      const connection = await opening.opened;
      this.#open.add(connection);
      connection.onGone(() => this.#gone(connection));
      this.#failure = undefined;
      this.#retryMs = firstRetryMs;
      if (this.#closed) connection.reset('the executor was closed');
      return connection;
    } catch (error) {
      this.#failure = connectFailureOf(error);
      this.#parts.log.warn(
        { code: this.#failure.code, reason: this.#failure.message },
        'a connection could not be opened',
      );
      throw this.#failure;
    } finally {
      this.#openings.delete(opening);
      this.#wake();
      this.#leaveWhenEmpty();
    }
  }

  #release(connection: FetchConnection): void {
    if (!this.#open.has(connection)) return;
    const next = this.#nextWaiting();
    if (next) next.take(connection);
    else this.#idle.push(connection);
  }

  /** There may be room for another connection: the first that waits looks again. */
  #wake(): void {
    if (this.#open.size + this.#openings.size < this.#parts.most)
      this.#nextWaiting()?.take(undefined);
  }

  #nextWaiting(): Waiting | undefined {
    for (;;) {
      const next = this.#waiting.shift();
      if (!next?.attempt.settled) return next;
    }
  }

  #gone(connection: FetchConnection): void {
    this.#open.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#wake();
    this.#leaveWhenEmpty();
    this.#keepOne();
  }

  #keepOne(): void {
    if (this.#closed || this.#retry || !this.#started || this.#open.size + this.#openings.size > 0)
      return;
    const reopen = (): void => {
      this.#retry = undefined;
      if (this.#closed || this.#open.size + this.#openings.size > 0) return;
      void this.#openOne().then(
        (connection) => this.#release(connection),
        () => this.#keepOne(),
      );
    };
    if (!this.#failure) return reopen();
    this.#retry = this.#parts.clock.setTimer(this.#retryMs, reopen);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  #leaveWhenEmpty(): void {
    if (this.#closed && this.#open.size + this.#openings.size === 0) this.#allGone();
  }
}
