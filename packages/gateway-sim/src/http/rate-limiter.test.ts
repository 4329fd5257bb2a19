import { describe, expect, it } from 'vitest';
import { manualGatewayClock, startGateway } from '../index.ts';
import { RateLimiter } from './rate-limiter.ts';

describe('RateLimiter', () => {
  it('looks back from each request', () => {
    const limiter = new RateLimiter({ requests: 2, windowMs: 100 });
    expect([0, 90, 99, 100, 189, 190].map((at) => limiter.waitMs('a', at))).toEqual([
      0, 0, 1, 0, 1, 0,
    ]);
    expect(limiter.waitMs('b', 99)).toBe(0);
  });

  it('counts what it refused by option: whoever goes on asking never comes through', () => {
    const limiter = new RateLimiter({ requests: 2, windowMs: 100, refused: 'counted' });
    expect([0, 10, 60, 105, 130, 230].map((at) => limiter.waitMs('a', at))).toEqual([
      0, 0, 50, 55, 75, 0,
    ]);
    const fixed = new RateLimiter({
      requests: 1,
      windowMs: 100,
      kind: 'fixed',
      refused: 'counted',
    });
    expect([0, 90, 100].map((at) => fixed.waitMs('a', at))).toEqual([0, 10, 0]);
  });

  it('counts anew in each fixed window', () => {
    const limiter = new RateLimiter({ requests: 2, windowMs: 100, kind: 'fixed' });
    expect([0, 90, 99, 100, 100, 101].map((at) => limiter.waitMs('a', at))).toEqual([
      0, 0, 1, 0, 0, 99,
    ]);
  });
});

it.each([
  ['seconds', '30'],
  ['date', 'Mon, 21 Sep 2026 14:00:30 GMT'],
  [undefined, null],
] as const)('answers 429 with Retry-After as %s', async (retryAfter, header) => {
  await using gateway = await startGateway({
    clock: manualGatewayClock(),
    rateLimit: { everythingElse: { requests: 1, windowMs: 30_000 }, retryAfter },
  });
  const login = (): Promise<Response> =>
    fetch(`${gateway.url}/api/Auth/loginKey`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName: 'demo', apiKey: 'demo-key' }),
    });
  expect((await login()).status).toBe(200);
  const over = await login();
  expect([over.status, over.headers.get('retry-after'), await over.text()]).toEqual([
    429,
    header,
    '',
  ]);
});
