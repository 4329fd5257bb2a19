import type { DeliveryProgress, FailureCode } from '@hotpath/core';
import { readBeforeOverdue } from '@hotpath/core';
import type { Reading } from './answer-reader.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Connection, ConnectionOwner, ConnectionParts } from './connection.ts';
import { promisedKeepAliveMs } from './connection.ts';
import type { OpenSocket } from './open-socket.ts';
import { resetSocket } from './reset-socket.ts';
import { afterPoll } from './after-poll.ts';
import { Watchdog } from './watchdog.ts';

type Complete = Extract<Reading, { readonly is: 'complete' }>;

/** From here on an idle connection is looked at before it is written to: a poll that long ago says nothing about now. */
const probeAfterMs = 1;

/**
 * Writes each request whole in the caller's tick, and reads its answer strictly.
 * Bytes, an end or a reset while nothing is outstanding destroy the connection. It serves again when its own write is done and a whole poll phase has run since its answer.
 */
export class FramedConnection implements Connection {
  keepAliveMs: number | undefined;
  readonly #opened: OpenSocket;
  readonly #owner: ConnectionOwner;
  readonly #parts: ConnectionParts;
  #exchange: DeliveryProgress | undefined;
  #written = false;
  #writeDone = true;
  #rested = false;
  #idleSince = 0;
  #reader: AnswerReader | undefined;
  #begun = false;
  /** Times that bytes have come. */
  #heard = 0;
  #complete: Complete | undefined;
  #reason: string | undefined;
  // One of each for the life of the connection: they would be made anew for every order.
  readonly #watchdog: Watchdog;
  readonly #isAllTaken = (): boolean => this.#isWriteDone();
  readonly #writeIsDone = (error?: Error | null): void => {
    // After a reset the callback says nothing: Node calls it without an error for what it threw away.
    if (error || this.#reason !== undefined) return;
    this.#writeDone = true;
    this.#offer();
  };
  readonly #pollIsOver = (): void => {
    this.#rested = true;
    // Over TLS the callback is still to come, and offers then.
    if (!this.#isWriteDone() && this.#opened.socket === this.#opened.raw)
      return this.retire('it was answered before the kernel had taken the whole request');
    this.#offer();
  };

  private constructor(opened: OpenSocket, owner: ConnectionOwner, parts: ConnectionParts) {
    this.#opened = opened;
    this.#owner = owner;
    this.#parts = parts;
    this.#watchdog = new Watchdog(parts.clock, (lateMs) => this.#overdue(lateMs));
    const { socket } = opened;
    opened.onBytes((bytes) => this.#read(bytes));
    socket.on('end', () => this.#ended());
    socket.on('error', (error) => this.#errored(error));
    socket.on('close', () => this.#closed());
  }

  /** Resolves when it may be used: what the other side sends before any request has been read by then. Over TLS that is a round trip later: session tickets that come late would look like bytes nobody asked for. */
  static attach(
    opened: OpenSocket,
    owner: ConnectionOwner,
    parts: ConnectionParts,
  ): Promise<FramedConnection> {
    const connection = new FramedConnection(opened, owner, parts);
    const { clock } = parts;
    // safeguard: it is said that there is no descriptor
    if (!parts.probe.sees(opened.raw)) parts.moment.withoutDescriptor();
    return new Promise((resolve) => {
      const ready = (): void => {
        connection.#idleSince = clock.monotonic();
        resolve(connection);
      };
      if (opened.socket !== opened.raw && opened.roundTripMs > 0)
        clock.setTimer(opened.roundTripMs, () => afterPoll(ready));
      else afterPoll(ready);
    });
  }

  start(exchange: DeliveryProgress): boolean {
    const { socket, raw } = this.#opened;
    if (this.#reason !== undefined || !socket.writable) return false;
    if (this.#parts.clock.monotonic() - this.#idleSince >= probeAfterMs) {
      const quietness = this.#parts.probe.look(raw);
      // safeguard: a connection that has rested is looked at before a write
      if (quietness === 'not-quiet') {
        this.reset('something had come on it while it was idle');
        return false;
      }
      // safeguard: without a descriptor an order waits for a poll
      if (quietness === 'unknown') {
        this.#parts.moment.withoutDescriptor();
        this.#writeAfterPoll(exchange);
        return true;
      }
    }
    this.#write(exchange);
    return true;
  }

  retire(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#opened.socket.destroy();
  }

  reset(reason: string): void {
    this.#reason ??= reason;
    resetSocket(this.#opened);
  }

  /** Without a descriptor to ask, what may have come is read by the event loop first. */
  #writeAfterPoll(exchange: DeliveryProgress): void {
    this.#exchange = exchange;
    this.#written = false;
    exchange.wait('queued');
    afterPoll(() => {
      if (this.#exchange !== exchange || this.#reason !== undefined) return;
      if (exchange.mayBeWritten()) this.#write(exchange);
      else {
        this.#exchange = undefined;
        this.#offer();
      }
    });
  }

  #write(exchange: DeliveryProgress): void {
    const { socket, raw } = this.#opened;
    const whole = this.#parts.heads.wholeOf(exchange.request);
    this.#exchange = exchange;
    this.#reader = undefined;
    this.#begun = false;
    this.#rested = false;
    this.#written = true;
    this.#writeDone = false;
    exchange.writing(this.#isAllTaken);
    const done = socket === raw ? undefined : this.#writeIsDone;
    if (typeof whole === 'string') socket.write(whole, 'latin1', done);
    else socket.write(whole, done);
    if (socket.errored) {
      exchange.writeRefused(socket.errored);
      this.#leave();
      this.reset('its write was refused');
      return;
    }
    // Asked now: after a reset nothing tells any more.
    this.#isWriteDone();
    this.#watchdog.guard(exchange.options.answerTimeoutMs);
  }

  /** On plain TCP an empty queue means that the kernel has everything, and asking costs less than being called back. Over TLS only the callback says so. */
  #isWriteDone(): boolean {
    const { socket, raw } = this.#opened;
    if (
      !this.#writeDone &&
      socket === raw &&
      socket.writableLength === 0 &&
      !socket.errored &&
      this.#reason === undefined
    )
      this.#writeDone = true;
    return this.#writeDone;
  }

  #read(bytes: Buffer): void {
    const exchange = this.#exchange;
    if (this.#reason !== undefined) return;
    if (!exchange || !this.#written) return this.reset('bytes came that nobody had asked for');
    if (this.#complete)
      return this.#fail('ANSWER_UNEXPECTED', 'More bytes followed the answer than belong to it.');
    this.#begun = true;
    this.#heard += 1;
    exchange.firstByteRead();
    this.#reader ??= new AnswerReader(this.#parts.settings);
    this.#take(this.#reader.read(bytes));
  }

  #take(reading: Reading): void {
    if (reading.is === 'more') return;
    this.#reader = undefined;
    if (reading.is === 'failed') return this.#fail(reading.code, reading.message);
    if (reading.extra > 0)
      return this.#fail('ANSWER_UNEXPECTED', 'More bytes followed the answer than belong to it.');
    this.#complete = reading;
    // Over TLS what came in one packet comes here in several pieces: the next of them may stand behind this answer.
    if (this.#opened.socket === this.#opened.raw) this.#conclude();
    else setImmediate(() => this.#conclude());
  }

  #conclude(): void {
    const complete = this.#complete;
    const exchange = this.#exchange;
    if (!complete || !exchange) return;
    this.keepAliveMs = promisedKeepAliveMs(complete.answer.headers) ?? this.keepAliveMs;
    const abandoned = exchange.settled;
    exchange.answer(complete.answer);
    this.#leave();
    if (abandoned) this.retire('its answer came after the caller had gone');
    else if (!complete.keepAlive) this.retire('its last answer said so');
    else afterPoll(this.#pollIsOver);
  }

  #overdue(lateMs: number): void {
    const exchange = this.#exchange;
    if (!exchange) return;
    const { answerTimeoutMs } = exchange.options;
    readBeforeOverdue(
      this.#parts.clock,
      { limitMs: answerTimeoutMs, lateMs },
      {
        heard: () => this.#heard,
        isOver: () => this.#exchange !== exchange || this.#complete !== undefined,
        overdue: () =>
          this.#fail(
            'TIMEOUT',
            `No whole answer within ${answerTimeoutMs} ms; the connection was reset.`,
          ),
      },
    );
  }

  #fail(code: FailureCode, message: string, cause?: unknown): void {
    this.#exchange?.fail(code, message, cause);
    this.#leave();
    this.reset(message);
  }

  /** The exchange is over for this connection. */
  #leave(): void {
    this.#watchdog.rest();
    this.#exchange = undefined;
    this.#reader = undefined;
    this.#complete = undefined;
  }

  #offer(): void {
    if (
      this.#reason !== undefined ||
      this.#exchange ||
      !this.#writeDone ||
      !this.#rested ||
      this.#opened.socket.destroyed
    )
      return;
    this.#idleSince = this.#parts.clock.monotonic();
    this.#owner.idle(this);
  }

  #ended(): void {
    if (this.#complete) this.#conclude();
    if (this.#exchange && this.#written && this.#reason === undefined) {
      if (this.#begun && this.#reader) this.#take(this.#reader.end());
      else this.#fail('CLOSED', 'The other side closed the connection without an answer.');
      this.#conclude();
    }
    this.retire('the other side ended it');
  }

  #errored(error: Error): void {
    if (this.#complete) this.#conclude();
    if (!this.#exchange || !this.#written || this.#reason !== undefined) return;
    if (this.#begun)
      this.#fail(
        'ANSWER_INCOMPLETE',
        'The connection was reset in the middle of the answer.',
        error,
      );
    else this.#fail('RESET', 'The connection was reset before an answer came.', error);
  }

  #closed(): void {
    const unwritten = this.#written ? undefined : this.#exchange;
    if (this.#written)
      this.#exchange?.fail(
        'CLOSED',
        `The connection was ended on this side: ${this.#reason ?? 'no reason given'}.`,
      );
    this.#leave();
    this.#watchdog.close();
    this.#owner.gone(this, this.#reason ?? 'it was reset', unwritten);
  }
}
