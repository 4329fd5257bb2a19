import { afterEach, describe, expect, it } from 'vitest';
import type { Gateway, GatewayOptions } from '../index.ts';
import { startGateway } from '../index.ts';
import type { GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';
import { RunEnded } from './check.ts';
import { rtcBeside } from './connection-options.ts';
import { exitCodeOf, tableOf } from './report.ts';
import type { ConformanceReport } from './report.ts';
import type { ConformanceOptions } from './run-conformance.ts';
import { checkNames, runConformance } from './run-conformance.ts';

let gateway: Gateway;
afterEach(() => gateway.close());

const accounts = [
  { id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' as const },
  { id: 700_002, name: '50KTC-V2-1002' },
  { id: 700_003, name: 'PRAC-V2-1003-LOCKED', canTrade: false },
];
const quietLimits = { everythingElse: 'off', bars: 'off' } as const;
const working = (): number =>
  gateway
    .truth()
    .orders.filter(
      ({ status, customTag }) =>
        [1, 6, 8].includes(status) && customTag?.startsWith('conform-') === true,
    ).length;

async function start(options: GatewayOptions = {}): Promise<void> {
  gateway = await startGateway({ accounts, priceStepMs: 5, rateLimit: quietLimits, ...options });
}

function run(options: Partial<ConformanceOptions> = {}): Promise<ConformanceReport> {
  const url = new URL(gateway.url);
  return runConformance({
    target: {
      url,
      rtcUrl: rtcBeside(url),
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
    },
    symbol: 'MNQ',
    parts: ['orders', 'far-orders', 'logout'],
    watchMs: 1_000,
    settleMs: 60,
    paceMs: 0,
    ...options,
  });
}

const different = ({ checks }: ConformanceReport): string[] =>
  checks.filter(({ verdict }) => verdict === 'different').map(({ name }) => name);
const unknown = ({ checks }: ConformanceReport): string[] =>
  checks.filter(({ verdict }) => verdict === 'unknown').map(({ name }) => name);

/** An account with a history: fills, a limit that rested before it filled, legs, a position, and more orders than a page holds. */
async function live(client: GatewayClient): Promise<void> {
  const brackets = {
    stopLossBracket: { ticks: -400, type: 4 },
    takeProfitBracket: { ticks: 400, type: 1 },
  };
  await client.place({ customTag: 'entry', ...brackets });
  await client.place({ type: 1, limitPrice: 20_000, customTag: 'suspends', ...brackets });
  const { orderId } = await client.place({
    type: 1,
    side: 1,
    limitPrice: Math.ceil((gateway.truth().orders[0]?.filledPrice ?? 0) + 2),
  });
  await expect
    .poll(() => gateway.truth().orders.find(({ id }) => id === orderId)?.status, {
      timeout: 15_000,
    })
    .toBe(2);
  await client.place({ size: 2 });
  for (let count = 0; count < 100; count += 1) await client.place({ type: 1, limitPrice: 20_000 });
}

describe('a conformance run', () => {
  it('finds no difference on the simulator, and can tell of everything where the account has a history', async () => {
    await start({ priceStepMs: 10 });
    await live(await gatewayClient(gateway));
    const seen: string[] = [];
    const report = await run({ watchMs: 2_000, progress: (name) => seen.push(name) });
    expect(different(report)).toEqual([]);
    // Not under TLS, watched for less than a ping, and with the other kind of brackets.
    expect(unknown(report)).toEqual(['http-version', 'hub-pings', 'bracket-mode']);
    expect(seen).toEqual(checkNames().map(({ name }) => name));
    expect(report).toMatchObject({
      parts: ['read', 'orders', 'far-orders', 'logout'],
      stopped: undefined,
      left: undefined,
      symbol: 'MNQ',
      gateway: gateway.url,
    });
    expect(Object.keys(report.measured).toSorted()).toEqual([
      'cancel answer',
      'cancel event after its answer',
      'place answer',
      'place event after its answer',
      'read, median',
    ]);
    expect(exitCodeOf(report)).toBe(0);
    expect(tableOf(report)).toMatch(
      /^Such calls do not tell:\n {2}429: its body, .+ \(the limit would have to be spent/m,
    );
    expect(working()).toBe(0);
  }, 60_000);

  it('sees an account with Position Brackets refuse brackets', async () => {
    await start({ accounts: [{ id: 700_001, name: 'PRAC-V2-1001' }] });
    const report = await run({ only: ['bracket-mode', 'bracket-answer', 'bracket-legs'] });
    expect(report.checks.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['bracket-mode', 'same'],
      ['bracket-answer', 'unknown'],
      ['bracket-legs', 'unknown'],
    ]);
  });

  it('places nothing and logs nobody out unless it is told to', async () => {
    await start();
    const report = await run({ parts: [] });
    expect(different(report)).toEqual([]);
    expect(gateway.truth().orders).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toEqual(
      checkNames()
        .filter(({ part }) => part === 'read')
        .map(({ name }) => name),
    );
  }, 60_000);

  const differences: readonly {
    readonly options: GatewayOptions;
    readonly names: readonly string[];
    readonly history?: true;
  }[] = [
    { options: { differences: ['names-by-case'] }, names: ['body-case'] },
    { options: { differences: ['no-trailing-slash'] }, names: ['path-slash', 'hub-slash'] },
    { options: { differences: ['any-content-type'] }, names: ['type-text', 'type-none'] },
    { options: { differences: ['plain-problems'] }, names: ['body-wrong-type'] },
    { options: { differences: ['trade-search-needs-start'] }, names: ['trades-no-start'] },
    {
      options: { differences: ['no-order-query'] },
      names: ['order-unknown', 'query-there', 'open-by-id'],
    },
    { options: { differences: ['opaque-tokens'] }, names: ['token-form'] },
    { options: { differences: ['live-data'] }, names: ['contracts-live', 'bars-live'] },
    { options: { differences: ['search-by-name'] }, names: ['search-codes', 'search-order'] },
    { options: { differences: ['no-old-contracts'] }, names: ['contract-expired'] },
    { options: { differences: ['bars-oldest-first'] }, names: ['bars-order'] },
    { options: { differences: ['one-digit-years'] }, names: ['position-name'], history: true },
    { options: { differences: ['pending-resting-orders'] }, names: ['place-events'] },
    { options: { differences: ['update-at-fill'] }, names: ['time-resting'], history: true },
    { options: { differences: ['padded-hub-times'] }, names: ['hub-times'] },
    { options: { differences: ['nulls-on-hubs'] }, names: ['event-nulls'] },
    { options: { differences: ['hub-methods-by-case'] }, names: ['hub-case'] },
    { options: { unknowns: { numbersAsText: 'taken' } }, names: ['body-digits'] },
    { options: { unknowns: { liveBars: 'simulated' } }, names: ['bars-live'] },
    { options: { unknowns: { searchOrder: 'names-first' } }, names: ['search-order'] },
    { options: { unknowns: { searchDescriptions: true } }, names: ['search-descriptions'] },
    { options: { unknowns: { onlyActiveAccounts: 'locked' } }, names: ['account-only-active'] },
    {
      options: { unknowns: { refusedOrders: 'recorded' } },
      names: ['price-between-id', 'price-between-row'],
    },
    { options: { unknowns: { refusedOrders: 'recorded' } }, names: ['place-no-size-row'] },
    { options: { unknowns: { longestTag: 100 } }, names: ['tag-65'] },
    { options: { tagCase: 'counts' }, names: ['tag-case'] },
    { options: { unknowns: { suspendedLegs: 'taken' } }, names: ['bracket-leg-move'] },
    { options: { unknowns: { modifyMovesTime: true } }, names: ['move-time'] },
    { options: { unknowns: { deletedOrders: 'none' } }, names: ['cancel-action'] },
    {
      options: { unknowns: { queryContract: 'applied' } },
      names: ['query-contract'],
      history: true,
    },
    {
      options: { unknowns: { restCommissions: false } },
      names: ['trade-fields', 'trade-commissions'],
      history: true,
    },
    { options: { unknowns: { restLegLinks: false } }, names: ['order-links'], history: true },
    { options: { unknowns: { otherVersions: 'taken' } }, names: ['hub-version'] },
    { options: { unknowns: { volumeQuotes: false } }, names: ['quote-volume'] },
    { options: { auth: { validateKillsOldToken: true } }, names: ['token-replaced'] },
    { options: { auth: { badTokenOnValidate: 'envelope' } }, names: ['login-validate-bad'] },
    { options: { auth: { logoutEnds: 'all-tokens' } }, names: ['logout-others'] },
    { options: { tokenLifetimeMs: 3_600_000 }, names: ['token-form'] },
    { options: { hubPayloads: 'flat' }, names: ['event-form', 'event-action'] },
    { options: { keepAliveTimeoutMs: 5_000 }, names: ['http-keep-alive'] },
    {
      options: { faults: [{ endpoint: 'Order/modify', fault: { kind: 'answer', errorCode: 5 } }] },
      names: ['move-answer'],
    },
    { options: { unknowns: { ping: 'needs-token' } }, names: ['ping'] },
    {
      options: {
        faults: [{ endpoint: 'Order/searchById', nth: 1, fault: { kind: 'status', status: 404 } }],
      },
      names: ['order-unknown'],
    },
    {
      options: {
        faults: [{ hub: 'user', event: 'GatewayUserOrder', fault: { kind: 'event-duplicate' } }],
      },
      names: ['place-events', 'cancel-events'],
    },
    { options: { hubKeepAliveMs: 300 }, names: ['hub-pings'] },
  ];

  it.each(differences)(
    'finds $options: $names differ',
    async ({ options, names, history = false }) => {
      await start({ ...(history && { priceStepMs: 10 }), ...options });
      if (history) await live(await gatewayClient(gateway));
      const report = await run({ only: names });
      expect(different(report)).toEqual(names);
      expect(exitCodeOf(report)).toBe(1);
      expect(working()).toBe(0);
    },
    60_000,
  );
});

describe('whatever becomes of a run, its order does not stay', () => {
  const only = ['place-answer'];
  const cleans = async (options: Partial<ConformanceOptions> = {}): Promise<ConformanceReport> => {
    const report = await run({ only, ...options });
    expect(working()).toBe(0);
    expect(report.left).toBeUndefined();
    return report;
  };

  it.each([
    ['reset behind the place', { kind: 'reset', at: 'after-accepting' }],
    ['answered 500 though it was taken', { kind: 'status', status: 500, at: 'after-accepting' }],
    ['answered by nothing', { kind: 'body', form: 'empty' }],
    ['taken a while after its connection was reset', { kind: 'delay', byMs: 400, answer: 'reset' }],
  ] as const)(
    '%s',
    async (_name, fault) => {
      await start({ faults: [{ endpoint: 'Order/place', nth: 1, fault }] });
      await cleans();
      expect(
        gateway
          .truth()
          .orders.filter(({ customTag }) => customTag?.startsWith('conform-') === true),
      ).toHaveLength(1);
    },
    30_000,
  );

  it('when the cancel of the run fails, and the first looks as well', async () => {
    await start({
      faults: [
        { endpoint: 'Order/cancel', count: 2, fault: { kind: 'status', status: 503 } },
        { endpoint: 'Order/searchOpen', count: 1, fault: { kind: 'reset', at: 'after-reading' } },
      ],
    });
    expect(await cleans()).toMatchObject({ stopped: undefined });
  }, 30_000);

  it('when a person stops it while the order rests, and while its answer is awaited', async () => {
    await start();
    for (const at of ['resting', 'placing'] as const) {
      const stopping = new AbortController();
      if (at === 'placing')
        gateway.faults.add({
          endpoint: 'Order/place',
          nth: 1,
          fault: { kind: 'stall', at: 'after-accepting', forMs: 400 },
        });
      const running = cleans({ signal: stopping.signal, settleMs: 500 });
      await expect.poll(working, { timeout: 10_000, interval: 2 }).toBe(1);
      stopping.abort(new RunEnded('stopped by a person'));
      expect(await running).toMatchObject({ stopped: 'stopped by a person' });
    }
  }, 30_000);

  it('when the gateway says 429: the run ends, and says with what words', async () => {
    await start({
      rateLimit: {
        everythingElse: { requests: 10, windowMs: 1_000 },
        bars: 'off',
        retryAfter: 'seconds',
      },
    });
    const report = await cleans({ only: undefined });
    expect(report).toMatchObject({
      stopped: 'the gateway said that requests come too often (429)',
      throttled: expect.stringContaining('Retry-After') as unknown,
    });
    expect(exitCodeOf(report)).toBe(2);
  }, 30_000);

  it('when it is stopped with legs that wait for their entry', async () => {
    await start();
    const stopping = new AbortController();
    const running = cleans({ only: ['bracket-legs'], signal: stopping.signal, settleMs: 300 });
    await expect
      .poll(() => gateway.truth().orders.filter(({ status }) => status === 8).length, {
        timeout: 10_000,
        interval: 2,
      })
      .toBe(2);
    stopping.abort(new RunEnded('stopped by a person'));
    expect(await running).toMatchObject({ stopped: 'stopped by a person' });
  });

  it('when its time is up', async () => {
    await start();
    expect(await cleans({ settleMs: 1_200, timeLimitMs: 1_500 })).toMatchObject({
      stopped: 'its time is up',
    });
    expect(gateway.truth().orders.length).toBeGreaterThan(0);
  }, 30_000);

  it('and where it can not be cancelled, the run says so and with which tags', async () => {
    await start({
      faults: [{ endpoint: 'Order/cancel', fault: { kind: 'answer', errorCode: 3 } }],
    });
    const report = await run({ only, settleMs: 20 });
    expect(working()).toBe(1);
    expect(gateway.truth().orders[0]?.customTag).toContain(report.left);
    expect(exitCodeOf(report)).toBe(2);
  }, 30_000);
});

it('asks no more than it may', async () => {
  await start();
  const report = await run({ mostRequests: 30 });
  expect(report).toMatchObject({ stopped: '30 requests are used up' });
  expect(report.requests).toBeLessThanOrEqual(32);
});

it('says why it could not run', async () => {
  await start();
  const target = {
    url: new URL(gateway.url),
    rtcUrl: new URL(gateway.url),
    userName: 'demo',
    apiKey: 'demo-key',
    account: 'PRAC-V2-1001',
  };
  await expect(run({ target: { ...target, apiKey: 'wrong' } })).rejects.toThrow(
    'the login was refused: 200, code 3',
  );
  await expect(run({ target: { ...target, account: 'NONE' } })).rejects.toThrow(
    'this login has no account of that name or id; it has 3',
  );
  await expect(run({ symbol: 'NOPE' })).rejects.toThrow('no contract of "NOPE" is listed');
  await expect(run({ target: { ...target, url: new URL('http://127.0.0.1:1') } })).rejects.toThrow(
    'could not be reached',
  );
});
