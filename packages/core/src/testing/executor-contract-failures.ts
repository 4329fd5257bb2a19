import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { FailureCode } from '../delivery.ts';
import { answerEndings } from './answer-endings.ts';
import type { RunTrial } from './executor-contract.ts';
import { bodyOf, turn } from './executor-trial.ts';

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
  describeLostConnections(run, tls);
  describeBrokenAnswers(run);
}

function describeLostConnections(run: RunTrial, tls: boolean): void {
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
}

function describeBrokenAnswers(run: RunTrial): void {
  it.each(answerEndings)(
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
