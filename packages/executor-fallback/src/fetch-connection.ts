import type { Answer, Clock, DeliveryProgress, Timer } from '@hotpath/core';
import { setAnswerTimer } from '@hotpath/core';
import type { Dispatcher } from 'undici';
import { Client, fetch } from 'undici';
import { answerFailure, isAboutMoreBytes, isWriteError } from './answer-failure.ts';
import { answerHeaders } from './answer-headers.ts';
import type { FallbackExecutorSettings } from './fallback-executor-options.ts';
import type { OpenSocket } from './open-socket.ts';
import { resetSocket } from './reset-socket.ts';
import { SingleDispatch } from './single-dispatch.ts';
import { wireHeaders } from './wire-headers.ts';

const longestMs = 2_147_483_647;

/** `free`: it can carry another. `ended`: the connection is no more. `unwritten`: it ended, and of the attempt no byte was written. */
export type Carried = 'free' | 'ended' | 'unwritten';

/** What undici is told when a request must not be written after all. */
class Withdrawn extends Error {}

/** Carries requests by `fetch` over one undici `Client` that lives and dies with its socket: it can't reconnect, so it can't send anything twice. */
export class FetchConnection {
  readonly #opened: OpenSocket;
  readonly #client: Client;
  readonly #origin: URL;
  readonly #clock: Clock;
  #endedHere: string | undefined;

  constructor(opened: OpenSocket, origin: URL, settings: FallbackExecutorSettings, clock: Clock) {
    this.#opened = opened;
    this.#origin = origin;
    this.#clock = clock;
    let handedOver = false;
    this.#client = new Client(origin.origin, {
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: settings.maxHeaderBytes,
      maxResponseSize: settings.maxBodyBytes,
      // Time limits go by the injected clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: longestMs,
      keepAliveMaxTimeout: longestMs,
      connect: (_options, callback) => {
        const socket = handedOver || !this.#usable ? undefined : opened.socket;
        handedOver = true;
        queueMicrotask(() =>
          socket
            ? callback(null, socket)
            : callback(new Withdrawn('The connection is used up.'), null),
        );
      },
    });
  }

  /** Calls back once, when the connection is no more. */
  onGone(gone: () => void): void {
    const { socket } = this.#opened;
    const leave = (): void => {
      gone();
      this.#client.destroy().catch(() => {});
    };
    if (socket.destroyed) queueMicrotask(leave);
    // The tick queue runs after undici's own word about a request under way.
    else socket.once('close', () => process.nextTick(leave));
  }

  /** Lets the client listen on the socket, so that an end is noticed while idle. No byte is written for it. */
  attach(): Promise<void> {
    return new Promise((resolve) => {
      const onConnect = (): void => {
        throw new Withdrawn('Only the socket was to be taken.');
      };
      this.#client.dispatch(
        { method: 'GET', path: '/' },
        {
          onConnect,
          onHeaders: () => true,
          onData: () => true,
          onComplete: () => {},
          onError: () => resolve(),
        },
      );
    });
  }

  /** Ends it with a reset, so that the kernel can deliver nothing of it later. */
  reset(reason: string): void {
    this.#endedHere ??= reason;
    resetSocket(this.#opened);
  }

  /** Resolves when nothing of the attempt is under way on this connection any more. */
  async carry(attempt: DeliveryProgress): Promise<Carried> {
    const { template, body } = attempt.request;
    const headers = wireHeaders(attempt.request);
    const wire = {
      method: template.method,
      path: template.path,
      headers,
      body: body === '' ? null : Buffer.from(body),
    };
    let ended: Promise<Ending> | undefined;
    const dispatcher = new SingleDispatch((handler) => {
      ended = new Promise(
        (resolve) => void this.#client.dispatch(wire, this.#record(attempt, handler, resolve)),
      );
    });
    const init = {
      method: template.method,
      body: wire.body,
      redirect: 'manual' as const,
      dispatcher,
    };
    // What fetch makes of the answer matters only in that it may want to send the request again.
    await fetch(new URL(template.path, this.#origin), init).then(
      () => {},
      () => {},
    );
    return this.#conclude(attempt, await ended, dispatcher.secondRefused);
  }

  get #usable(): boolean {
    return this.#endedHere === undefined && !this.#opened.socket.destroyed;
  }

  #conclude(
    attempt: DeliveryProgress,
    ending: Ending | undefined,
    secondRefused: boolean,
  ): Carried {
    if (!ending || ending.is === 'not-written') {
      if (!ending)
        attempt.fail('NO_CONNECTION', 'fetch refused the request before it reached a connection.');
      return this.#usable ? 'free' : 'unwritten';
    }
    const abandoned = attempt.settled;
    if (secondRefused)
      attempt.fail(
        'SECOND_REQUEST',
        'The HTTP client wanted to send the request again and was stopped.',
      );
    else if (ending.is === 'answered') attempt.answer(ending.answer);
    else if (this.#endedHere === undefined) attempt.fail(ending.code, ending.message, ending.cause);
    else attempt.fail('CLOSED', `The connection was ended on this side: ${this.#endedHere}.`);
    if (abandoned || ending.is === 'failed' || secondRefused)
      this.reset('its answer can not be relied on');
    return this.#usable ? 'free' : 'ended';
  }

  /** Follows the exchange at the wire, and lets `fetch` see it too. */
  #record(
    attempt: DeliveryProgress,
    fetching: Dispatcher.DispatchHandler,
    resolve: (ending: Ending) => void,
  ): Dispatcher.DispatchHandler {
    const { socket } = this.#opened;
    const { answerTimeoutMs } = attempt.options;
    const chunks: Buffer[] = [];
    let begun = false;
    let written = false;
    let refused = false;
    let left = false;
    let limit: Timer | undefined;
    let head: Omit<Answer, 'body'> | undefined;
    let heard = 0;
    let isOver = false;
    const end = (ending: Ending): void => {
      isOver = true;
      limit?.cancel();
      resolve(ending);
    };
    const overdue = (): void => {
      attempt.fail(
        'TIMEOUT',
        `No whole answer within ${answerTimeoutMs} ms; the connection was reset.`,
      );
      this.reset('no answer in time');
    };
    return {
      onConnect: () => {
        // Throwing here makes undici drop the request before its write and keep the socket.
        if (this.#endedHere !== undefined || !attempt.mayBeWritten())
          throw new Withdrawn('Its time was over before the write.');
        written = true;
        attempt.writing(() => socket.writableLength === 0 && !refused);
        limit = setAnswerTimer(this.#clock, answerTimeoutMs, {
          heard: () => heard,
          isOver: () => isOver,
          overdue,
        });
        // undici writes as this returns; the tick queue runs before anything the network has to say.
        process.nextTick(() => {
          refused = isWriteError(socket.errored);
          if (refused) attempt.writeRefused(socket.errored);
        });
        // fetch may leave, but the answer is still awaited: its abort goes no further.
        fetching.onConnect?.((reason) => {
          left = true;
          fetching.onError?.(reason ?? new Withdrawn('fetch has left.'));
        });
      },
      onResponseStarted: () => {
        begun = true;
        heard += 1;
        attempt.firstByteRead();
        fetching.onResponseStarted?.();
      },
      onHeaders: (status, raw, resume, text) => {
        if (status >= 200) head = { status, headers: answerHeaders(raw) };
        if (!left) fetching.onHeaders?.(status, raw, resume, text);
        return true;
      },
      onData: (chunk) => {
        heard += 1;
        chunks.push(chunk);
        if (!left) fetching.onData?.(chunk);
        return true;
      },
      onComplete: (trailers) => {
        if (!left) fetching.onComplete?.(trailers);
        // What stood behind the answer in the same packet has been read when the tick queue runs.
        process.nextTick(() => {
          if (!isAboutMoreBytes(socket.errored) && head)
            end({ is: 'answered', answer: { ...head, body: Buffer.concat(chunks) } });
          else
            end({
              is: 'failed',
              code: 'ANSWER_UNEXPECTED',
              message: 'More bytes followed the answer than belong to it.',
              cause: socket.errored,
            });
        });
      },
      onError: (error) => {
        if (!left) fetching.onError?.(error);
        if (!written) return end({ is: 'not-written' });
        refused ||= isWriteError(error);
        end({
          is: 'failed',
          ...answerFailure(error, { begun, ended: socket.readableEnded }),
          cause: error,
        });
      },
    };
  }
}

type Ending =
  | { readonly is: 'answered'; readonly answer: Answer }
  | ({ readonly is: 'failed'; readonly cause: unknown } & ReturnType<typeof answerFailure>)
  | { readonly is: 'not-written' };
