import type { Socket } from 'node:net';
import type { Clock, DeliveryProgress } from '@hotpath/core';
import { Client, fetch } from 'undici';
import type { FallbackExecutorSettings } from './fallback-executor-options.ts';
import type { OpenSocket } from './open-socket.ts';
import type { Ending, ExchangeConnection } from './recorded-exchange.ts';
import { RecordedExchange } from './recorded-exchange.ts';
import { resetSocket } from './reset-socket.ts';
import { SingleDispatch } from './single-dispatch.ts';
import { wireHeaders } from './wire-headers.ts';
import { Withdrawn } from './withdrawn.ts';

const longestMs = 2_147_483_647;

/** `free`: it can carry another. `ended`: the connection is no more. `unwritten`: it ended, and of the attempt no byte was written. */
export type Carried = 'free' | 'ended' | 'unwritten';

/** Carries requests by `fetch` over one undici `Client` that lives and dies with its socket: it can't reconnect, so it can't send anything twice. */
export class FetchConnection implements ExchangeConnection {
  readonly clock: Clock;
  readonly #opened: OpenSocket;
  readonly #client: Client;
  readonly #origin: URL;
  #endedHere: string | undefined;

  constructor(opened: OpenSocket, origin: URL, settings: FallbackExecutorSettings, clock: Clock) {
    this.#opened = opened;
    this.#origin = origin;
    this.clock = clock;
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
        (resolve) =>
          void this.#client.dispatch(wire, new RecordedExchange(this, attempt, handler, resolve)),
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

  get socket(): Socket {
    return this.#opened.socket;
  }

  get isEndedHere(): boolean {
    return this.#endedHere !== undefined;
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
}
