import { Socket } from 'node:net';
import type { Logger } from '@hotpath/core';
import { silentLogger } from '@hotpath/core';
import { describe, expect, it } from 'vitest';
import { descriptorOf, descriptorProbe } from './descriptor-probe.ts';
import {
  ExecutorOnWire,
  orderRequest,
  told,
  withoutDescriptor,
} from './testing/executor-on-wire.ts';

const protocols = [
  { scheme: 'HTTP', tls: false },
  { scheme: 'TLS', tls: true },
];

/** Keeps what is warned of. */
function warnings(): { readonly log: Logger; readonly said: string[] } {
  const said: string[] = [];
  return { said, log: { ...silentLogger, warn: (_fields, message) => void said.push(message) } };
}

describe.each(protocols)(
  'on a runtime that gives no descriptor of a socket, over $scheme',
  ({ tls }) => {
    it('says in its state, and once in the log, that an order leaves a turn later', async () => {
      const { log, said } = warnings();
      await ExecutorOnWire.run({ tls, log, probe: withoutDescriptor }, async (wire) => {
        await wire.idle(4);
        expect(wire.executor.state).toMatchObject({ is: 'ready', writes: 'next-turn' });
        for (const id of ['one', 'two']) {
          wire.clock.advance(2);
          expect(told(await wire.deliver(id))).toBe(orderRequest(id).body);
          await wire.idle(4);
        }
        expect(said).toEqual([
          expect.stringMatching(/no descriptor of a socket .* a turn of the event loop later/),
        ]);
      });
    });

    it('does not let an order leave late that waited while the strategy computed', () =>
      ExecutorOnWire.run({ tls, probe: withoutDescriptor }, async (wire) => {
        await wire.idle(4);
        wire.clock.advance(2);
        const arrival = wire.server.nextRequest();
        const delivering = wire.deliver('one', { deadline: wire.clock.monotonic() + 20 });
        // The strategy computes past the deadline in the tick of its call: the order must not leave late.
        wire.clock.advance(21);
        expect(await delivering).toMatchObject({ bytes: 'none', failure: { code: 'DEADLINE' } });
        expect(told(await wire.deliver('two'))).toBe(orderRequest('two').body);
        expect((await arrival).body).toBe(orderRequest('two').body);
      }));

    it('says so too when the descriptor goes while a connection is open', async () => {
      const { log, said } = warnings();
      let isHidden = false;
      const probe = {
        sees: () => true,
        look: (raw: Socket) => (isHidden ? ('unknown' as const) : descriptorProbe.look(raw)),
      };
      await ExecutorOnWire.run({ tls, log, probe }, async (wire) => {
        await wire.idle(4);
        wire.clock.advance(2);
        expect(told(await wire.deliver('one'))).toBe(orderRequest('one').body);
        expect([wire.executor.state, said]).toMatchObject([{ writes: 'same-tick' }, []]);
        isHidden = true;
        await wire.idle(4);
        wire.clock.advance(2);
        expect(told(await wire.deliver('two'))).toBe(orderRequest('two').body);
        expect(wire.executor.state).toMatchObject({ writes: 'next-turn' });
        expect(said).toHaveLength(1);
      });
    });
  },
);

it('the undici transport, chosen by the author, writes a turn later and logs nothing of it', async () => {
  const { log, said } = warnings();
  await ExecutorOnWire.run({ tls: false, log, executor: { transport: 'undici' } }, async (wire) => {
    expect(wire.executor.state).toMatchObject({ writes: 'next-turn' });
    expect(said).toEqual([]);
  });
});

describe('the descriptor of a socket', () => {
  const withHandle = (handle: unknown): Socket => Object.assign(new Socket(), { _handle: handle });

  it.each([
    ['a number, as on Linux and macOS', { fd: 21 }, 21],
    ['-1, as on Windows', { fd: -1 }, undefined],
    ['not there, as in a runtime that hides it', {}, undefined],
    ['no number', { fd: '21' }, undefined],
    ['behind a handle that is gone', null, undefined],
    ['behind a handle that is none', 21, undefined],
  ])('is %s', (_case, handle, expected) => {
    expect(descriptorOf(withHandle(handle))).toBe(expected);
  });

  it('is unknown of what has no handle at all', () => {
    const socket: object = new Socket();
    Reflect.deleteProperty(socket, '_handle');
    expect(descriptorProbe.sees(socket as Socket)).toBe(false);
    expect(descriptorProbe.look(socket as Socket)).toBe('unknown');
  });
});
