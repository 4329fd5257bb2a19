import type { Answer, DeliveryProgress, Timer } from '@hotpath/core';
import { setAnswerTimer } from '@hotpath/core';
import type { Dispatcher } from 'undici';
import { Client } from 'undici';
import { answerFailure, isAboutMoreBytes, isWriteError } from './answer-failure.ts';
import type { Connection, ConnectionOwner, ConnectionParts } from './connection.ts';
import { promisedKeepAliveMs } from './connection.ts';
import type { OpenSocket } from './open-socket.ts';
import { resetSocket } from './reset-socket.ts';

const longestMs = 2_147_483_647;

/** What undici is told when a request must not be written after all. */
class Withdrawn extends Error {}

/** Delivers through one undici `Client` that lives and dies with its socket: it can't reconnect, so it can't send anything twice. */
export class UndiciConnection implements Connection {
  keepAliveMs: number | undefined;
  readonly #client: Client;
  readonly #opened: OpenSocket;
  readonly #owner: ConnectionOwner;
  readonly #parts: ConnectionParts;
  #exchange: DeliveryProgress | undefined;
  #written = false;
  #reason: string | undefined;
  #gone = false;

  private constructor(opened: OpenSocket, owner: ConnectionOwner, parts: ConnectionParts) {
    this.#opened = opened;
    this.#owner = owner;
    this.#parts = parts;
    const { origin, settings } = parts;
    let handedOver = false;
    this.#client = new Client(origin.origin, {
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: settings.maxHeaderBytes,
      maxResponseSize: settings.maxBodyBytes,
      // Time limits go by the injected clock, and idle connections are the pool's to end.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: longestMs,
      keepAliveMaxTimeout: longestMs,
      keepAliveTimeoutThreshold: -longestMs,
      connect: (_options, callback) => {
        const socket = handedOver || opened.socket.destroyed ? undefined : opened.socket;
        handedOver = true;
        queueMicrotask(() =>
          socket
            ? callback(null, socket)
            : callback(new Withdrawn('The connection is used up.'), null),
        );
      },
    });
    // undici's own listener comes first to its word about an exchange under way.
    opened.socket.once('close', () => process.nextTick(() => this.#closed()));
  }

  /** Resolves when the client listens on the socket. No byte is written for it. */
  static attach(
    opened: OpenSocket,
    owner: ConnectionOwner,
    parts: ConnectionParts,
  ): Promise<UndiciConnection> {
    const connection = new UndiciConnection(opened, owner, parts);
    return new Promise((resolve) => {
      const onRequestStart = (): void => {
        throw new Withdrawn('Only the socket was to be taken.');
      };
      connection.#client.dispatch(
        { method: 'GET', path: '/' },
        { onRequestStart, onResponseError: () => resolve(connection) },
      );
    });
  }

  start(exchange: DeliveryProgress): boolean {
    if (this.#reason !== undefined || this.#opened.socket.destroyed) return false;
    const { request } = exchange;
    this.#exchange = exchange;
    this.#written = false;
    exchange.wait('queued');
    const headers = [...this.#parts.heads.headersOf(request)];
    const body = request.body === '' ? null : Buffer.from(request.body);
    this.#client.dispatch(
      { method: request.template.method, path: request.template.path, headers, body },
      this.#handler(exchange),
    );
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

  #handler(exchange: DeliveryProgress): Dispatcher.DispatchHandler {
    const { clock } = this.#parts;
    const { socket } = this.#opened;
    const { answerTimeoutMs } = exchange.options;
    let begun = false;
    let refused = false;
    let answer: Omit<Answer, 'body'> | undefined;
    let limit: Timer | undefined;
    const chunks: Buffer[] = [];
    let heard = 0;
    const overdue = (): void => {
      exchange.fail(
        'TIMEOUT',
        `No whole answer within ${answerTimeoutMs} ms; the connection was reset.`,
      );
      this.reset('no answer in time');
    };
    return {
      onRequestStart: () => {
        // Throwing here makes undici drop the request before its write and keep the socket.
        if (this.#exchange !== exchange || this.#reason !== undefined || !exchange.mayBeWritten())
          throw new Withdrawn('Its time was over before the write.');
        this.#written = true;
        exchange.writing(() => socket.writableLength === 0 && !refused);
        limit = setAnswerTimer(clock, answerTimeoutMs, {
          heard: () => heard,
          isOver: () => this.#exchange !== exchange,
          overdue,
        });
        // undici writes as this returns; the tick queue runs before anything the network has to say.
        process.nextTick(() => {
          refused = isWriteError(socket.errored);
          if (refused) exchange.writeRefused(socket.errored);
        });
      },
      onResponseStarted: () => {
        begun = true;
        heard += 1;
        exchange.firstByteRead();
      },
      onResponseStart: (_controller, status, headers) => {
        if (status >= 200) answer = { status, headers: joinHeaders(headers) };
      },
      onResponseData: (_controller, chunk) => {
        heard += 1;
        chunks.push(chunk);
      },
      onResponseEnd: () => {
        // What stood behind the answer in the same packet has been read when the tick queue runs.
        process.nextTick(() => {
          limit?.cancel();
          this.#answered(exchange, answer, chunks);
        });
      },
      onResponseError: (_controller, error) => {
        limit?.cancel();
        if (this.#exchange !== exchange) return;
        if (this.#written) {
          refused ||= isWriteError(error);
          this.#failed(exchange, error, begun);
        } else if (exchange.settled) this.#free();
      },
    };
  }

  /** The answer has been read to its end, as far as it is one. */
  #answered(
    exchange: DeliveryProgress,
    answer: Omit<Answer, 'body'> | undefined,
    chunks: readonly Buffer[],
  ): void {
    const { socket } = this.#opened;
    const abandoned = exchange.settled;
    if (isAboutMoreBytes(socket.errored))
      exchange.fail(
        'ANSWER_UNEXPECTED',
        'More bytes followed the answer than belong to it.',
        socket.errored,
      );
    else if (answer) {
      this.keepAliveMs = promisedKeepAliveMs(answer.headers) ?? this.keepAliveMs;
      exchange.answer({ ...answer, body: Buffer.concat(chunks) });
    }
    if (abandoned) this.reset('its answer came after the caller had gone');
    this.#free();
  }

  /** The exchange broke off behind its write. `begun`: its answer had begun. */
  #failed(exchange: DeliveryProgress, error: Error, begun: boolean): void {
    const { code, message } = answerFailure(error, {
      begun,
      ended: this.#opened.socket.readableEnded,
    });
    if (this.#reason === undefined) exchange.fail(code, message, error);
    else exchange.fail('CLOSED', `The connection was ended on this side: ${this.#reason}.`);
    this.reset(message);
    this.#exchange = undefined;
  }

  #free(): void {
    this.#exchange = undefined;
    if (this.#reason === undefined && !this.#opened.socket.destroyed) this.#owner.idle(this);
  }

  #closed(): void {
    if (this.#gone) return;
    this.#gone = true;
    const unwritten = this.#written ? undefined : this.#exchange;
    this.#exchange = undefined;
    this.#owner.gone(this, this.#reason ?? 'the other side ended it', unwritten);
    this.#client.destroy().catch(() => {});
  }
}

function joinHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Answer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [
      name,
      typeof text === 'object' ? text.join(', ') : (text ?? ''),
    ]),
  );
}
