import { describe, expect, it } from 'vitest';
import type { AdapterContext } from '../adapter.ts';
import { AdapterError } from '../errors/adapter-error.ts';
import { ExecutorError } from '../errors/executor-error.ts';
import type { PreparedRequest } from '../request.ts';
import type { ScriptedExecutor } from '../testing/scripted-executor.ts';
import { answered, scriptedExecutor, silent } from '../testing/scripted-executor.ts';
import { lost, startOn, unreachable } from '../testing/start-trial.ts';

describe('the executors of a start', () => {
  const away = (reason: string, error: unknown): ScriptedExecutor => {
    const executor = scriptedExecutor(() => answered({ is: 'accepted', orderId: '1' }), {
      connect: () => Promise.reject(error),
    });
    executor.state = { is: 'unavailable', reason };
    return executor;
  };
  const code = (name: string): Error => Object.assign(new Error(name), { code: name });

  it('are waited for when they are required', async () => {
    const fast = away('fast.example refused the connection.', code('ECONNREFUSED'));
    const trial = startOn(lost(0), {
      executors: {
        fast: { use: fast, required: true },
        fallback: scriptedExecutor(() => answered({})),
      },
    });
    await trial.pass(1_000);
    expect(trial.handle).toMatchObject({
      state: 'starting',
      reason: expect.stringMatching(
        /^executors\.fast is required and can't be used: fast\.example refused/,
      ),
    });
    fast.state = { is: 'ready', idleConnections: 1, busyConnections: 0 };
    await (await trial.ended()).close();
    expect(trial.connects()).toBe(1);
  });

  it('end it when a required one never comes', async () => {
    const fast = away('fast.example refused the connection.', code('ECONNREFUSED'));
    const trial = startOn(lost(0), {
      startWithinMs: 5_000,
      executors: {
        fast: { use: fast, required: true },
        fallback: scriptedExecutor(() => answered({})),
      },
    });
    await expect(trial.ended()).rejects.toMatchObject({
      code: 'EXECUTOR_UNAVAILABLE',
      message: expect.stringMatching(
        /tries: executors\.fast is required and can't be used: fast\.example refused the connection\.$/,
      ),
    });
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('end it at once when nobody accepts the certificate: %s', async (name) => {
    const connectFailed = (key: string): unknown =>
      new ExecutorError('CONNECT_FAILED', `TLS with ${key} failed: ${name}.`, {
        cause: code(name),
      });
    const executors = {
      fast: away(`TLS failed: ${name}.`, connectFailed('fast')),
      fallback: away(`TLS failed: ${name}.`, connectFailed('fallback')),
    };
    const trial = startOn(lost(Infinity), { executors });
    await trial.pass(0);
    await expect(trial.starting).rejects.toMatchObject({
      code: 'CERTIFICATE_REFUSED',
      message: `http://127.0.0.1:1 has a certificate that is not accepted: fast is not available: TLS failed: ${name}; fallback is not available: TLS failed: ${name}.`,
    });
  });

  it('do not end it when one of them accepts the certificate, nor when it is only the time that is not known yet', async () => {
    const expired = away('TLS failed.', code('CERT_HAS_EXPIRED'));
    const trial = startOn(lost(2), {
      executors: { fast: expired, fallback: scriptedExecutor(() => answered({})) },
    });
    await (await trial.ended()).close();
    const early = startOn(lost(2), {
      executors: { fast: away('TLS failed.', code('CERT_NOT_YET_VALID')) },
    });
    await (await early.ended()).close();
    expect([trial.connects(), early.connects()]).toEqual([3, 3]);
  });

  it('end it sooner while this very machine refuses the connection, unless a limit is given', async () => {
    const executors = (): Record<string, ScriptedExecutor> => ({
      fast: away('127.0.0.1:1 refused the connection.', code('ECONNREFUSED')),
    });
    const here = startOn(lost(Infinity), { executors: executors() });
    await expect(here.ended()).rejects.toMatchObject({ code: 'VENUE_UNREACHABLE' });
    expect(here.clock.monotonic()).toBeGreaterThan(6_000);
    expect(here.clock.monotonic()).toBeLessThan(8_000);
    const there = startOn(lost(Infinity), {
      executors: executors(),
      adapter: { origin: 'http://192.0.2.1' },
    });
    await expect(there.ended(250)).rejects.toMatchObject({ code: 'VENUE_UNREACHABLE' });
    expect(there.clock.monotonic()).toBeGreaterThan(50_000);
    const told = startOn(lost(Infinity), { executors: executors(), startWithinMs: 20_000 });
    await expect(told.ended(250)).rejects.toMatchObject({ code: 'VENUE_UNREACHABLE' });
    expect(told.clock.monotonic()).toBeGreaterThan(18_000);
  });

  it('are asked to connect again while nobody is there', async () => {
    let connects = 0;
    const executor = scriptedExecutor(() => answered({}), {
      connect: () => (
        (connects += 1),
        connects < 3
          ? Promise.reject(code('EAI_AGAIN'))
          : ((executor.state = { is: 'ready', idleConnections: 1, busyConnections: 0 }),
            Promise.resolve())
      ),
    });
    executor.state = { is: 'unavailable', reason: 'The name could not be looked up.' };
    const trial = startOn(
      () => (executor.state.is === 'ready' ? Promise.resolve() : Promise.reject(unreachable())),
      { executors: { fast: executor } },
    );
    await (await trial.ended()).close();
    expect(connects).toBe(3);
  });

  it.each(['setup', 'connect'])('do not hold it up when their %s hangs', async (which) => {
    const hanging = scriptedExecutor(() => answered({}), { connect: () => new Promise(() => {}) });
    const odd =
      which === 'setup' ? { ...hanging, setup: () => new Promise<never>(() => {}) } : hanging;
    const trial = startOn(lost(0), {
      executors: { odd, fast: scriptedExecutor(() => answered({})) },
    });
    await (await trial.ended()).close();
    expect(trial.clock.monotonic()).toBeLessThan(5_000);
  });

  it('that can not be set up at all end it at once', async () => {
    const broken = {
      ...scriptedExecutor(() => answered({})),
      setup: () => Promise.reject(new Error('no such library')),
    };
    const trial = startOn(lost(Infinity), { executors: { fast: broken } });
    await trial.pass(0);
    await expect(trial.starting).rejects.toMatchObject({
      code: 'EXECUTOR_UNAVAILABLE',
      message:
        'No executor could be set up: fast is not available: it could not be set up: no such library.',
    });
  });
});

describe('the reads of a start', () => {
  const request = (path: string): PreparedRequest => ({
    template: { operation: 'read', method: 'POST', path, headers: {} },
    authorization: undefined,
    body: '',
  });
  const asked = async (context: AdapterContext, path: string): Promise<void> => {
    const delivery = await context.send(request(path), { lane: 'read', timeoutMs: 10_000 });
    if (delivery.stage !== 'answered')
      throw new AdapterError('VENUE_UNREACHABLE', delivery.failure.message);
  };

  it('are awaited briefly at first: one lost answer costs three seconds and not ten', async () => {
    const timeouts: number[] = [];
    const executor = scriptedExecutor(({ options }) => {
      timeouts.push(options.answerTimeoutMs);
      return timeouts.length < 4 ? silent('TIMEOUT') : answered({});
    });
    const trial = startOn((_index, context) => asked(context, '/login'), {
      executors: { fast: executor },
    });
    await (await trial.ended()).close();
    expect(timeouts).toEqual([3_000, 3_000, 10_000, 10_000]);
  });

  it('may spend what is kept for getting out, and no read after the start may', async () => {
    const executor = scriptedExecutor(() => answered({}));
    const adapter = { capabilities: { rateLimit: { requests: 4, windowMs: 60_000, reserve: 3 } } };
    let given: AdapterContext | undefined;
    const trial = startOn(
      async (_index, context) => {
        given = context;
        for (const path of ['/login', '/accounts', '/contracts']) await asked(context, path);
      },
      { executors: { fast: executor }, adapter },
    );
    const broker = await trial.ended();
    expect(trial.connects()).toBe(1);
    expect(await given?.send(request('/more'), { lane: 'read', timeoutMs: 1_000 })).toMatchObject({
      stage: 'queued',
      failure: { code: 'BUDGET_EXHAUSTED' },
    });
    await broker.close();
  });

  it('are held against no executor once the broker is there', async () => {
    const executor = scriptedExecutor((_, index) =>
      index < 8 ? silent('RESET') : answered({ is: 'accepted', orderId: '1' }),
    );
    const trial = startOn((_index, context) => asked(context, '/login'), {
      executors: { fast: executor },
    });
    const broker = await trial.ended();
    expect(broker.executors()['fast']?.health).toEqual({});
    await broker.close();
  });
});
