import type { AddressInfo, LookupFunction, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createServer as createTlsServer } from 'node:tls';
import type { Executor } from '@hotpath/core';
import { silentLogger } from '@hotpath/core';
import { createManualClock, localhostCertificate } from '@hotpath/core/testing';
import { describe, expect, it } from 'vitest';
import { descriptorProbe } from './descriptor-probe.ts';
import { createFastExecutor } from './fast-executor.ts';
import { fastExecutorOptions } from './fast-executor-options.ts';
import { answerWith, orderRequest, told, until } from './testing/executor-on-wire.ts';

/** A server at one address that answers every request with its name. */
class NamedServer {
  readonly sockets = new Set<Socket>();
  readonly #listener: Server;

  private constructor(name: string, tls: boolean) {
    const serve = (socket: Socket): void => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy());
      socket.on('data', () => void socket.write(answerWith(name)));
    };
    this.#listener = tls
      ? createTlsServer({ cert: localhostCertificate.cert, key: localhostCertificate.key }, serve)
      : createServer(serve);
  }

  static async at(name: string, address: string, port: number, tls = false): Promise<NamedServer> {
    const server = new NamedServer(name, tls);
    await new Promise<void>((resolve, reject) =>
      server.#listener.once('error', reject).listen(port, address, resolve),
    );
    return server;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

/** Answers every name with these addresses, in their order, and counts how often it is asked. */
class Names {
  asked = 0;
  addresses: readonly string[];

  constructor(addresses: readonly string[]) {
    this.addresses = addresses;
  }

  readonly lookup: LookupFunction = (_name, options, callback) => {
    this.asked += 1;
    const found = this.addresses.map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    const [first] = found;
    // Later, as the system does it.
    setImmediate(() =>
      options.all === true || !first
        ? callback(null, found)
        : callback(null, first.address, first.family),
    );
  };
}

interface Opened {
  readonly executor: Executor;
  /** Resolves when all its connections are open and idle. Over TLS they rest for a round trip by the clock before that. */
  readonly warm: () => Promise<void>;
}

function executorFor(origin: string, lookup?: LookupFunction): Opened {
  const clock = createManualClock();
  const settings = fastExecutorOptions.parse({ tls: { ca: localhostCertificate.cert } });
  const executor = createFastExecutor(
    {
      key: 'fast',
      endpoint: { origin: new URL(origin), keepWarm: undefined },
      clock,
      log: silentLogger,
    },
    settings,
    descriptorProbe,
    lookup,
  );
  const warm = async (): Promise<void> => {
    await executor.connect();
    await until(() => {
      clock.advance(1);
      return executor.state.is === 'ready' && executor.state.idleConnections === 4;
    });
  };
  return { executor, warm };
}

const send = async (executor: Executor): Promise<string> =>
  told(
    await executor.deliver(orderRequest('a'), {
      deadline: Infinity,
      answerTimeoutMs: 10_000,
      signal: undefined,
    }),
  );

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const alive = [
  { address: '127.0.0.1', dead: '::1' },
  ...(hasIpv6 ? [{ address: '::1', dead: '127.0.0.1' }] : []),
];

describe.each(
  alive.flatMap((each) => [
    { ...each, scheme: 'http' },
    { ...each, scheme: 'https' },
  ]),
)(
  'a name of two families over $scheme of which only $address is served',
  ({ address, dead, scheme }) => {
    it.each([
      { first: dead, second: address },
      { first: address, second: dead },
    ])(
      'is connected ahead of an order that asks for no address, with $first named first',
      async ({ first, second }) => {
        const server = await NamedServer.at('it', address, 0, scheme === 'https');
        const names = new Names([first, second]);
        const { executor, warm } = executorFor(
          `${scheme}://localhost:${server.port}`,
          names.lookup,
        );
        try {
          await warm();
          await until(() => server.sockets.size === 4);
          const { asked } = names;
          expect(await send(executor)).toBe('it');
          expect([names.asked, server.sockets.size]).toEqual([asked, 4]);
        } finally {
          await executor.close();
          await server.close();
        }
      },
    );
  },
);

it.each(['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])])(
  'an address in place of a name is taken as it is: %s',
  async (host) => {
    const server = await NamedServer.at('it', host.replace(/^\[|\]$/gu, ''), 0);
    const { executor, warm } = executorFor(`http://${host}:${server.port}`);
    try {
      await warm();
      expect(await send(executor)).toBe('it');
    } finally {
      await executor.close();
      await server.close();
    }
  },
);

it('follows a name to another address: every connection asks anew', async () => {
  const old = await NamedServer.at('old', '127.0.0.1', 0);
  const moved = await NamedServer.at('moved', '127.0.0.2', old.port);
  const names = new Names(['127.0.0.1']);
  const { executor, warm } = executorFor(`http://localhost:${old.port}`, names.lookup);
  try {
    await warm();
    expect(await send(executor)).toBe('old');
    names.addresses = ['127.0.0.2'];
    await old.close();
    await until(() => moved.sockets.size === 4);
    await warm();
    const { asked } = names;
    expect(await send(executor)).toBe('moved');
    expect(names.asked).toBe(asked);
  } finally {
    await executor.close();
    await moved.close();
  }
});
