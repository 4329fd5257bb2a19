import { Worker } from 'node:worker_threads';
import { silentLogger, systemClock } from '@hotpath/core';
import { localhostCertificate } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { fastExecutor } from './fast-executor.ts';
import { orderRequest, told } from './testing/executor-on-wire.ts';

/** Long enough for any machine, and reached only where the order does not leave: the other thread says when it has it, however long that takes. */
const longestMs = 60_000;

/** Runs in a thread of its own, as text: a server that tells through shared memory how many requests it has read, decrypted and whole. */
const serverSource = `
  const { parentPort, workerData } = require('node:worker_threads');
  const requests = new Int32Array(workerData.shared);
  const serve = (socket) => {
    let received = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (!received.endsWith('}')) return;
      const body = received.slice(received.indexOf('\\r\\n\\r\\n') + 4);
      received = '';
      Atomics.add(requests, 0, 1);
      Atomics.notify(requests, 0);
      socket.write('HTTP/1.1 200 OK\\r\\ncontent-length: ' + body.length + '\\r\\n\\r\\n' + body);
    });
  };
  const server = workerData.tls ? require('node:tls').createServer(workerData.tls, serve) : require('node:net').createServer(serve);
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

it.each([
  { scheme: 'http', tls: undefined },
  { scheme: 'https', tls: { cert: localhostCertificate.cert, key: localhostCertificate.key } },
])(
  'invariant 13: over $scheme the server has each order while the caller has not returned to its event loop',
  async ({ scheme, tls }) => {
    const shared = new SharedArrayBuffer(4);
    const requests = new Int32Array(shared);
    const worker = new Worker(serverSource, { eval: true, workerData: { shared, tls } });
    const port = await new Promise<number>((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
    const endpoint = { origin: new URL(`${scheme}://127.0.0.1:${port}`), keepWarm: undefined };
    const executor = await fastExecutor({ tls: { ca: localhostCertificate.cert } }).setup({
      key: 'fast',
      endpoint,
      clock: systemClock,
      log: silentLogger,
    });
    try {
      await executor.connect();
      for (let order = 1; order <= 20; order += 1) {
        while (executor.state.is !== 'ready' || executor.state.idleConnections < 4)
          await new Promise((resolve) => setImmediate(resolve));
        const delivering = executor.deliver(orderRequest(`order-${order}`), {
          deadline: Infinity,
          answerTimeoutMs: longestMs,
          signal: undefined,
        });
        // The strategy computes: this thread stands still, and its event loop with it, until the other thread has the order.
        expect(Atomics.wait(requests, 0, order - 1, longestMs)).not.toBe('timed-out');
        expect(Atomics.load(requests, 0)).toBe(order);
        expect(told(await delivering)).toBe(orderRequest(`order-${order}`).body);
      }
    } finally {
      await executor.close();
      await worker.terminate();
    }
  },
  2 * longestMs,
);
