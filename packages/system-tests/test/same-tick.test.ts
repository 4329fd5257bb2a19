import { mkdtempSync, readSync, rmSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker } from '@hotpath/core';
import { createBroker, fileJournal } from '@hotpath/core';
import { localhostCertificate } from '@hotpath/core/testing';
import { fastExecutor } from '@hotpath/executor-fast';
import { startGateway } from '@hotpath/gateway-sim';
import { describe, expect, it } from 'vitest';

/** Bytes of one accepted socket as a stream, which can also be read from the kernel in the caller's tick. */
class Accepted extends Duplex {
  readonly #raw: Socket;

  constructor(raw: Socket) {
    super();
    this.#raw = raw;
    raw.on('data', (bytes: Buffer) => this.push(bytes));
    raw.on('close', () => this.destroy());
    raw.on('error', () => this.destroy());
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#raw.write(bytes, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }

  /** What the kernel has before the event loop could run; it goes on to where it would have gone. */
  inKernel(): Buffer {
    const raw = this.#raw;
    if (!('_handle' in raw)) return Buffer.alloc(0);
    const { _handle: handle } = raw;
    const descriptor =
      typeof handle === 'object' && handle !== null && 'fd' in handle ? Number(handle.fd) : -1;
    const bytes = Buffer.alloc(8_192);
    try {
      const came = bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, null));
      if (came.length > 0) this.push(came);
      return came;
    } catch {
      return Buffer.alloc(0);
    }
  }
}

describe.each([
  { scheme: 'http', tls: false },
  { scheme: 'https', tls: true },
])('invariant 13: over $scheme, with routing, budget and a file journal', ({ scheme, tls }) => {
  it('place, modify and cancel are on the wire when the method returns', async () => {
    const gateway = await startGateway({ priceStepMs: 0 });
    const accepted: Accepted[] = [];
    const secureContext = createSecureContext({
      cert: localhostCertificate.cert,
      key: localhostCertificate.key,
    });
    const front = createServer({ noDelay: true }, (raw) => {
      const bytes = new Accepted(raw);
      accepted.push(bytes);
      const plain = tls ? new TLSSocket(bytes, { isServer: true, secureContext }) : bytes;
      const back = connect(gateway.port, '127.0.0.1');
      for (const end of [plain, back, bytes])
        end
          .on('error', () => {})
          .on('close', () => [plain, back, bytes].forEach((other) => other.destroy()));
      plain.pipe(back).pipe(plain);
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const { port } = front.address() as AddressInfo;
    const folder = mkdtempSync(join(tmpdir(), 'hotpath-same-tick-'));
    let broker: Broker<'fast'> | undefined;
    try {
      broker = await createBroker({
        adapter: topstepx({
          userName: 'demo',
          apiKey: 'demo-key',
          account: 'PRAC-V2-1001',
          baseUrl: `${scheme}://127.0.0.1:${port}`,
        }),
        executors: { fast: fastExecutor({ tls: { ca: localhostCertificate.cert } }) },
        routing: { version: 1, salt: 'same-tick', default: { fast: 100 } },
        journal: fileJournal(join(folder, 'orders.journal')),
      });
      await broker.getContract('MNQ');
      const warm = async (): Promise<void> => {
        for (;;) {
          const state = broker?.executors().fast.state;
          if (state?.is === 'ready' && state.idleConnections >= 4 && accepted.length >= 4) return;
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      // One record of application data, or the request itself.
      const isOnWire = (path: string): boolean =>
        accepted
          .map((each) => each.inKernel())
          .some((bytes) =>
            tls
              ? bytes[0] === 0x17 &&
                bytes.readUInt16BE(3) === bytes.length - 5 &&
                bytes.length > 300
              : bytes.toString().startsWith(`POST ${path} `),
          );

      await warm();
      expect(broker.executors().fast.state).toMatchObject({ writes: 'same-tick' });
      const placing = broker.placeLimitOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        limitPrice: 20_000,
      });
      expect(isOnWire('/api/Order/place')).toBe(true);
      const placed = await placing;
      if (placed.kind !== 'accepted') throw new Error(placed.message);

      await warm();
      const modifying = broker.modifyOrder({ orderId: placed.orderId, limitPrice: 20_000.25 });
      expect(isOnWire('/api/Order/modify')).toBe(true);
      expect(await modifying).toMatchObject({ kind: 'accepted' });

      await warm();
      const cancelling = broker.cancelOrder({ orderId: placed.orderId });
      expect(isOnWire('/api/Order/cancel')).toBe(true);
      expect(await cancelling).toMatchObject({ kind: 'accepted', became: 'cancelled' });
    } finally {
      await broker?.close();
      front.close();
      await gateway.close();
      rmSync(folder, { recursive: true });
    }
  });
});
