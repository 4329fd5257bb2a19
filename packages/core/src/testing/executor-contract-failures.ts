import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { FailureCode } from '../delivery.ts';
import type { RunTrial } from './executor-contract.ts';
import { answerText, bodyOf, idOf, maxBodyBytes, turn } from './executor-trial.ts';
import type { WireRequest } from './wire-server.ts';

const notWritten = (code: FailureCode): object => ({
  stage: expect.stringMatching(/^(?:queued|connecting)$/u),
  bytes: 'none',
  failure: { code, message: expect.stringMatching(/./u) },
});
const sent = (...codes: FailureCode[]): object => ({
  stage: 'sent',
  bytes: 'all',
  failure: {
    code: expect.stringMatching(new RegExp(`^(?:${codes.join('|')})$`, 'u')),
    message: expect.stringMatching(/./u),
  },
});
const scheme = (tls: boolean): string => (tls ? 'https' : 'http');

export function describeFailures(run: RunTrial, tls: boolean): void {
  it('says REFUSED when nothing listens', () =>
    run({ connected: false }, async (trial) => {
      trial.server.stopListening();
      expect(await trial.deliver().delivery).toMatchObject(notWritten('REFUSED'));
    }));

  it('says DNS when the name can not be looked up', () =>
    // A label of more than 63 letters fails before any server is asked.
    run(
      { connected: false, origin: new URL(`${scheme(tls)}://${'a'.repeat(64)}.invalid:1`) },
      async (trial) => {
        expect(await trial.deliver().delivery).toMatchObject(notWritten('DNS'));
      },
    ));

  it('claims no more than it knows when the connection was reset before the write', () =>
    run({ connections: 1 }, async (trial) => {
      await trial.deliver().delivery;
      const [connection] = trial.server.connections;
      // All in one tick: the executor has had no turn in which to notice.
      connection?.reset();
      trial.server.stopListening();
      const told = await trial.deliver().delivery;
      expect(told.bytes).not.toBe('all');
      expect(told.stage).toMatch(/^(?:queued|connecting|writing)$/u);
    }));

  it('does not lose a request to a connection that the server has just ended', () =>
    run({ connections: 1 }, async (trial) => {
      await trial.deliver().delivery;
      trial.server.connections[0]?.end();
      const { id, delivery } = trial.deliver();
      const told = await delivery;
      // Either it was noticed and another connection carried it, or the truth is that it may have left.
      expect(told.stage === 'answered' ? bodyOf(told) : told.failure.code).toMatch(
        new RegExp(`^(?:${id}|CLOSED|RESET)$`, 'u'),
      );
    }));

  const endings: {
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
      act: ({ connection }) =>
        void connection.write('HTTP/9.9 200 OK\r\ncontent-length: 0\r\n\r\n'),
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
      act: ({ connection }) =>
        void connection.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(600_000)}`),
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
  it.each(endings)(
    'reports an answer that is $when as sent, gives no answer, and goes on with another connection',
    ({ act, codes }) =>
      run({ connections: 1 }, async (trial) => {
        const answering = trial.server.onRequest;
        // Both sides share one process: without a turn in between the end could come before the executor has learnt that its own write was done, as over no network.
        trial.server.onRequest = (request) => void turn().then(() => act(request));
        const { delivery, request } = await trial.deliverToServer();
        expect(await delivery).toMatchObject(sent(...codes));
        await request.connection.ended;
        trial.server.onRequest = answering;
        const next = trial.deliver();
        expect(bodyOf(await next.delivery)).toBe(next.id);
        expect(trial.server.requests.at(-1)?.connection).not.toBe(request.connection);
      }),
  );
}

export function describeTlsFailures(run: RunTrial): void {
  it('says TLS when the certificate is not trusted', () =>
    run({ connected: false, trusted: false }, async (trial) => {
      expect(await trial.deliver().delivery).toMatchObject(notWritten('TLS'));
    }));

  it('says TLS when the other side ends the handshake', async () => {
    const listener = createServer((socket) => void socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    try {
      await run(
        { connected: false, origin: new URL(`https://127.0.0.1:${port}`) },
        async (trial) => {
          expect(await trial.deliver().delivery).toMatchObject(notWritten('TLS'));
        },
      );
    } finally {
      await new Promise((resolve) => listener.close(resolve));
    }
  });
}
