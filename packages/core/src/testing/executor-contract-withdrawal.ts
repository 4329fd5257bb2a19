import { expect, it } from 'vitest';
import type { RunTrial } from './executor-contract.ts';
import { answerText, answerTo, bodyOf, idOf, until } from './executor-trial.ts';

/** So long that only the clock that was given can let it pass. */
const hourMs = 3_600_000;

export function describeWithdrawal(run: RunTrial): void {
  describeNothingWritten(run);
  describeWaiting(run);
  describeSameTick(run);
  describeWritten(run);
  describeSilence(run);
}

function describeNothingWritten(run: RunTrial): void {
  it('writes nothing past the deadline', () =>
    run({}, async (trial) => {
      const deadline = trial.clock.monotonic();
      expect(await trial.deliver({ deadline }).delivery).toMatchObject({
        stage: 'queued',
        bytes: 'none',
        failure: { code: 'DEADLINE' },
      });
      await trial.deliver().delivery;
    }));

  it('writes nothing for a signal that is already aborted', () =>
    run({}, async (trial) => {
      const signal = AbortSignal.abort();
      expect(await trial.deliver({ signal }).delivery).toMatchObject({
        stage: 'queued',
        bytes: 'none',
        failure: { code: 'ABORTED' },
      });
      await trial.deliver().delivery;
    }));
}

function describeWaiting(run: RunTrial): void {
  it('withdraws for good what waits behind another request when its deadline comes', () =>
    run({ connections: 1 }, async (trial) => {
      trial.server.onRequest = () => {};
      const first = await trial.deliverToServer();
      const second = trial.deliver({ deadline: trial.clock.monotonic() + hourMs });
      const third = trial.deliver();
      trial.clock.advance(hourMs - 1);
      await new Promise((resolve) => setImmediate(resolve));
      trial.clock.advance(1);
      expect(await second.delivery).toMatchObject({
        stage: 'queued',
        bytes: 'none',
        failure: { code: 'DEADLINE' },
        marks: { end: trial.clock.monotonic() },
      });
      trial.server.onRequest = (request) => void request.connection.write(answerTo(request));
      await first.request.connection.write(answerTo(first.request));
      expect(bodyOf(await first.delivery)).toBe(first.id);
      expect(bodyOf(await third.delivery)).toBe(third.id);
      expect(trial.server.requests.map(idOf)).toEqual([first.id, third.id]);
    }));

  it('withdraws for good what waits behind another request when it is aborted', () =>
    run({ connections: 1 }, async (trial) => {
      trial.server.onRequest = () => {};
      const first = await trial.deliverToServer();
      const stop = new AbortController();
      const second = trial.deliver({ signal: stop.signal });
      const third = trial.deliver();
      stop.abort();
      expect(await second.delivery).toMatchObject({
        stage: 'queued',
        bytes: 'none',
        failure: { code: 'ABORTED' },
      });
      trial.server.onRequest = (request) => void request.connection.write(answerTo(request));
      await first.request.connection.write(answerTo(first.request));
      expect(bodyOf(await third.delivery)).toBe(third.id);
      expect(trial.server.requests.map(idOf)).toEqual([first.id, third.id]);
    }));

  it('withdraws for good what waits for a connection', () =>
    run({ connections: 1, connected: false }, async (trial) => {
      const stop = new AbortController();
      const aborted = trial.deliver({ signal: stop.signal });
      const late = trial.deliver({ deadline: trial.clock.monotonic() + 5 });
      const patient = trial.deliver();
      stop.abort();
      trial.clock.advance(5);
      expect(await aborted.delivery).toMatchObject({ bytes: 'none', failure: { code: 'ABORTED' } });
      expect(await late.delivery).toMatchObject({ bytes: 'none', failure: { code: 'DEADLINE' } });
      expect(bodyOf(await trial.passUntil(patient.delivery))).toBe(patient.id);
      expect(trial.server.requests.map(idOf)).toEqual([patient.id]);
    }));
}

function describeSameTick(run: RunTrial): void {
  it('tells the truth about a request that is aborted in the tick of its delivery', () =>
    run({ connections: 1 }, async (trial) => {
      for (let round = 0; round < 10; round += 1) {
        // On a connection that has been used: some clients look at such a one for a turn before they write.
        await trial.deliver().delivery;
        await until(
          () => trial.executor.state.is === 'ready' && trial.executor.state.idleConnections === 1,
        );
        const stop = new AbortController();
        const { delivery } = trial.deliver({ signal: stop.signal });
        stop.abort();
        // Whether it left by then is the executor's affair; that its word is true is checked at the end against what came.
        expect(await delivery).toMatchObject({ failure: { code: 'ABORTED' } });
      }
      const next = trial.deliver();
      expect(bodyOf(await next.delivery)).toBe(next.id);
    }));

  it('tells the truth about a request whose deadline comes in the tick of its delivery', () =>
    run({ connections: 1 }, async (trial) => {
      await trial.deliver().delivery;
      await until(
        () => trial.executor.state.is === 'ready' && trial.executor.state.idleConnections === 1,
      );
      const { id, delivery } = trial.deliver({ deadline: trial.clock.monotonic() + hourMs });
      trial.clock.advance(hourMs);
      const told = await delivery;
      expect(told.stage === 'answered' ? bodyOf(told) : told.failure.code).toMatch(
        new RegExp(`^(?:${id}|DEADLINE)$`, 'u'),
      );
    }));
}

function describeWritten(run: RunTrial): void {
  it('ends only the waiting when aborted after the write, and never uses that connection again', () =>
    run({ connections: 1 }, async (trial) => {
      trial.server.onRequest = () => {};
      const stop = new AbortController();
      const first = await trial.deliverToServer({ signal: stop.signal });
      stop.abort();
      expect(await first.delivery).toMatchObject({
        stage: 'sent',
        bytes: 'all',
        failure: { code: 'ABORTED' },
      });
      const second = trial.deliver();
      trial.server.onRequest = (request) => void request.connection.write(answerTo(request));
      // The late answer goes to nobody.
      void first.request.connection.write(answerTo(first.request));
      await first.request.connection.ended;
      expect(bodyOf(await second.delivery)).toBe(second.id);
      expect(trial.server.requests.at(-1)?.connection).not.toBe(first.request.connection);
    }));

  it('resets the connection of a request that was aborted after the write when no answer comes in time', () =>
    run({ connections: 1 }, async (trial) => {
      trial.server.onRequest = () => {};
      const stop = new AbortController();
      const { request, delivery } = await trial.deliverToServer({
        signal: stop.signal,
        answerTimeoutMs: hourMs,
      });
      stop.abort();
      await delivery;
      trial.clock.advance(hourMs);
      expect(await request.connection.ended).toBe('reset');
    }));

  it('waits for the answer of a written request past its deadline', () =>
    run({}, async (trial) => {
      trial.server.onRequest = () => {};
      const { id, delivery, request } = await trial.deliverToServer({
        deadline: trial.clock.monotonic() + 50,
      });
      trial.clock.advance(5_000);
      await request.connection.write(answerTo(request));
      expect(bodyOf(await delivery)).toBe(id);
    }));
}

function describeSilence(run: RunTrial): void {
  const silences: { readonly when: string; readonly said: string }[] = [
    { when: 'no byte of an answer', said: '' },
    { when: 'half a head', said: 'HTTP/1.1 200 OK\r\ncontent-' },
    { when: 'half a body', said: 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel' },
    { when: 'nothing but 1xx', said: 'HTTP/1.1 102 Processing\r\n\r\n' },
  ];
  it.each(silences)('resets the connection after answerTimeoutMs with $when', ({ said }) =>
    run({ connections: 1 }, async (trial) => {
      trial.server.onRequest = ({ connection }) => {
        if (said) void connection.write(said);
      };
      const { delivery, request } = await trial.deliverToServer({ answerTimeoutMs: hourMs });
      const waited = trial.clock.monotonic();
      trial.clock.advance(hourMs - 1);
      expect(
        await Promise.race([
          delivery,
          new Promise((resolve) => setImmediate(() => resolve('waiting'))),
        ]),
      ).toBe('waiting');
      trial.clock.advance(1);
      const told = await delivery;
      expect(told).toMatchObject({
        stage: 'sent',
        bytes: 'all',
        failure: { code: 'TIMEOUT' },
        marks: { end: waited + hourMs },
      });
      expect(await request.connection.ended).toBe('reset');
      trial.server.onRequest = ({ connection }) => void connection.write(answerText(200, 'next'));
      expect(bodyOf(await trial.deliver().delivery)).toBe('next');
    }),
  );
}
