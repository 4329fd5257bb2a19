import type { Logger } from '@hotpath/core';
import { Authorization, systemClock } from '@hotpath/core';
import { localhostCertificate, startWireServer } from '@hotpath/core/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { fastExecutor } from './fast-executor.ts';

const request = {
  template: { operation: 'read', method: 'POST', path: '/api/Auth/loginKey', headers: {} },
  authorization: new Authorization('Bearer secret', 1),
  body: '{"apiKey":"secret"}',
} as const;
const nothing = (): void => undefined;
afterEach(() => void vi.unstubAllEnvs());

it.each([
  ['a certificate that nobody vouches for', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [
    "another host's certificate",
    { ca: localhostCertificate.cert, servername: 'api.topstepx.com' },
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
] as const)(
  'an inherited NODE_TLS_REJECT_UNAUTHORIZED=0 makes nobody accept %s: not a byte of a request leaves',
  async (_what, tls, code) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = await startWireServer({ tls: true });
    const warnings: string[] = [];
    const log: Logger = {
      debug: nothing,
      info: nothing,
      warn: (_fields, message) => void warnings.push(message),
      error: nothing,
    };
    const executor = await fastExecutor({ tls }).setup({
      key: 'fast',
      endpoint: { origin: server.origin, keepWarm: undefined },
      clock: systemClock,
      log,
    });
    try {
      await expect(executor.connect()).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        message: expect.stringContaining(code),
      });
      expect(
        await executor.deliver(request, {
          deadline: performance.now() + 2_000,
          answerTimeoutMs: 2_000,
          signal: undefined,
        }),
      ).toMatchObject({ bytes: 'none', failure: { code: 'TLS' } });
      expect(server.connections.map((connection) => connection.received()).join('')).toBe('');
      expect(warnings[0]).toMatch(
        /^NODE_TLS_REJECT_UNAUTHORIZED=0 stands in the environment and is not obeyed/,
      );
    } finally {
      await executor.close();
      await server.close();
    }
  },
);
