import type { FailureCode } from '../delivery.ts';
import { answerText, idOf, maxBodyBytes } from './executor-trial.ts';
import type { WireRequest } from './wire-server.ts';

/** Every way in which what a server sends is no whole and single answer, and the failures of which one is told. */
export const answerEndings: {
  readonly when: string;
  readonly act: (request: WireRequest) => void;
  readonly codes: FailureCode[];
}[] = [
  {
    when: 'closed after the request',
    act: ({ connection }) => connection.end(),
    codes: ['CLOSED', 'RESET'],
  },
  {
    when: 'reset after the request',
    act: ({ connection }) => connection.reset(),
    codes: ['RESET'],
  },
  {
    when: 'cut in the status line',
    act: ({ connection }) => connection.end('HTTP/1.1 20'),
    codes: ['ANSWER_INCOMPLETE'],
  },
  {
    when: 'cut in the head',
    act: ({ connection }) => connection.end('HTTP/1.1 200 OK\r\ncontent-le'),
    codes: ['ANSWER_INCOMPLETE'],
  },
  {
    when: 'cut before the body',
    act: ({ connection }) => connection.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'),
    codes: ['ANSWER_INCOMPLETE'],
  },
  {
    when: 'cut in the body',
    act: ({ connection }) => connection.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel'),
    codes: ['ANSWER_INCOMPLETE'],
  },
  {
    when: 'cut in the body of a last answer',
    act: ({ connection }) =>
      connection.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhel'),
    codes: ['ANSWER_INCOMPLETE'],
  },
  {
    when: 'cut in a chunk',
    act: ({ connection }) =>
      connection.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel'),
    codes: ['ANSWER_INCOMPLETE'],
  },
  {
    when: 'cut before the last chunk',
    act: ({ connection }) =>
      connection.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'),
    codes: ['ANSWER_INCOMPLETE'],
  },
  {
    when: 'reset in the body',
    act: ({ connection }) =>
      void connection
        .write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel')
        .then(() => setImmediate(() => connection.reset())),
    codes: ['ANSWER_INCOMPLETE', 'RESET'],
  },
  {
    when: 'not HTTP',
    act: ({ connection }) => void connection.write('SSH-2.0-OpenSSH_9.6\r\n\r\n'),
    codes: ['ANSWER_UNREADABLE'],
  },
  {
    when: 'of another protocol version',
    act: ({ connection }) => void connection.write('HTTP/9.9 200 OK\r\ncontent-length: 0\r\n\r\n'),
    codes: ['ANSWER_UNREADABLE'],
  },
  {
    when: 'with a length that is none',
    act: ({ connection }) =>
      void connection.write('HTTP/1.1 200 OK\r\ncontent-length: five\r\n\r\nhello'),
    codes: ['ANSWER_UNREADABLE'],
  },
  {
    when: 'with two lengths',
    act: ({ connection }) =>
      void connection.write(
        'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello',
      ),
    codes: ['ANSWER_UNREADABLE'],
  },
  {
    when: 'with a chunk size that is none',
    act: ({ connection }) =>
      void connection.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\nhello'),
    codes: ['ANSWER_UNREADABLE'],
  },
  {
    when: 'with a head beyond all limits',
    act: ({ connection }) => void connection.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(600_000)}`),
    codes: ['ANSWER_TOO_LARGE'],
  },
  {
    when: 'with a body over the limit',
    act: ({ connection }) => void connection.write(answerText(200, 'z'.repeat(maxBodyBytes + 1))),
    codes: ['ANSWER_TOO_LARGE'],
  },
  {
    when: 'with a chunked body over the limit',
    act: ({ connection }) =>
      void connection.write(
        `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${(maxBodyBytes + 1).toString(16)}\r\n${'z'.repeat(maxBodyBytes + 1)}`,
      ),
    codes: ['ANSWER_TOO_LARGE'],
  },
  {
    when: 'followed by another',
    act: (request) =>
      void request.connection.write(
        answerText(200, idOf(request)) + answerText(200, 'nobody asked'),
      ),
    codes: ['ANSWER_UNEXPECTED'],
  },
  {
    when: 'followed by garbage',
    act: (request) => void request.connection.write(`${answerText(200, idOf(request))}garbage`),
    codes: ['ANSWER_UNEXPECTED'],
  },
];
