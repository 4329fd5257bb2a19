import { silentLogger, systemClock } from '@hotpath/core';
import { localhostCertificate, startWireServer } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { fastExecutor } from './fast-executor.ts';
import { orderRequest } from './testing/executor-on-wire.ts';

const options = { deadline: Infinity, answerTimeoutMs: 10_000, signal: undefined };

it.each([
  { transport: 'framed', tls: false },
  { transport: 'framed', tls: true },
  { transport: 'undici', tls: false },
  { transport: 'undici', tls: true },
] as const)(
  'writes the same bytes with transport $transport, TLS $tls',
  async ({ transport, tls }) => {
    const server = await startWireServer({ tls });
    server.onRequest = ({ connection }) =>
      void connection.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    const plugin = fastExecutor({
      transport,
      connections: 1,
      maxConnections: 1,
      tls: { ca: localhostCertificate.cert },
    });
    const executor = await plugin.setup({
      key: 'fast',
      endpoint: { origin: server.origin, keepWarm: undefined },
      clock: systemClock,
      log: silentLogger,
    });
    try {
      await executor.connect();
      await executor.deliver(orderRequest('a'), options);
      expect(server.connections[0]?.received()).toBe(
        `POST /api/Order/place HTTP/1.1\r\nhost: ${server.origin.host}\r\nconnection: keep-alive\r\ncontent-type: application/json\r\naccept-encoding: identity\r\nauthorization: Bearer secret\r\ncontent-length: 17\r\n\r\n{"customTag":"a"}`,
      );
    } finally {
      await executor.close();
      await server.close();
    }
  },
);

it.each([
  [{ connections: 0 }, /connections: /u],
  [{ connections: 8, maxConnections: 4 }, /maxConnections: must not be smaller than connections/u],
  [{ maxBodyBytes: 1 }, /maxBodyBytes: /u],
])('refuses the options %j', (given, problem) => {
  expect(() => fastExecutor(given)).toThrow(problem);
});

it('refuses a template that could break out of its header', () => {
  const request = orderRequest('a');
  const broken = { ...request, template: { ...request.template, path: '/a b' } };
  const context = {
    key: 'fast',
    endpoint: { origin: new URL('http://127.0.0.1:1'), keepWarm: undefined },
    clock: systemClock,
    log: silentLogger,
  };
  const executor = fastExecutor().setup(context);
  if (executor instanceof Promise) throw new Error('It needs no waiting.');
  expect(() => executor.deliver(broken, options)).toThrow(TypeError);
});
