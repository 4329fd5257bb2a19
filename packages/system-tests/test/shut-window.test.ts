import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { ExecutorPlugin, PreparedRequest } from '@hotpath/core';
import { silentLogger } from '@hotpath/core';
import { createManualClock, localhostCertificate } from '@hotpath/core/testing';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import { describe, expect, it } from 'vitest';

/** More than a receiver that reads nothing has room for, and less than a sender's kernel takes: the rest waits there for the window to open. */
const bodyBytes = 600_000;
const end = '"end":"of the order"}';
const request: PreparedRequest = {
  template: {
    operation: 'place',
    method: 'POST',
    path: '/api/Order/place',
    headers: { 'content-type': 'application/json' },
  },
  authorization: undefined,
  body: `{"note":"${'x'.repeat(bodyBytes)}",${end}`,
};

/** A server that takes a connection and shuts its window: it reads nothing of it until it is told to. */
interface DeafServer {
  readonly port: number;
  /** Reads what there is, until the connection ends; what it had by then. */
  hear(): Promise<{ readonly bytes: number; readonly heardTheEnd: boolean }>;
  close(): void;
}

async function deafServer(tls: boolean): Promise<DeafServer> {
  const accepted: Socket[] = [];
  const spoken: Socket[] = [];
  const secureContext = createSecureContext({
    cert: localhostCertificate.cert,
    key: localhostCertificate.key,
  });
  const server = createServer((raw) => {
    raw.on('error', () => undefined);
    accepted.push(raw);
    const socket = tls ? new TLSSocket(raw, { isServer: true, secureContext }) : raw;
    socket.on('error', () => undefined);
    socket.pause();
    if (tls) socket.on('secure', () => socket.pause());
    spoken.push(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async hear() {
      let bytes = 0;
      let text = '';
      await Promise.all(
        spoken.map(async (socket) => {
          const closed = new Promise((resolve) => void socket.on('close', resolve));
          socket.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            text = (text + chunk.toString('latin1')).slice(-200);
          });
          socket.resume();
          await closed;
        }),
      );
      return { bytes, heardTheEnd: text.includes(end) };
    },
    close() {
      for (const raw of accepted) raw.destroy();
      server.close();
    },
  };
}

const executors: Readonly<Record<string, (ca: string) => ExecutorPlugin>> = {
  'fast, framed': (ca) => fastExecutor({ tls: { ca }, connections: 1 }),
  'fast, undici': (ca) => fastExecutor({ tls: { ca }, connections: 1, transport: 'undici' }),
  fallback: (ca) => fallbackExecutor({ tls: { ca }, connections: 1 }),
};

describe.each(Object.keys(executors))('%s', (name) => {
  it.each([
    ['http', 'no answer came'],
    ['https', 'no answer came'],
    ['http', 'the machine slept'],
    ['https', 'the machine slept'],
  ] as const)(
    'P07: what waits behind a shut window over %s never arrives once its connection was reset because %s',
    async (scheme, because) => {
      const tls = scheme === 'https';
      const isOverdue = because === 'no answer came';
      const server = await deafServer(tls);
      const clock = createManualClock();
      const plugin = executors[name]?.(localhostCertificate.cert);
      if (!plugin) throw new RangeError(`no executor ${name}`);
      const executor = await plugin.setup({
        key: 'trial',
        endpoint: { origin: new URL(`${scheme}://127.0.0.1:${server.port}`), keepWarm: undefined },
        clock,
        log: silentLogger,
      });
      try {
        await executor.connect();
        const delivering = executor.deliver(request, {
          deadline: Infinity,
          answerTimeoutMs: 10_000,
          signal: undefined,
        });
        // Long enough for the kernel to take what it takes; whether it has is shown by the comparison below.
        for (let turn = 0; turn < 50; turn += 1)
          await new Promise((resolve) => setImmediate(resolve));
        if (isOverdue) clock.advance(10_001);
        else executor.reset?.(because);
        expect(await delivering).toMatchObject({
          stage: expect.stringMatching(/^(writing|sent)$/),
          failure: { code: isOverdue ? 'TIMEOUT' : 'CLOSED' },
        });
        // Ends the connections that took its place; its own is gone.
        await executor.close();
        const heard = await server.hear();
        expect(heard.heardTheEnd).toBe(false);
        expect(heard.bytes).toBeLessThan(bodyBytes);
      } finally {
        await executor.close();
        server.close();
      }
    },
  );
});

it('a connection that is merely closed delivers all of it when the window opens, so a reset is what counts', async () => {
  const server = await deafServer(false);
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  await new Promise<void>((resolve) => void socket.write(request.body, () => resolve()));
  socket.destroy();
  await once(socket, 'close');
  expect(await server.hear()).toEqual({ bytes: request.body.length, heardTheEnd: true });
  server.close();
});
