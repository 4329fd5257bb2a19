import dns from 'node:dns';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { topstepx, topstepxLogin } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions, Starting } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Fault, Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, describe, expect, it, vi } from 'vitest';

const seconds = 1_000;
type Which = 'fast' | 'fallback' | 'both';

/** A bot's start, with everything real. */
function connect(
  url: string,
  which: Which,
  {
    adapter,
    ...options
  }: { readonly adapter?: Partial<Parameters<typeof topstepx>[0]> } & Partial<
    Omit<BrokerOptions<string>, 'adapter'>
  > = {},
): Promise<Broker> {
  const executors = {
    ...(which !== 'fallback' && { fast: fastExecutor() }),
    ...(which !== 'fast' && { fallback: fallbackExecutor() }),
  };
  return createBroker<string>({
    adapter: topstepx({
      ...(adapter?.login === undefined && { userName: 'demo', apiKey: 'demo-key' }),
      account: 'PRAC-V2-1001',
      baseUrl: url,
      ...adapter,
    }),
    executors,
    routing: {
      version: 1,
      salt: 's',
      default: which === 'both' ? { fast: 100, fallback: 0 } : { [which]: 100 },
    },
    journal: memoryJournal(),
    ...options,
  });
}

/** Resolves when the state has been read over and nothing is missed any more. */
const synced = (broker: Broker): Promise<void> =>
  new Promise((resolve) =>
    broker.on('stream.synced', ({ stream }) => stream === 'orders' && resolve()),
  );
const quiet = { priceStepMs: 0, rateLimit: { everythingElse: 'off' } } as const;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const startReads = ['Auth/loginKey', 'Account/search', 'Contract/available'];
const stateReads = ['Position/searchOpen', 'Order/v2/query', 'Trade/search'];
const lostAnswers: readonly (readonly [name: string, fault: Fault])[] = [
  ['reset before they were read', { kind: 'reset', at: 'before-reading' }],
  ['reset after they were read', { kind: 'reset', at: 'after-reading' }],
  ['reset in the answer', { kind: 'reset', at: 'mid-answer' }],
  [
    'answered 502',
    { kind: 'status', status: 502, body: '<html><title>Bad gateway</title></html>' },
  ],
  ['answered 503', { kind: 'status', status: 503 }],
  ['answered 429', { kind: 'status', status: 429 }],
  ['answered 401', { kind: 'status', status: 401 }],
  ['answered with nothing', { kind: 'body', form: 'empty' }],
  ['answered with half of it', { kind: 'body', form: 'truncated' }],
  ['answered with a page', { kind: 'body', form: 'html' }],
];

describe.each<Which>(['fast', 'fallback'])('a bot starts through %s though', (which) => {
  // All at once: each of them mostly waits.
  it.each([
    ['logins, account reads or contract reads', startReads],
    ['first reads of positions, orders or fills', stateReads],
  ])(
    'three %s in a row are lost, each in ten ways',
    async (_which, endpoints) => {
      const failed = lostAnswers.flatMap(([name, fault]) =>
        endpoints.map(async (endpoint) => {
          await using gateway = await startGateway({
            ...quiet,
            faults: [{ endpoint, count: 3, fault }],
          });
          await using broker = await connect(gateway.url, which);
          await synced(broker);
          const outcome = await broker.placeLimitOrder({
            symbol: 'MNQ',
            side: 'buy',
            quantity: 1,
            limitPrice: 10_000,
          });
          // A 429 that names no time holds entries back for a window, at a start as ever.
          const isRight =
            name === 'answered 429'
              ? outcome.kind === 'not-sent' && outcome.code === 'BUDGET_EXHAUSTED'
              : outcome.kind === 'accepted';
          const [{ struck } = { struck: 0 }] = Object.values(gateway.faults.counts());
          return isRight && struck === 3
            ? []
            : [
                `${endpoint} ${name}: struck ${struck}, ${outcome.kind} ${outcome.kind === 'accepted' ? '' : outcome.message}`,
              ];
        }),
      );
      expect((await Promise.all(failed)).flat()).toEqual([]);
    },
    60 * seconds,
  );

  it(
    'one of each is never answered',
    async () => {
      await Promise.all(
        [...startReads, ...stateReads].map(async (endpoint) => {
          await using gateway = await startGateway({
            ...quiet,
            faults: [{ endpoint, nth: 1, fault: { kind: 'stall', at: 'before-accepting' } }],
          });
          await using broker = await connect(gateway.url, which, {
            adapter: { readTimeoutMs: 1_000 },
          });
          await synced(broker);
          expect(Object.values(gateway.faults.counts())).toMatchObject([{ struck: 1 }]);
        }),
      );
    },
    60 * seconds,
  );

  it('the simulator comes up two seconds later', async () => {
    const port = await freePort();
    const starting = connect(`http://127.0.0.1:${port}`, which);
    await new Promise((resolve) => setTimeout(resolve, 2 * seconds));
    await using gateway = await startGateway({ ...quiet, port });
    await using broker = await starting;
    await synced(broker);
    expect(gateway.url).toContain(String(port));
  });

  it('its hubs are down', async () => {
    await using gateway = await startGateway(quiet);
    const hubs = await freePort();
    await using broker = await connect(gateway.url, which, {
      adapter: { rtcUrl: `http://127.0.0.1:${hubs}` },
    });
    expect(await broker.getPositions()).toEqual([]);
    expect(
      await broker.placeLimitOrder({ symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 10_000 }),
    ).toMatchObject({ kind: 'accepted' });
  });

  it('its name can not be looked up at first, as at a boot before the network', async () => {
    await using gateway = await startGateway(quiet);
    const real = dns.lookup;
    const networkAt = performance.now() + 1.5 * seconds;
    const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
      name: string,
      options: object,
      done: (error: Error | null, ...found: unknown[]) => void,
    ) => {
      if (performance.now() < networkAt)
        return void setImmediate(() =>
          done(
            Object.assign(new Error(`getaddrinfo EAI_AGAIN ${name}`), {
              code: 'EAI_AGAIN',
              syscall: 'getaddrinfo',
            }),
          ),
        );
      real('127.0.0.1', options, done as never);
    }) as never);
    let handle: Starting | undefined;
    const starting = connect(`http://venue.localhost:${new URL(gateway.url).port}`, which, {
      onStarting: (given) => (handle = given),
    });
    await expect
      .poll(() => handle?.reason, { timeout: 5 * seconds })
      .toMatch(/The name venue\.localhost:\d+ could not be looked up: EAI_AGAIN/);
    await (await starting).close();
    expect(lookup).toHaveBeenCalled();
  });
});

afterEach(() => void vi.restoreAllMocks());

describe('two accounts on one login', () => {
  it('both start though logins and reads of either are lost', async () => {
    await using gateway = await startGateway({
      ...quiet,
      faults: startReads.map((endpoint) => ({
        endpoint,
        count: 3,
        fault: { kind: 'reset', at: 'after-reading' },
      })),
    });
    const login = topstepxLogin({ userName: 'demo', apiKey: 'demo-key' });
    const start = async (account: string): Promise<Broker> => {
      const broker = await connect(gateway.url, 'both', { adapter: { login, account } });
      await synced(broker);
      return broker;
    };
    const [one, other] = await Promise.all([start('PRAC-V2-1001'), start('50KTC-V2-1002')]);
    expect([(await one.getAccount()).name, (await other.getAccount()).name]).toEqual([
      'PRAC-V2-1001',
      '50KTC-V2-1002',
    ]);
    await one.close();
    await other.close();
  });

  it('one that is given up does not take the other with it', async () => {
    await using gateway = await startGateway({
      ...quiet,
      faults: [
        { endpoint: 'Auth/loginKey', nth: 1, fault: { kind: 'stall', at: 'before-accepting' } },
      ],
    });
    const login = topstepxLogin({ userName: 'demo', apiKey: 'demo-key' });
    const aborter = new AbortController();
    const givenUp = connect(gateway.url, 'fast', { adapter: { login }, signal: aborter.signal });
    const other = connect(gateway.url, 'fallback', {
      adapter: { login, account: '50KTC-V2-1002' },
    });
    await expect.poll(() => Object.values(gateway.faults.counts())[0]?.struck).toBe(1);
    aborter.abort();
    await expect(givenUp).rejects.toMatchObject({ code: 'START_ABORTED' });
    await (await other).close();
  });
});

describe('a start that can not be mended', () => {
  const refusedAtOnce = async (
    gateway: Gateway,
    options: Parameters<typeof connect>[2] = {},
  ): Promise<unknown> => {
    const begun = performance.now();
    const error: unknown = await connect(gateway.url, 'both', options).then(
      (broker) => broker.close(),
      (thrown: unknown) => thrown,
    );
    expect(performance.now() - begun).toBeLessThan(3 * seconds);
    return error;
  };

  it("ends at once on refused credentials, with the venue's own words", async () => {
    await using gateway = await startGateway(quiet);
    expect(await refusedAtOnce(gateway, { adapter: { apiKey: 'another-key' } })).toMatchObject({
      code: 'LOGIN_FAILED',
      message: expect.stringContaining('do not belong together'),
    });
    await using other = await startGateway({
      ...quiet,
      faults: [
        {
          endpoint: 'Auth/loginKey',
          fault: {
            kind: 'answer',
            errorCode: 7,
            errorMessage:
              'Please log into the ProjectX platform and complete the required agreements',
          },
        },
      ],
    });
    expect(await refusedAtOnce(other)).toMatchObject({
      code: 'LOGIN_FAILED',
      message: expect.stringContaining('Please log into the ProjectX platform'),
    });
  });

  it('ends at once on an account that is not there', async () => {
    await using gateway = await startGateway(quiet);
    expect(await refusedAtOnce(gateway, { adapter: { account: 'PRAC-V2-9999' } })).toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
  });

  it('ends on an address at which there is no gateway, and says so', async () => {
    await using gateway = await startGateway({
      ...quiet,
      faults: [
        { endpoint: 'Auth/loginKey', fault: { kind: 'status', status: 404, body: 'Not Found' } },
      ],
    });
    expect(await refusedAtOnce(gateway)).toMatchObject({
      code: 'WRONG_ADDRESS',
      message: expect.stringMatching(
        /http:\/\/127\.0\.0\.1:\d+\/api\/Auth\/loginKey: the venue answered HTTP 404: Not Found/,
      ),
    });
  });

  it('but an unknown error of the login is no refusal', async () => {
    await using gateway = await startGateway({
      ...quiet,
      faults: [{ endpoint: 'Auth/loginKey', count: 2, fault: { kind: 'answer', errorCode: 8 } }],
    });
    await (await connect(gateway.url, 'both')).close();
    expect(Object.values(gateway.faults.counts())).toMatchObject([{ struck: 2 }]);
  });
});

describe('the reason of a start that failed', () => {
  it.each<Which>(['fast', 'fallback', 'both'])(
    'names the address and why %s could not reach it',
    async (which) => {
      const address = `127.0.0.1:${await freePort()}`;
      const error = await connect(`http://${address}`, which, { startWithinMs: 500 }).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      const each = (which === 'both' ? ['fast', 'fallback'] : [which])
        .map((key) => `${key} is not available: ${address} refused the connection`)
        .join('; ');
      expect(error).toMatchObject({
        code: 'VENUE_UNREACHABLE',
        message: expect.stringContaining(`http://${address} could not be reached`),
      });
      expect(error?.message).toContain(each);
    },
  );

  it('names the status and the words of the last answer', async () => {
    await using gateway = await startGateway({
      ...quiet,
      faults: [
        {
          endpoint: 'Auth/loginKey',
          fault: {
            kind: 'status',
            status: 503,
            body: '<html><head><title>Maintenance until 18:00</title></head></html>',
          },
        },
      ],
    });
    await expect(connect(gateway.url, 'fast', { startWithinMs: 300 })).rejects.toMatchObject({
      message: expect.stringContaining('HTTP 503: a page, "Maintenance until 18:00"'),
      cause: { cause: { status: 503, venueText: 'a page, "Maintenance until 18:00"' } },
    });
  });
});
