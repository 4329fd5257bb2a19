import type { PreparedRequest } from '@hotpath/core';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  answerOwn,
  answerWith,
  ExecutorOnWire,
  told,
  turn,
  until,
} from './testing/executor-on-wire.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const protocols = [
  { scheme: 'HTTP', tls: false },
  { scheme: 'TLS', tls: true },
];
const keepWarm: PreparedRequest = {
  template: { operation: 'read', method: 'GET', path: '/api/Status/ping', headers: {} },
  authorization: undefined,
  body: '',
};
const open = (wire: ExecutorOnWire): number =>
  wire.server.connections.filter((connection) => connection.isOpen()).length;
/** Lets time pass in steps, each with turns in which connections can open. */
async function pass(wire: ExecutorOnWire, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    wire.clock.advance(100);
    await turn();
  }
}

/** Over TLS a connection rests for a round trip by the clock before it is used. */
async function passUntil(wire: ExecutorOnWire, holds: () => boolean): Promise<void> {
  await until(() => {
    if (!holds()) wire.clock.advance(1);
    return holds();
  });
}

describe.each(protocols)('connections over $scheme', ({ tls }) => {
  it('are replaced before the time that the server keeps them, and an order pays for no handshake', () =>
    ExecutorOnWire.run({ tls, executor: { connections: 3 } }, async (wire) => {
      wire.server.onRequest = (request) =>
        void request.connection.write(answerWith(request.body, 'keep-alive: timeout=10\r\n'));
      await wire.idle(3);
      await wire.deliver('one');
      await wire.idle(3);
      await pass(wire, 6_900);
      expect([open(wire), wire.server.connections.length]).toEqual([3, 3]);
      await pass(wire, 200);
      // All three, also those that have carried no request yet: the promise is the server's.
      await passUntil(
        wire,
        () =>
          open(wire) === 3 &&
          wire.server.connections.length === 6 &&
          wire.executor.state.is === 'ready' &&
          wire.executor.state.idleConnections === 3,
      );
      const { length } = wire.server.connections;
      expect(told(await wire.deliver('two'))).toContain('two');
      expect(wire.server.connections.length).toBe(length);
    }));

  it('are kept with the endpoint’s own request where it has one', () =>
    ExecutorOnWire.run(
      { tls, keepWarm, executor: { connections: 1, maxConnections: 1 } },
      async (wire) => {
        wire.server.onRequest = (request) =>
          void request.connection.write(answerWith(request.body, 'keep-alive: timeout=10\r\n'));
        await wire.deliver('one');
        await wire.idle(1);
        const arrival = wire.server.nextRequest();
        wire.clock.advance(7_000);
        expect((await arrival).path).toBe('/api/Status/ping');
        await wire.idle(1);
        expect(told(await wire.deliver('two'))).toContain('two');
        expect(wire.server.connections.map(({ requests }) => requests.length)).toEqual([3]);
      },
    ));

  it('teach by their end how long the server keeps them', () =>
    ExecutorOnWire.run({ tls, executor: { connections: 3 } }, async (wire) => {
      await wire.idle(3);
      wire.clock.advance(5_000);
      wire.server.connections[0]?.end();
      await until(() => wire.server.connections.length === 4);
      // The other two are as old: they go at once.
      await passUntil(
        wire,
        () =>
          wire.server.connections.length === 6 &&
          open(wire) === 3 &&
          wire.executor.state.is === 'ready' &&
          wire.executor.state.idleConnections === 3,
      );
      // From now on they are replaced at seven tenths of what the first lasted.
      wire.clock.advance(3_400);
      await turn();
      expect(wire.server.connections.length).toBe(6);
      wire.clock.advance(200);
      await passUntil(wire, () => wire.server.connections.length === 9 && open(wire) === 3);
    }));

  it('grow ahead of need up to the limit, and shrink a minute after', () =>
    ExecutorOnWire.run({ tls, executor: { connections: 2, maxConnections: 6 } }, async (wire) => {
      await wire.idle(2);
      wire.server.onRequest = () => {};
      const first = wire.deliver('0');
      // Two stay idle at any time while there is room.
      await until(() => open(wire) === 3);
      const more = ['1', '2', '3'].map((id) => wire.deliver(id));
      await until(() => open(wire) === 6);
      const last = ['4', '5'].map((id) => wire.deliver(id));
      await until(() => wire.server.requests.length === 6);
      await turn();
      expect(wire.server.connections.length).toBe(6);
      for (const request of wire.server.requests) answerOwn(request);
      await Promise.all([first, ...more, ...last]);
      await wire.idle(6);
      wire.clock.advance(59_000);
      await turn();
      expect(open(wire)).toBe(6);
      wire.clock.advance(2_000);
      await until(() => open(wire) === 2);
      await turn();
      expect(wire.executor.state).toEqual({
        is: 'ready',
        idleConnections: 2,
        busyConnections: 0,
        writes: 'same-tick',
      });
    }));

  it('stall without delaying the next order, however many do', () =>
    ExecutorOnWire.run({ tls, executor: { connections: 3 } }, async (wire) => {
      await wire.idle(3);
      wire.server.onRequest = (request) => {
        if (!request.body.includes('stalls')) answerOwn(request);
      };
      for (let count = 0; count < 5; count += 1) {
        void wire.deliver(`stalls-${count}`);
        await turn();
        expect(told(await wire.deliver(`goes-${count}`))).toContain(`goes-${count}`);
      }
    }));
});

it('TLS sessions are resumed by connections that open later, also after a garbage collection', () =>
  ExecutorOnWire.run({ tls: true, executor: { connections: 3 } }, async (wire) => {
    await wire.idle(3);
    await wire.deliver('one');
    collectGarbage();
    wire.server.connections[0]?.end();
    await until(() => wire.server.connections.length === 4);
    await wire.idle(3);
    expect(wire.server.connections[3]?.resumed()).toBe(true);
  }));

it('a request that is not ASCII is sent whole, with its length in bytes', () =>
  ExecutorOnWire.run({ tls: false }, async (wire) => {
    const arrival = wire.server.nextRequest();
    const delivery = wire.deliver('naïve €');
    const request = await arrival;
    expect(Buffer.from(request.body, 'latin1').toString('utf8')).toBe('{"customTag":"naïve €"}');
    expect(await delivery).toMatchObject({ stage: 'answered', bytes: 'all' });
  }));

it('a write that the kernel refuses has provably left nothing', () =>
  ExecutorOnWire.run(
    { tls: false, executor: { connections: 1, maxConnections: 1 } },
    async (wire) => {
      await wire.deliver('one');
      await wire.idle(1);
      wire.server.stopListening();
      // In one tick, and by a clock that stands still: the reset is met by the write itself.
      wire.server.connections[0]?.reset();
      const delivery = await wire.deliver('two');
      expect(delivery).toMatchObject({
        stage: 'writing',
        bytes: 'none',
        failure: { code: 'RESET' },
        marks: { written: undefined },
      });
      expect(wire.server.requests.length).toBe(1);
    },
  ));

it('a request that is answered before the kernel has taken all of it: the answer is given, nothing is claimed of the bytes, and the connection is not used again', () =>
  ExecutorOnWire.run(
    { tls: false, executor: { connections: 1, maxConnections: 1 } },
    async (wire) => {
      await wire.idle(1);
      // The server's process is this one: it can read nothing before the answer is in the kernel.
      const first = wire.server.connections[0];
      const delivering = wire.deliver('x'.repeat(64 * 1024 * 1024));
      void first?.write(answerWith('early'));
      const delivery = await delivering;
      expect(told(delivery)).toBe('early');
      expect(delivery.bytes).toBe('maybe');
      await until(() => wire.server.connections.length === 2);
      expect(told(await wire.deliver('next'))).toContain('next');
      expect(wire.server.connections[1]?.requests.length).toBe(1);
    },
  ));

it.each(protocols)(
  'answers of megabytes on several connections at once come whole and unmixed over $scheme',
  ({ tls }) =>
    ExecutorOnWire.run({ tls, executor: { connections: 3 } }, async (wire) => {
      await wire.idle(3);
      const bodyOf = (id: string): string => `<${id}>`.repeat(200_000);
      wire.server.onRequest = (request) =>
        void request.connection.write(answerWith(bodyOf(request.body)));
      const deliveries = await Promise.all(['one', 'two', 'three'].map((id) => wire.deliver(id)));
      for (const [index, id] of ['one', 'two', 'three'].entries()) {
        const delivery = deliveries[index];
        expect(delivery && told(delivery) === bodyOf(JSON.stringify({ customTag: id }))).toBe(true);
      }
    }),
);
