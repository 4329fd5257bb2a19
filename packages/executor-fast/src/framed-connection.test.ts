import { silentLogger } from '@hotpath/core';
import { Socket } from 'node:net';
import { DeliveryProgress } from '@hotpath/core';
import { createManualClock } from '@hotpath/core/testing';
import { expect, it } from 'vitest';
import { fastExecutorOptions } from './fast-executor-options.ts';
import { FramedConnection } from './framed-connection.ts';
import { RequestHeads } from './request-head.ts';
import { answerWith, orderRequest, told, turn } from './testing/executor-on-wire.ts';
import { WriteMoment } from './write-moment.ts';

/** A socket whose writes are done when the test says so, as an encrypting one's are done when its bytes have gone through the engine and the kernel. */
class HeldSocket extends Socket {
  writeIsDone: () => void = () => {};

  override _read(): void {}

  override _write(_bytes: unknown, _encoding: string, done: (error?: Error | null) => void): void {
    this.writeIsDone = done;
  }
}

it('is not used again before its own write is done, even when the answer is there: over TLS that may be later', async () => {
  const clock = createManualClock();
  const origin = new URL('https://127.0.0.1');
  const socket = new HeldSocket();
  let idle = 0;
  const owner = { idle: () => void (idle += 1), gone: () => {} };
  const parts = {
    origin,
    settings: fastExecutorOptions.parse({}),
    heads: new RequestHeads(origin),
    clock,
    probe: { sees: () => true, look: () => 'quiet' as const },
    moment: new WriteMoment(silentLogger, 'framed'),
  };
  const connection = await FramedConnection.attach(
    { socket, raw: new Socket(), roundTripMs: 0, onBytes: (read) => void socket.on('data', read) },
    owner,
    parts,
  );
  const exchange = new DeliveryProgress(
    orderRequest('one'),
    { deadline: Infinity, answerTimeoutMs: 1_000, signal: undefined },
    clock,
  );
  expect(connection.start(exchange)).toBe(true);
  expect(socket.writableLength).toBeGreaterThan(0);

  socket.push(Buffer.from(answerWith('answer')));
  const delivery = await exchange.delivery;
  expect(told(delivery)).toBe('answer');
  // An answer came, so the venue has the request; that every byte left is not proven.
  expect(delivery).toMatchObject({ stage: 'answered', bytes: 'maybe' });
  await turn();
  await turn();
  expect(idle).toBe(0);

  socket.writeIsDone();
  await turn();
  expect(idle).toBe(1);
  connection.retire('the test is over');
});
