import type { Socket } from 'node:net';
import type { Answer, Clock, DeliveryProgress, Timer } from '@hotpath/core';
import { setAnswerTimer } from '@hotpath/core';
import type { Dispatcher } from 'undici';
import { answerFailure, isAboutMoreBytes, isWriteError } from './answer-failure.ts';
import { answerHeaders } from './answer-headers.ts';
import { Withdrawn } from './withdrawn.ts';

/** How an exchange ended at the wire. */
export type Ending =
  | { readonly is: 'answered'; readonly answer: Answer }
  | ({ readonly is: 'failed'; readonly cause: unknown } & ReturnType<typeof answerFailure>)
  | { readonly is: 'not-written' };

/** What an exchange needs of the connection that carries it. */
export interface ExchangeConnection {
  readonly socket: Socket;
  readonly clock: Clock;
  /** This side has ended it, so that nothing more may be written. */
  readonly isEndedHere: boolean;
  reset(reason: string): void;
}

/** Follows one exchange at the wire, and lets `fetch` see it too. */
export class RecordedExchange implements Dispatcher.DispatchHandler {
  readonly #connection: ExchangeConnection;
  readonly #attempt: DeliveryProgress;
  readonly #fetching: Dispatcher.DispatchHandler;
  readonly #resolve: (ending: Ending) => void;
  readonly #chunks: Buffer[] = [];
  #begun = false;
  #written = false;
  #refused = false;
  /** `fetch` has left, and is told no more. */
  #left = false;
  #limit: Timer | undefined;
  #head: Omit<Answer, 'body'> | undefined;
  #heard = 0;
  #isOver = false;

  /** `fetching`: the handler in which `fetch` awaits the answer. `resolve` is called with the end, which may come twice and counts once. */
  constructor(
    connection: ExchangeConnection,
    attempt: DeliveryProgress,
    fetching: Dispatcher.DispatchHandler,
    resolve: (ending: Ending) => void,
  ) {
    this.#connection = connection;
    this.#attempt = attempt;
    this.#fetching = fetching;
    this.#resolve = resolve;
  }

  onConnect(): void {
    const { socket, clock, isEndedHere } = this.#connection;
    const attempt = this.#attempt;
    // Throwing here makes undici drop the request before its write and keep the socket.
    if (isEndedHere || !attempt.mayBeWritten())
      throw new Withdrawn('Its time was over before the write.');
    this.#written = true;
    attempt.writing(() => socket.writableLength === 0 && !this.#refused);
    this.#limit = setAnswerTimer(clock, attempt.options.answerTimeoutMs, {
      heard: () => this.#heard,
      isOver: () => this.#isOver,
      overdue: () => this.#overdue(),
    });
    // undici writes as this returns; the tick queue runs before anything the network has to say.
    process.nextTick(() => {
      this.#refused = isWriteError(socket.errored);
      if (this.#refused) attempt.writeRefused(socket.errored);
    });
    // fetch may leave, but the answer is still awaited: its abort goes no further.
    this.#fetching.onConnect?.((reason) => {
      this.#left = true;
      this.#fetching.onError?.(reason ?? new Withdrawn('fetch has left.'));
    });
  }

  onResponseStarted(): void {
    this.#begun = true;
    this.#heard += 1;
    this.#attempt.firstByteRead();
    this.#fetching.onResponseStarted?.();
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, text: string): boolean {
    if (status >= 200) this.#head = { status, headers: answerHeaders(raw) };
    if (!this.#left) this.#fetching.onHeaders?.(status, raw, resume, text);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#heard += 1;
    this.#chunks.push(chunk);
    if (!this.#left) this.#fetching.onData?.(chunk);
    return true;
  }

  onComplete(trailers: string[] | null): void {
    const { socket } = this.#connection;
    if (!this.#left) this.#fetching.onComplete?.(trailers);
    // What stood behind the answer in the same packet has been read when the tick queue runs.
    process.nextTick(() => {
      if (!isAboutMoreBytes(socket.errored) && this.#head)
        this.#end({
          is: 'answered',
          answer: { ...this.#head, body: Buffer.concat(this.#chunks) },
        });
      else
        this.#end({
          is: 'failed',
          code: 'ANSWER_UNEXPECTED',
          message: 'More bytes followed the answer than belong to it.',
          cause: socket.errored,
        });
    });
  }

  onError(error: Error): void {
    if (!this.#left) this.#fetching.onError?.(error);
    if (!this.#written) return this.#end({ is: 'not-written' });
    this.#refused ||= isWriteError(error);
    this.#end({
      is: 'failed',
      ...answerFailure(error, {
        begun: this.#begun,
        ended: this.#connection.socket.readableEnded,
      }),
      cause: error,
    });
  }

  #overdue(): void {
    this.#attempt.fail(
      'TIMEOUT',
      `No whole answer within ${this.#attempt.options.answerTimeoutMs} ms; the connection was reset.`,
    );
    this.#connection.reset('no answer in time');
  }

  #end(ending: Ending): void {
    this.#isOver = true;
    this.#limit?.cancel();
    this.#resolve(ending);
  }
}
