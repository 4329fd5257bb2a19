import { topstepx, topstepxLogin } from '@hotpath/adapter-topstepx';
import type { Authorization, Encoded } from '@hotpath/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectedAdapter, Trial } from './topstepx-trial.ts';
import { mnq, startTrial } from './topstepx-trial.ts';

let trial: Trial;
afterEach(async () => {
  vi.unstubAllEnvs();
  await trial.stop();
});

const minuteMs = 60_000;
const tokenLifetimeMs = 20 * minuteMs;
/** Shorter than what a read may take. */
const stepMs = 5000;
const count = ({ paths }: ConnectedAdapter, path: string): number =>
  paths.filter((sent) => sent === `/api/${path}`).length;
const failures = ({ evidence }: ConnectedAdapter) =>
  evidence.filter(({ of }) => of === 'session-failed');

function authorizationOf({ adapter }: ConnectedAdapter): Authorization | undefined {
  const contract = adapter.contract(mnq);
  const encoded: Encoded | undefined = contract && adapter.encode({ operation: 'close', contract });
  return encoded?.ready === true ? encoded.request.authorization : undefined;
}

describe('a token', () => {
  it('is renewed ahead of its end through validate, again and again, and never used beyond it', async () => {
    trial = await startTrial({ tokenLifetimeMs });
    const connected = await trial.connect();
    const refused = trial.gateway.faults.add({
      endpoint: 'Auth/loginKey',
      fault: { kind: 'status', status: 500 },
    });
    for (let hour = 0; hour < 10; hour += 1) {
      await trial.pass(tokenLifetimeMs, stepMs);
      await expect(connected.adapter.reads.accounts()).resolves.not.toHaveLength(0);
    }
    expect(count(connected, 'Auth/validate')).toBeGreaterThan(10);
    expect(count(connected, 'Auth/loginKey')).toBe(1);
    expect(trial.gateway.faults.counts()[refused]).toMatchObject({ struck: 0 });
    expect(authorizationOf(connected)?.generation).toBe(count(connected, 'Auth/validate') + 1);
    expect(failures(connected)).toEqual([]);
  });

  it.each(['wall ahead', 'wall behind'])(
    'is renewed in time when our clock is wrong: %s by a day',
    async (which) => {
      trial = await startTrial({ tokenLifetimeMs });
      trial.clock.setWall(
        trial.clock.now() + (which === 'wall ahead' ? 1 : -1) * 24 * 60 * minuteMs,
      );
      const connected = await trial.connect();
      await trial.pass(tokenLifetimeMs - minuteMs, stepMs);
      expect(count(connected, 'Auth/validate')).toBe(1);
    },
  );

  it.each([
    ['a refusal', { kind: 'answer', errorCode: 3 }],
    ['no token', { kind: 'body', form: 'null-payload' }],
    ['a 401', { kind: 'status', status: 401 }],
  ] as const)('is had by a login when validate answers with %s', async (_name, fault) => {
    trial = await startTrial({ tokenLifetimeMs, auth: { validateKillsOldToken: true } });
    const connected = await trial.connect();
    trial.gateway.faults.add({ endpoint: 'Auth/validate', fault });
    await trial.until(() => count(connected, 'Auth/loginKey') === 2, stepMs);
    await expect(connected.adapter.reads.accounts()).resolves.not.toHaveLength(0);
    expect(failures(connected)).toEqual([]);
  });

  it('is tried for again while the venue has trouble, which nobody need know as long as the old one holds', async () => {
    trial = await startTrial({ tokenLifetimeMs });
    const connected = await trial.connect();
    trial.gateway.faults.add({
      endpoint: 'Auth/*',
      count: 6,
      fault: { kind: 'status', status: 503 },
    });
    await trial.until(() => (authorizationOf(connected)?.generation ?? 0) === 2, stepMs);
    expect(count(connected, 'Auth/validate')).toBe(7);
    expect(failures(connected)).toEqual([]);
  });

  it('that can no longer be had is told once, and had when the venue gives one again', async () => {
    trial = await startTrial({ tokenLifetimeMs });
    const connected = await trial.connect();
    const id = trial.gateway.faults.add({
      endpoint: 'Auth/*',
      fault: { kind: 'status', status: 503 },
    });
    await trial.pass(tokenLifetimeMs + 5 * minuteMs, stepMs);
    expect(failures(connected)).toEqual([
      { of: 'session-failed', message: expect.stringContaining('503') },
    ]);
    trial.gateway.faults.remove(id);
    await trial.pass(2 * minuteMs, stepMs);
    expect(authorizationOf(connected)?.generation).toBe(2);
    await expect(connected.adapter.reads.accounts()).resolves.not.toHaveLength(0);
  });
});

describe('a revoked token', () => {
  beforeEach(async () => {
    trial = await startTrial();
  });

  it('costs a read one login and one repeat', async () => {
    const connected = await trial.connect();
    trial.gateway.revokeTokens();
    await expect(connected.adapter.reads.accounts()).resolves.not.toHaveLength(0);
    expect(connected.paths.slice(-3)).toEqual([
      '/api/Account/search',
      '/api/Auth/loginKey',
      '/api/Account/search',
    ]);
  });

  it('costs many reads at once one login', async () => {
    const connected = await trial.connect();
    trial.gateway.revokeTokens();
    await Promise.all(Array.from({ length: 8 }, () => connected.adapter.reads.accounts()));
    expect(count(connected, 'Auth/loginKey')).toBe(2);
  });

  it('is replaced once for all who met it: a late 401 to an older token replaces nothing', async () => {
    const connected = await trial.connect();
    const generation = authorizationOf(connected)?.generation ?? 0;
    await Promise.all([
      connected.adapter.renewAuthorization(generation),
      connected.adapter.renewAuthorization(generation),
    ]);
    await connected.adapter.renewAuthorization(generation);
    expect(authorizationOf(connected)?.generation).toBe(generation + 1);
    expect(count(connected, 'Auth/loginKey')).toBe(2);
  });

  it('that a new login cannot replace is told, asked for sparingly, and replaced when that is possible', async () => {
    const connected = await trial.connect();
    const id = trial.gateway.faults.add({
      endpoint: 'Auth/loginKey',
      fault: { kind: 'answer', errorCode: 9 },
    });
    trial.gateway.revokeTokens();
    for (let order = 0; order < 20; order += 1)
      await expect(connected.adapter.reads.accounts()).rejects.toThrow(/no API subscription/);
    expect(count(connected, 'Auth/loginKey')).toBe(2);
    expect(failures(connected)).toEqual([
      {
        of: 'session-failed',
        message: 'The venue refused the login: the user has no API subscription.',
      },
    ]);
    trial.gateway.faults.remove(id);
    await trial.pass(2 * minuteMs);
    await expect(connected.adapter.reads.accounts()).resolves.not.toHaveLength(0);
    expect(failures(connected)).toHaveLength(1);
  });

  it('keeps the hub away until it is replaced, without anybody asking', async () => {
    const connected = await trial.connect();
    connected.adapter.openStreams?.();
    await trial.until(() => connected.evidence.length === 1);
    trial.gateway.revokeTokens();
    trial.gateway.dropHubs();
    await trial.until(
      () => connected.evidence.filter(({ of }) => of === 'stream-live').length === 2,
    );
    expect(count(connected, 'Auth/loginKey')).toBe(2);
  });
});

describe.each(['logout-event', 'closed'] as const)(
  'a venue that ends hubs with their tokens: %s',
  (hubTokenEnd) => {
    it('has them back under the token of that moment', async () => {
      trial = await startTrial({ tokenLifetimeMs, hubTokenEnd });
      const connected = await trial.connect();
      connected.adapter.openStreams?.();
      await trial.pass(3 * tokenLifetimeMs, stepMs);
      const stream = () => connected.evidence.filter(({ of }) => of.startsWith('stream-'));
      expect(stream().filter(({ of }) => of === 'stream-gap').length).toBeGreaterThan(1);
      const passed = trial.clock.now();
      await trial.until(() => stream().at(-1)?.of === 'stream-live', 500);
      expect(trial.clock.now() - passed).toBeLessThan(minuteMs);
      expect(failures(connected)).toEqual([]);
      const before = connected.evidence.length;
      await trial.place();
      await trial.until(() => connected.evidence.length > before);
    });
  },
);

describe('reads', () => {
  it('tell the budget of a 429 and what it asked for, and are not repeated', async () => {
    trial = await startTrial();
    const connected = await trial.connect();
    trial.gateway.faults.add({
      endpoint: 'Position/searchOpen',
      fault: { kind: 'status', status: 429, retryAfter: 7 },
    });
    await expect(connected.adapter.reads.positions()).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(connected.throttled).toEqual([7000]);
    expect(count(connected, 'Position/searchOpen')).toBe(1);
  });
});

describe('credentials', () => {
  it('come from the environment when the options name none, and show nowhere', async () => {
    trial = await startTrial();
    vi.stubEnv('TOPSTEPX_USERNAME', 'demo');
    vi.stubEnv('TOPSTEPX_API_KEY', 'demo-key');
    const login = topstepxLogin();
    const connected = await trial.connect({ login });
    expect(connected.adapter.account.name).toBe('PRAC-V2-1001');
    const { inspect } = await import('node:util');
    const shown = [
      inspect(login, { depth: 9, showHidden: true }),
      JSON.stringify(login),
      inspect(connected.adapter, { depth: 9 }),
      ...connected.log.lines,
    ].join('\n');
    expect(shown).not.toMatch(/demo-key|eyJ/);
  });

  it('that are missing are named with their variables', async () => {
    trial = await startTrial();
    vi.stubEnv('TOPSTEPX_USERNAME', 'demo');
    vi.stubEnv('TOPSTEPX_API_KEY', undefined);
    expect(() => topstepxLogin()).toThrow(
      'apiKey (TOPSTEPX_API_KEY) is given neither in the options nor in the environment.',
    );
    expect(() =>
      topstepx({ account: 'x' }).setup({
        clock: trial.clock,
        log: { debug() {}, info() {}, warn() {}, error() {} },
      }),
    ).toThrow(/TOPSTEPX_API_KEY/);
  });
});
