import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { Answer, Clock, DeliverOptions, Delivery, FailureCode, Marks, PreparedRequest, Timer } from '@hotpath/core';
import type { OpenConnection } from './open-connection.ts';
import { resetConnection } from './open-connection.ts';

/** One delivery. It settles once, and claims no more about its bytes than is proven. */
export class Exchange {
  readonly delivery: Promise<Delivery>;
  readonly #request: PreparedRequest;
  readonly #options: DeliverOptions;
  readonly #clock: Clock;
  readonly #queued: number;
  readonly #abort = (): void => this.fail('ABORTED', 'The caller aborted it.');
  #settle: (delivery: Delivery) => void = () => undefined;
  #settled = false;
  #stage: 'queued' | 'connecting' | 'writing' = 'queued';
  #written: number | undefined;
  #firstByte: number | undefined;
  #deadline: Timer | undefined;
  #isSent = false;

  constructor(request: PreparedRequest, options: DeliverOptions, clock: Clock) {
    this.#request = request;
    this.#options = options;
    this.#clock = clock;
    this.#queued = clock.monotonic();
    this.delivery = new Promise((resolve) => (this.#settle = resolve));
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** It has to wait: from now on its deadline and its signal end it by themselves. */
  wait(stage: 'queued' | 'connecting'): void {
    this.#stage = stage;
    if (this.#deadline) return;
    this.#options.signal?.addEventListener('abort', this.#abort);
    const left = this.#options.deadline - this.#clock.monotonic();
    // A longer wait than a timer holds is no deadline that anybody will see pass.
    this.#deadline = this.#clock.setTimer(Math.min(left, 2 ** 31 - 1), () => this.fail('DEADLINE', 'Its deadline passed before it could be written.'));
  }

  /** The last look, in the tick of the write. False: it ended without a byte. */
  mayBeWritten(): boolean {
    if (this.#settled) return false;
    if (this.#options.signal?.aborted === true) this.#abort();
    else if (this.#clock.monotonic() >= this.#options.deadline) this.fail('DEADLINE', 'Its deadline passed before it could be written.');
    return !this.#settled;
  }

  /** Carries it over a connection that has carried nothing before and will carry nothing after. `done` is called when the connection is no longer needed. */
  carry(connection: OpenConnection, origin: URL, maxBodyBytes: number, done: () => void): void {
    const { template, authorization, body } = this.#request;
    const { socket } = connection;
    const headers: Record<string, string> = { host: origin.host, ...template.headers };
    if (authorization) headers['authorization'] = authorization.header;
    if (body !== '' || template.method !== 'GET') headers['content-length'] = String(body.length);
    const outgoing = httpRequest({ method: template.method, path: template.path, headers, createConnection: () => socket });
    const limit = this.#clock.setTimer(this.#options.answerTimeoutMs, () => over(() => this.fail('TIMEOUT', `No whole answer within ${this.#options.answerTimeoutMs} ms; the connection was reset.`)));
    let isOver = false;
    const over = (tell: () => void): void => {
      if (isOver) return;
      isOver = true;
      limit.cancel();
      tell();
      resetConnection(connection);
      done();
    };
    outgoing.once('socket', () => {
      if (!this.mayBeWritten()) return over(() => undefined);
      this.#deadline?.cancel();
      this.#stage = 'writing';
      this.#written = this.#clock.monotonic();
      this.#options.signal?.addEventListener('abort', this.#abort);
      // Said when the kernel has everything, over TLS too.
      outgoing.end(body, () => (this.#isSent ||= !isOver && !socket.errored));
    });
    this.#listen(outgoing, connection, maxBodyBytes, over);
  }

  #listen(outgoing: ClientRequest, { socket }: OpenConnection, maxBodyBytes: number, over: (tell: () => void) => void): void {
    let begun = false;
    let answer: IncomingMessage | undefined;
    const begin = (): void => {
      begun = true;
      this.#firstByte ??= this.#clock.monotonic();
    };
    socket.once('data', begin);
    outgoing.on('response', (incoming: IncomingMessage) => {
      answer = incoming;
      const chunks: Buffer[] = [];
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBodyBytes) over(() => this.fail('ANSWER_TOO_LARGE', `The answer's body is longer than ${maxBodyBytes} bytes.`));
      });
      incoming.on('end', () => {
        if (!incoming.complete) return;
        // Node ends a connection on which a second answer begins.
        if (socket.destroyed && !socket.readableEnded) return over(() => this.fail('ANSWER_UNEXPECTED', 'More bytes followed the answer than belong to it.'));
        const whole: Answer = { status: incoming.statusCode ?? 0, headers: plain(incoming.headers), body: Buffer.concat(chunks) };
        // What stands behind the answer in the same packet has been read when the next immediate runs.
        setImmediate(() => over(() => this.#answer(whole)));
      });
    });
    // 101 was not asked for, and what follows it is no HTTP.
    outgoing.on('upgrade', () => over(() => this.fail('ANSWER_UNREADABLE', 'The answer switches to another protocol.')));
    const broken = (error: Error | undefined): void => {
      if (answer?.complete !== true) over(() => this.#broken(error, begun, socket.readableEnded));
      else if (error && 'code' in error && String(error.code).startsWith('HPE_')) over(() => this.fail('ANSWER_UNEXPECTED', 'More bytes followed the answer than belong to it.', error));
    };
    outgoing.on('error', broken);
    socket.on('error', broken);
    socket.on('close', () => broken(undefined));
  }

  fail(code: FailureCode, message: string, cause?: unknown): void {
    const failure = cause === undefined ? { code, message } : { code, message, cause };
    const marks = this.#marks();
    if (this.#stage !== 'writing') this.#end({ stage: this.#stage, bytes: 'none', failure, marks });
    else if (this.#isSent) this.#end({ stage: 'sent', bytes: 'all', failure, marks });
    else this.#end({ stage: 'writing', bytes: 'maybe', failure, marks });
  }

  #answer(answer: Answer): void {
    this.#end({ stage: 'answered', bytes: this.#isSent ? 'all' : 'maybe', answer, marks: this.#marks() });
  }

  #broken(error: Error | undefined, begun: boolean, ended: boolean): void {
    const code = error && 'code' in error ? String(error.code) : '';
    if (code === 'HPE_HEADER_OVERFLOW') this.fail('ANSWER_TOO_LARGE', 'The head of the answer is too long.', error);
    else if (code === 'HPE_INVALID_EOF_STATE') this.fail('ANSWER_INCOMPLETE', 'The answer ended in the middle.', error);
    else if (code.startsWith('HPE_')) this.fail('ANSWER_UNREADABLE', 'The answer is no HTTP.', error);
    else if (begun) this.fail('ANSWER_INCOMPLETE', 'The connection ended in the middle of the answer.', error);
    else if (ended) this.fail('CLOSED', 'The other side closed the connection without an answer.', error);
    else this.fail('RESET', 'The connection was reset before an answer came.', error);
  }

  #marks(): Marks {
    return { queued: this.#queued, written: this.#written, firstByte: this.#firstByte, end: this.#clock.monotonic() };
  }

  #end(delivery: Delivery): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#deadline?.cancel();
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#settle(delivery);
  }
}

function plain(headers: IncomingMessage['headers']): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(', ') : value;
  return joined;
}
