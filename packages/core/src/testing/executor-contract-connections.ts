import { expect, it } from 'vitest';
import type { RunTrial } from './executor-contract.ts';
import { answerText, answerTo, bodyOf, until } from './executor-trial.ts';

export function describeConnections(run: RunTrial): void {
  describeReadiness(run);
  describeReturn(run);
  describeReplacement(run);
  describeSeveral(run);
  describeClosing(run);
}

function describeReadiness(run: RunTrial): void {
  it('has a connection at hand when connect resolves', () =>
    run({}, async (trial) => {
      const { state } = trial.executor;
      expect(state).toMatchObject({ is: 'ready', busyConnections: 0 });
      expect(state.is === 'ready' && state.idleConnections).toBeGreaterThan(0);
      const { request, delivery } = await trial.deliverToServer();
      // The first that came is among those that were open before the request was.
      expect(trial.server.connections).toContain(request.connection);
      await delivery;
      expect(
        trial.server.connections.every(
          (connection) => connection.received() === '' || connection === request.connection,
        ),
      ).toBe(true);
    }));

  it('writes nothing before it is asked to', () =>
    run({}, async (trial) => {
      await new Promise((resolve) => setImmediate(resolve));
      expect(trial.server.connections.map((connection) => connection.received()).join('')).toBe('');
    }));

  it('counts idle and busy connections', () =>
    run({ connections: 1 }, async (trial) => {
      expect(trial.executor.state).toMatchObject({
        is: 'ready',
        idleConnections: 1,
        busyConnections: 0,
      });
      trial.server.onRequest = () => {};
      const { request, delivery } = await trial.deliverToServer();
      expect(trial.executor.state).toMatchObject({
        is: 'ready',
        idleConnections: 0,
        busyConnections: 1,
      });
      await request.connection.write(answerTo(request));
      await delivery;
      await until(
        () => trial.executor.state.is === 'ready' && trial.executor.state.idleConnections === 1,
      );
      expect(trial.executor.state).toMatchObject({
        is: 'ready',
        idleConnections: 1,
        busyConnections: 0,
      });
    }));

  it('gives no connection up for time in which the event loop stood still', () =>
    run({ connected: false, connections: 1 }, async (trial) => {
      const connecting = trial.executor.connect();
      // The bot computes, or its process is stopped, for longer than any connection is waited for. Only then can a handshake go on.
      trial.clock.standStill(300_000);
      await trial.passUntil(connecting);
      expect(trial.executor.state).toMatchObject({ is: 'ready' });
    }));
}

function describeReturn(run: RunTrial): void {
  it('rejects connect, says why it is unavailable, and comes back by itself', () =>
    run({ connected: false }, async (trial) => {
      trial.server.stopListening();
      await expect(trial.executor.connect()).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        message: expect.stringMatching(/./u),
      });
      expect(trial.executor.state).toMatchObject({
        is: 'unavailable',
        reason: expect.stringMatching(/./u),
      });
      await trial.server.listenAgain();
      await until(() => {
        if (trial.executor.state.is !== 'ready') trial.clock.advance(10);
        return trial.executor.state.is === 'ready';
      });
      const { id, delivery } = trial.deliver();
      expect(bodyOf(await delivery)).toBe(id);
    }));

  it('delivers as soon as the server is back, whatever it had planned', () =>
    run({ connected: false }, async (trial) => {
      trial.server.stopListening();
      expect(await trial.deliver().delivery).toMatchObject({
        bytes: 'none',
        failure: { code: 'REFUSED' },
      });
      await trial.server.listenAgain();
      const { id, delivery } = trial.deliver();
      expect(bodyOf(await delivery)).toBe(id);
    }));
}

function describeReplacement(run: RunTrial): void {
  it('opens another when the server ends an idle one', () =>
    run({ connections: 1 }, async (trial) => {
      await trial.deliver().delivery;
      const [first] = trial.server.connections;
      const reopened = trial.server.nextConnection();
      first?.end();
      await reopened;
      await until(() => trial.executor.state.is === 'ready');
      const { request, id, delivery } = await trial.deliverToServer();
      expect(request.connection).not.toBe(first);
      expect(bodyOf(await delivery)).toBe(id);
    }));

  it('destroys an idle connection on which bytes come that nobody asked for', () =>
    run({ connections: 1 }, async (trial) => {
      await trial.deliver().delivery;
      const [first] = trial.server.connections;
      void first?.write(answerText(200, 'order-9999-'));
      await first?.ended;
      await until(() => trial.executor.state.is === 'ready');
      const { request, id, delivery } = await trial.deliverToServer();
      expect(request.connection).not.toBe(first);
      expect(bodyOf(await delivery)).toBe(id);
    }));

  it('does not use a connection again that the answer said would close', () =>
    run({ connections: 1 }, async (trial) => {
      trial.server.onRequest = ({ connection }) =>
        void connection.write(answerText(200, 'last', 'connection: close\r\n'));
      expect(bodyOf(await trial.deliver().delivery)).toBe('last');
      expect(bodyOf(await trial.deliver().delivery)).toBe('last');
      expect(trial.server.connections.map(({ requests }) => requests.length)).toEqual(
        trial.server.connections.map(({ requests }) => Math.min(1, requests.length)),
      );
    }));
}

function describeSeveral(run: RunTrial): void {
  it('withholds nothing from others while one connection stalls', () =>
    run({ connections: 2 }, async (trial) => {
      const answering = trial.server.onRequest;
      trial.server.onRequest = () => {};
      const stalled = await trial.deliverToServer();
      trial.server.onRequest = answering;
      for (let count = 0; count < 5; count += 1) {
        const { id, delivery } = trial.deliver();
        expect(bodyOf(await delivery)).toBe(id);
      }
      await stalled.request.connection.write(answerTo(stalled.request));
      expect(bodyOf(await stalled.delivery)).toBe(stalled.id);
    }));

  it('resets every connection when it is told to, where it can: what is under way ends unanswered, and the next goes on another', () =>
    run({ connections: 2 }, async (trial) => {
      if (!trial.executor.reset) return;
      const answering = trial.server.onRequest;
      trial.server.onRequest = () => {};
      const written = await trial.deliverToServer();
      const before = [...trial.server.connections];
      trial.executor.reset('the machine slept');
      trial.server.onRequest = answering;
      const next = trial.deliver();
      expect(await written.delivery).toMatchObject({
        stage: 'sent',
        bytes: 'all',
        failure: { code: 'CLOSED' },
      });
      for (const connection of before) await connection.ended;
      expect(bodyOf(await next.delivery)).toBe(next.id);
      expect(before.flatMap(({ requests }) => requests)).toHaveLength(1);
    }));
}

function describeClosing(run: RunTrial): void {
  it('ends what waits and what is under way when it is closed, each with the truth', () =>
    run({ connections: 1 }, async (trial) => {
      trial.server.onRequest = () => {};
      const written = await trial.deliverToServer();
      const waiting = trial.deliver();
      const closing = trial.executor.close();
      expect(trial.executor.state).toMatchObject({ is: 'closed' });
      expect(await waiting.delivery).toMatchObject({
        stage: 'queued',
        bytes: 'none',
        failure: { code: 'NO_CONNECTION' },
      });
      expect(await written.delivery).toMatchObject({
        stage: 'sent',
        bytes: 'all',
        failure: { code: 'CLOSED' },
      });
      await closing;
      await written.request.connection.ended;
    }));

  it('takes nothing any more when closed', () =>
    run({}, async (trial) => {
      await trial.executor.close();
      await trial.executor.close();
      expect(trial.executor.state).toMatchObject({ is: 'closed' });
      expect(await trial.deliver().delivery).toMatchObject({
        stage: 'queued',
        bytes: 'none',
        failure: { code: 'NO_CONNECTION' },
      });
      await expect(trial.executor.connect()).rejects.toMatchObject({ code: 'EXECUTOR_CLOSED' });
      for (const { ended } of trial.server.connections) await ended;
    }));

  it('can be closed before it was connected, and while it connects', () =>
    run({ connected: false }, async (trial) => {
      const connecting = trial.executor.connect();
      const delivering = trial.deliver();
      const closing = trial.executor.close();
      await expect(connecting).rejects.toMatchObject({ code: 'EXECUTOR_CLOSED' });
      expect(await delivering.delivery).toMatchObject({
        bytes: 'none',
        failure: { code: 'NO_CONNECTION' },
      });
      await closing;
    }));
}
