import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { Clock, DeliveryProgress } from '@hotpath/core';
import { setAnswerTimer } from '@hotpath/core';
import type { OpenConnection } from './open-connection.ts';
import { resetConnection } from './open-connection.ts';

export interface CarryOptions {
  readonly origin: URL;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  /** Called once, when the connection is no longer needed. */
  readonly done: () => void;
}
type Over = (tell: () => void) => void;

/** Carries one delivery over a connection that has carried nothing before and will carry nothing after. */
export function carryByHttp(
  progress: DeliveryProgress,
  connection: OpenConnection,
  { origin, maxBodyBytes, clock, done }: CarryOptions,
): void {
  const { template, authorization, body } = progress.request;
  const { answerTimeoutMs } = progress.options;
  const { socket } = connection;
  const headers: Record<string, string> = { host: origin.host, ...template.headers };
  if (authorization) headers['authorization'] = authorization.header;
  if (body !== '' || template.method !== 'GET') headers['content-length'] = String(body.length);
  const outgoing = httpRequest({
    method: template.method,
    path: template.path,
    headers,
    createConnection: () => socket,
  });

  let isOver = false;
  let isSent = false;
  const over: Over = (tell) => {
    if (isOver) return;
    isOver = true;
    limit.cancel();
    tell();
    resetConnection(connection);
    done();
  };
  const overdue = (): void =>
    over(() =>
      progress.fail(
        'TIMEOUT',
        `No whole answer within ${answerTimeoutMs} ms; the connection was reset.`,
      ),
    );
  const limit = setAnswerTimer(clock, answerTimeoutMs, {
    heard: () => socket.bytesRead,
    isOver: () => isOver,
    overdue,
  });
  outgoing.once('socket', () => {
    if (!progress.mayBeWritten()) return over(() => undefined);
    progress.writing(() => isSent);
    // Said when the kernel has everything, over TLS too; after a reset it would say nothing.
    outgoing.end(body, () => (isSent ||= !isOver && !socket.errored));
  });
  listen(outgoing, progress, connection, maxBodyBytes, over);
}

function listen(
  outgoing: ClientRequest,
  progress: DeliveryProgress,
  { socket }: OpenConnection,
  maxBodyBytes: number,
  over: Over,
): void {
  const unexpected = (cause?: Error): void =>
    over(() =>
      progress.fail(
        'ANSWER_UNEXPECTED',
        'More bytes followed the answer than belong to it.',
        cause,
      ),
    );
  let begun = false;
  let answer: IncomingMessage | undefined;
  socket.once('data', () => {
    begun = true;
    progress.firstByteRead();
  });
  outgoing.on('response', (incoming: IncomingMessage) => {
    answer = incoming;
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBodyBytes)
        over(() =>
          progress.fail(
            'ANSWER_TOO_LARGE',
            `The answer's body is longer than ${maxBodyBytes} bytes.`,
          ),
        );
    });
    incoming.on('end', () => {
      if (!incoming.complete) return;
      // Node ends a connection on which a second answer begins.
      if (socket.destroyed && !socket.readableEnded) return unexpected();
      const whole = {
        status: incoming.statusCode ?? 0,
        headers: plain(incoming.headers),
        body: Buffer.concat(chunks),
      };
      // What stands behind the answer in the same packet has been read when the next immediate runs.
      setImmediate(() => over(() => progress.answer(whole)));
    });
  });
  // 101 was not asked for, and what follows it is no HTTP.
  outgoing.on('upgrade', () =>
    over(() => progress.fail('ANSWER_UNREADABLE', 'The answer switches to another protocol.')),
  );
  const broken = (error: Error | undefined): void => {
    if (answer?.complete !== true) over(() => fail(progress, error, begun, socket.readableEnded));
    else if (codeOf(error).startsWith('HPE_')) unexpected(error);
  };
  outgoing.on('error', broken);
  socket.on('error', broken);
  socket.on('close', () => broken(undefined));
}

/** What an error says about an answer that was awaited on a written request. */
function fail(
  progress: DeliveryProgress,
  error: Error | undefined,
  begun: boolean,
  ended: boolean,
): void {
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW')
    progress.fail('ANSWER_TOO_LARGE', 'The head of the answer is too long.', error);
  else if (code === 'HPE_INVALID_EOF_STATE')
    progress.fail('ANSWER_INCOMPLETE', 'The answer ended in the middle.', error);
  else if (code.startsWith('HPE_'))
    progress.fail('ANSWER_UNREADABLE', 'The answer is no HTTP.', error);
  else if (begun)
    progress.fail('ANSWER_INCOMPLETE', 'The connection ended in the middle of the answer.', error);
  else if (ended)
    progress.fail('CLOSED', 'The other side closed the connection without an answer.', error);
  else progress.fail('RESET', 'The connection was reset before an answer came.', error);
}

function codeOf(error: Error | undefined): string {
  return error && 'code' in error ? String(error.code) : '';
}

function plain(headers: IncomingMessage['headers']): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(', ') : value;
  return joined;
}
