import { readSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { silentLogger, systemClock } from '@hotpath/core';
import { localhostCertificate } from '@hotpath/core/testing';
import { describe, expect, it } from 'vitest';
import { descriptorOf } from './descriptor-probe.ts';
import { orderRequest, turn } from './testing/executor-on-wire.ts';
import { fastExecutor } from './fast-executor.ts';

const options = { deadline: Infinity, answerTimeoutMs: 10_000, signal: undefined };

/** What the kernel has for the server, read in the caller's tick, before the event loop can run. */
function inKernel(accepted: readonly Socket[]): Buffer {
  const bytes = Buffer.alloc(4_096);
  for (const raw of accepted) {
    try {
      return bytes.subarray(0, readSync(descriptorOf(raw) ?? -1, bytes, 0, bytes.length, null));
    } catch {
      // Nothing on this connection.
    }
  }
  return Buffer.alloc(0);
}

/** How much plain text one whole TLS 1.3 record of application data holds: without its header, tag and content type. */
function plainLength(record: Buffer): number {
  return record[0] === 0x17 && record.readUInt16BE(3) === record.length - 5
    ? record.length - 5 - 16 - 1
    : -1;
}

describe.each([
  { scheme: 'http', tls: false },
  { scheme: 'https', tls: true },
])('invariant 13: over $scheme', ({ scheme, tls }) => {
  it('has written the whole request when deliver returns', async () => {
    const accepted: Socket[] = [];
    const secured: Promise<void>[] = [];
    const secureContext = createSecureContext({
      cert: localhostCertificate.cert,
      key: localhostCertificate.key,
    });
    const server = createServer((raw) => {
      accepted.push(raw);
      const socket = tls ? new TLSSocket(raw, { isServer: true, secureContext }) : raw;
      for (const each of new Set([raw, socket])) each.on('error', () => {});
      secured.push(
        new Promise((resolve) => (tls ? void socket.once('secure', () => resolve()) : resolve())),
      );
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const origin = new URL(`${scheme}://127.0.0.1:${port}`);
    const executor = await fastExecutor({ tls: { ca: localhostCertificate.cert } }).setup({
      key: 'fast',
      endpoint: { origin, keepWarm: undefined },
      clock: systemClock,
      log: silentLogger,
    });
    try {
      await executor.connect();
      while (
        executor.state.is !== 'ready' ||
        executor.state.idleConnections < 4 ||
        accepted.length < 4
      )
        await new Promise((resolve) => setImmediate(resolve));
      await Promise.all(secured);
      const request = orderRequest('same-tick');
      inKernel(accepted);
      const delivery = executor.deliver(request, options);
      const seen = inKernel(accepted);
      const whole = `POST /api/Order/place HTTP/1.1\r\nhost: ${origin.host}\r\nconnection: keep-alive\r\ncontent-type: application/json\r\naccept-encoding: identity\r\nauthorization: Bearer secret\r\ncontent-length: ${request.body.length}\r\n\r\n${request.body}`;
      expect(tls ? plainLength(seen) : seen.toString()).toBe(tls ? whole.length : whole);
      await turn();
      await executor.close();
      expect(await delivery).toMatchObject({
        stage: 'sent',
        bytes: 'all',
        failure: { code: 'CLOSED' },
      });
    } finally {
      await executor.close();
      for (const raw of accepted) raw.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
