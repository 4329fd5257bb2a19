import { Authorization, silentLogger, systemClock } from '@hotpath/core';
import { localhostCertificate, startWireServer } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { fallbackExecutor } from './fallback-executor.ts';

const template = {
  operation: 'place',
  method: 'POST',
  path: '/api/Order/place',
  headers: { 'content-type': 'application/json' },
} as const;
const request = {
  template,
  authorization: new Authorization('Bearer secret', 1),
  body: '{"customTag":"a"}',
};
const options = { deadline: Infinity, answerTimeoutMs: 10_000, signal: undefined };

it.each([
  { scheme: 'HTTP', tls: false },
  { scheme: 'TLS', tls: true },
])(
  'writes over $scheme byte for byte what the fast executor writes: fetch adds nothing',
  async ({ tls }) => {
    const server = await startWireServer({ tls });
    server.onRequest = ({ connection }) =>
      void connection.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    const executor = await fallbackExecutor({ tls: { ca: localhostCertificate.cert } }).setup({
      key: 'fallback',
      endpoint: { origin: server.origin, keepWarm: undefined },
      clock: systemClock,
      log: silentLogger,
    });
    try {
      await executor.connect();
      expect(await executor.deliver(request, options)).toMatchObject({
        stage: 'answered',
        bytes: 'all',
      });
      expect(server.connections[0]?.received()).toBe(
        `POST /api/Order/place HTTP/1.1\r\nhost: ${server.origin.host}\r\nconnection: keep-alive\r\ncontent-type: application/json\r\naccept-encoding: identity\r\nauthorization: Bearer secret\r\ncontent-length: 17\r\n\r\n{"customTag":"a"}`,
      );
    } finally {
      await executor.close();
      await server.close();
    }
  },
);

it('invariant 5: stops fetch when it wants to repeat a request on 421, and says that it was sent without an answer', async () => {
  const server = await startWireServer({ tls: false });
  server.onRequest = ({ connection }) =>
    void connection.write('HTTP/1.1 421 Misdirected\r\ncontent-length: 2\r\n\r\n{}');
  const executor = await fallbackExecutor().setup({
    key: 'fallback',
    endpoint: { origin: server.origin, keepWarm: undefined },
    clock: systemClock,
    log: silentLogger,
  });
  try {
    await executor.connect();
    expect(await executor.deliver(request, options)).toMatchObject({
      stage: 'sent',
      bytes: 'all',
      failure: { code: 'SECOND_REQUEST' },
    });
  } finally {
    await executor.close();
    await server.close();
  }
  expect(server.requests.length).toBe(1);
});

it('refuses options that do not fit, each with its path', () => {
  expect(() => fallbackExecutor({ connections: 0, connectTimeoutMs: 0.5 })).toThrow(
    /connections: [\s\S]*connectTimeoutMs: /u,
  );
});

it('refuses a template that could break out of its header', () => {
  const broken = { ...request, template: { ...template, headers: { 'x-a': 'b\r\nx-c: d' } } };
  const context = {
    key: 'fallback',
    endpoint: { origin: new URL('http://127.0.0.1:1'), keepWarm: undefined },
    clock: systemClock,
    log: silentLogger,
  };
  const executor = fallbackExecutor().setup(context);
  if (executor instanceof Promise) throw new Error('It needs no waiting.');
  expect(() => executor.deliver(broken, options)).toThrow(TypeError);
});
