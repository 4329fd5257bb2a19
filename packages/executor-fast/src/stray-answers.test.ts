import { describe, expect, it } from 'vitest';
import {
  answerOwn,
  answerWith,
  ExecutorOnWire,
  orderRequest,
  told,
  until,
  withoutDescriptor,
} from './testing/executor-on-wire.ts';

const rounds = 20;
const stray = answerWith('{"customTag":"stray"}');
const own = (id: string): string => orderRequest(id).body;

/** A strategy that computes for a while and lets nothing else run. */
function compute(): void {
  let sum = 0;
  for (let index = 0; index < 2_000_000; index += 1) sum += Math.sqrt(index);
  if (sum < 0) throw new Error('It never is.');
}

const looks = [
  { by: 'by the descriptor', probe: undefined },
  { by: 'without a descriptor', probe: withoutDescriptor },
];
const protocols = [
  { scheme: 'HTTP', tls: false },
  { scheme: 'TLS', tls: true },
];

describe.each(protocols.flatMap((protocol) => looks.map((look) => ({ ...protocol, ...look }))))(
  'stray answers over $scheme, told $by',
  ({ tls, probe }) => {
    const run = (body: (wire: ExecutorOnWire) => Promise<void>, connections = 4): Promise<void> =>
      ExecutorOnWire.run(
        { tls, probe, executor: { connections, maxConnections: connections } },
        body,
      );

    it('in the kernel at the call, while the strategy computes before and after it', () =>
      run(async (wire) => {
        for (let round = 0; round < rounds; round += 1) {
          await wire.idle(4);
          const live = wire.server.connections.filter((connection) => connection.isOpen());
          // All in one tick: the executor has had no turn in which to read them. One connection is left clean, and not the one that served last, which is the first to be taken.
          const served = wire.server.requests.at(-1)?.connection;
          const clean = live.find((connection) => connection !== served);
          for (const connection of live) if (connection !== clean) void connection.write(stray);
          compute();
          wire.clock.advance(2);
          const delivery = wire.deliver(`round-${round}`);
          compute();
          expect(told(await delivery)).toBe(own(`round-${round}`));
        }
        expect(wire.server.requests.length).toBe(rounds);
      }));

    it('on every connection: the order waits for a new one', () =>
      run(async (wire) => {
        for (let round = 0; round < rounds; round += 1) {
          await wire.idle(4);
          for (const connection of wire.server.connections)
            if (connection.isOpen()) void connection.write(stray);
          wire.clock.advance(2);
          expect(told(await wire.deliver(`round-${round}`))).toBe(own(`round-${round}`));
        }
        expect(wire.server.requests.length).toBe(rounds);
      }));

    it('right behind the answer, in a packet of its own', () =>
      run(async (wire) => {
        wire.server.onRequest = (request) => {
          answerOwn(request);
          setImmediate(() => void request.connection.write(stray));
        };
        for (let round = 0; round < rounds; round += 1) {
          // The next order is placed in the turn in which the answer to the last came.
          const delivery = await wire.deliver(`round-${round}`);
          expect([own(`round-${round}`), 'ANSWER_UNEXPECTED']).toContain(told(delivery));
        }
        expect(wire.server.requests.length).toBe(rounds);
      }, 1));

    it('an end or a reset in the kernel at the call', () =>
      run(async (wire) => {
        for (let round = 0; round < rounds; round += 1) {
          await wire.idle(4);
          for (const connection of wire.server.connections
            .filter((each) => each.isOpen())
            .slice(0, 3)) {
            if (round % 2 === 0) connection.reset();
            else connection.destroy();
          }
          wire.clock.advance(2);
          expect(told(await wire.deliver(`round-${round}`))).toBe(own(`round-${round}`));
        }
        expect(wire.server.requests.length).toBe(rounds);
      }));

    it('sent as a greeting: a connection on which something comes before any request carries none', () =>
      run(async (wire) => {
        await wire.idle(4);
        await until(() => wire.server.connections.length === 4);
        const greeted: boolean[] = [];
        // Every other connection is greeted, until all those of the start have been replaced.
        wire.server.onConnection = (connection) => {
          greeted.push(greeted.length < 4 && greeted.length % 2 === 0);
          if (greeted.at(-1) === true) void connection.write(stray);
        };
        for (const connection of wire.server.connections.slice(0, 4)) connection.end();
        await until(() => {
          wire.clock.advance(1);
          return (
            greeted.length >= 6 &&
            wire.executor.state.is === 'ready' &&
            wire.executor.state.idleConnections === 4
          );
        });
        for (let round = 0; round < rounds; round += 1)
          expect(told(await wire.deliver(`round-${round}`))).toBe(own(`round-${round}`));
        const carrying = wire.server.connections
          .slice(4)
          .map(({ requests }) => requests.length > 0);
        expect(carrying.filter((carried, index) => carried && greeted[index] === true)).toEqual([]);
      }));

    it('during the call on other connections: they are destroyed, and replaced', () =>
      run(async (wire) => {
        await wire.idle(4);
        wire.server.onRequest = () => {};
        const arrival = wire.server.nextRequest();
        const delivery = wire.deliver('one');
        const request = await arrival;
        const others = wire.server.connections.filter(
          (connection) => connection !== request.connection,
        );
        for (const connection of others) void connection.write(stray);
        answerOwn(request);
        expect(told(await delivery)).toBe(own('one'));
        await Promise.all(others.map(({ ended }) => ended));
        await until(() => wire.server.connections.length === 4 + others.length);
      }));
  },
);

it('a connection is not idle before its own answer has rested for a whole poll phase', () =>
  ExecutorOnWire.run(
    { tls: false, executor: { connections: 1, maxConnections: 1 } },
    async (wire) => {
      await wire.deliver('one');
      expect(wire.executor.state).toMatchObject({
        is: 'ready',
        idleConnections: 0,
        busyConnections: 1,
      });
      await until(
        () => wire.executor.state.is === 'ready' && wire.executor.state.idleConnections === 1,
      );
    },
  ));
