import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx, topstepxLogin } from '@hotpath/adapter-topstepx';
import type { Broker } from '@hotpath/core';
import { createBroker, createRegistry, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLossyProxy } from './lossy-proxy.ts';

let gateway: Gateway;
const open: Broker[] = [];
const order = { symbol: 'MNQ', quantity: 1 } as const;
/** The simulator's first prices of MNQ: bid 24,000, ask 24,000.25. */
const bid = 24_000;

beforeEach(async () => {
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
});
afterEach(async () => {
  for (const broker of open.splice(0)) await broker.close();
  await gateway.close();
});

async function connect(
  adapter = topstepx({
    userName: 'demo',
    apiKey: 'demo-key',
    account: 'PRAC-V2-1001',
    baseUrl: gateway.url,
  }),
): Promise<Broker> {
  const broker = await createBroker({
    adapter,
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: { version: 1, salt: 'test', default: { fast: 50, fallback: 50 } },
    journal: memoryJournal(),
  });
  open.push(broker);
  return broker;
}

describe('every order type, at the venue', () => {
  it.each([
    [
      'limit',
      { ...order, type: 'limit', side: 'buy', limitPrice: bid - 100 },
      { type: 1, side: 0, limitPrice: bid - 100, status: 1 },
    ],
    [
      'stop',
      { ...order, type: 'stop', side: 'buy', stopPrice: bid + 100 },
      { type: 4, side: 0, stopPrice: bid + 100, status: 1 },
    ],
    [
      'trailing stop',
      { ...order, type: 'trailing-stop', side: 'sell', trailPrice: bid - 10 },
      { type: 5, side: 1, status: 1 },
    ],
    [
      'join bid',
      { ...order, type: 'join-bid', side: 'buy' },
      { type: 6, side: 0, limitPrice: bid, status: 1 },
    ],
    [
      'join ask',
      { ...order, type: 'join-ask', side: 'sell' },
      { type: 7, side: 1, limitPrice: bid + 0.25, status: 1 },
    ],
    [
      'market',
      { ...order, type: 'market', side: 'sell' },
      { type: 2, side: 1, filledPrice: bid, status: 2 },
    ],
  ] as const)('%s', async (_name, request, row) => {
    const broker = await connect();
    expect(await broker.placeOrder(request)).toMatchObject({ kind: 'accepted' });
    expect(gateway.truth().orders).toEqual([expect.objectContaining(row)]);
  });

  it('a trail in ticks says that it lacks the last price', async () => {
    const broker = await connect();
    expect(
      await broker.placeTrailingStopOrder({ ...order, side: 'sell', trailTicks: 40 }),
    ).toMatchObject({ kind: 'not-sent', code: 'NO_LAST_PRICE' });
    expect(gateway.truth().orders).toEqual([]);
  });

  it('a bracket on an account in Position Brackets mode is refused with what to switch', async () => {
    const broker = await connect();
    const outcome = await broker.placeMarketOrder({
      ...order,
      side: 'buy',
      bracket: { stopLossTicks: 40, takeProfitTicks: 60 },
    });
    expect(outcome).toMatchObject({
      kind: 'rejected',
      code: 'ORDER_REJECTED',
      hint: expect.stringMatching(/Auto OCO Brackets/),
    });
    expect(JSON.parse(gateway.truth().orders[0]?.requests[0]?.body ?? '{}')).toMatchObject({
      stopLossBracket: { ticks: -40, type: 4 },
      takeProfitBracket: { ticks: 60, type: 1 },
    });
  });

  it('a bracket on an account in Auto OCO mode protects the fill: signed by the side of the entry', async () => {
    await using autoOco = await startGateway({
      priceStepMs: 0,
      bracketActivationMs: 0,
      accounts: [{ id: 7, name: 'AUTO-OCO', bracketMode: 'auto-oco' }],
    });
    const broker = await connect(
      topstepx({ userName: 'demo', apiKey: 'demo-key', account: 'AUTO-OCO', baseUrl: autoOco.url }),
    );
    const entry = await broker.placeMarketOrder({
      ...order,
      side: 'sell',
      bracket: { stopLossTicks: 40, takeProfitTicks: 60 },
      clientOrderId: 'entry',
    });
    expect(entry.kind).toBe('accepted');
    await expect
      .poll(async () =>
        (await broker.getOpenOrders()).map(
          ({ clientOrderId, stopPrice, limitPrice, parentOrderId }) => [
            clientOrderId,
            stopPrice ?? limitPrice,
            parentOrderId,
          ],
        ),
      )
      .toEqual([
        ['entry-SL', bid + 10, entry.kind === 'accepted' && entry.orderId],
        ['entry-TP', bid - 15, entry.kind === 'accepted' && entry.orderId],
      ]);
    await broker.close();
  });

  it('by root, by contract name and by contract id', async () => {
    const broker = await connect();
    const front = await broker.getContract('MNQ');
    for (const symbol of ['MNQ', front?.name ?? '', front?.id ?? ''])
      expect((await broker.placeMarketOrder({ symbol, side: 'buy', quantity: 1 })).kind).toBe(
        'accepted',
      );
    expect(new Set(gateway.truth().orders.map(({ contractId }) => contractId))).toEqual(
      new Set([front?.id]),
    );
  });
});

describe('getting out', () => {
  it('closes a position and says so', async () => {
    const broker = await connect();
    await broker.placeMarketOrder({ ...order, side: 'buy', quantity: 3 });
    expect(await broker.reducePosition({ symbol: 'MNQ', quantity: 1 })).toMatchObject({
      kind: 'accepted',
      became: 'reduced',
      remainingQuantity: 2,
    });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'accepted',
      became: 'flat',
      remainingQuantity: 0,
    });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'accepted',
      became: 'already-flat',
      deliveries: 0,
    });
    expect(await broker.getPositions()).toEqual([]);
  });

  it('finds a close whose answer was lost by its position, and a reduce not', async () => {
    const proxy = await startLossyProxy(gateway);
    const broker = await connect(
      topstepx({
        userName: 'demo',
        apiKey: 'demo-key',
        account: 'PRAC-V2-1001',
        baseUrl: proxy.url,
      }),
    );
    await broker.placeMarketOrder({ ...order, side: 'sell', quantity: 3 });
    proxy.lose({ when: '/api/Position/partialCloseContract', lose: 'answer' });
    expect(await broker.reducePosition({ symbol: 'MNQ', quantity: 1 })).toMatchObject({
      kind: 'unknown',
    });
    proxy.lose({ when: '/api/Position/closeContract', lose: 'answer' });
    expect(await broker.closePosition({ symbol: 'MNQ' })).toMatchObject({
      kind: 'accepted',
      became: 'flat',
    });
    expect([
      proxy.count('/api/Position/partialCloseContract'),
      proxy.count('/api/Position/closeContract'),
    ]).toEqual([1, 1]);
    await broker.close();
    await proxy.close();
  });

  it("cancels this bot's orders and leaves another's, unless told otherwise", async () => {
    const [mine, other] = [await connect(), await connect()];
    await mine.placeLimitOrder({ ...order, side: 'buy', limitPrice: bid - 100 });
    await mine.placeLimitOrder({ ...order, side: 'buy', limitPrice: bid - 101 });
    await other.placeLimitOrder({ ...order, side: 'buy', limitPrice: bid - 102 });
    expect(await mine.cancelAllOrders()).toMatchObject({
      complete: true,
      orders: [{ kind: 'accepted' }, { kind: 'accepted' }],
    });
    expect(await mine.getOpenOrders()).toHaveLength(1);
    expect(await mine.cancelAllOrders({ foreign: true })).toMatchObject({ complete: true });
    expect(await mine.getOpenOrders()).toEqual([]);
  });
});

describe('several accounts on one login', () => {
  it('share token and budget, and trade each their own account', async () => {
    const proxy = await startLossyProxy(gateway);
    const login = topstepxLogin({ userName: 'demo', apiKey: 'demo-key' });
    const accounts = ['PRAC-V2-1001', '50KTC-V2-1002'];
    const brokers = [];
    for (const account of accounts)
      brokers.push(await connect(topstepx({ login, account, baseUrl: proxy.url })));
    for (const broker of brokers)
      expect((await broker.placeMarketOrder({ ...order, side: 'buy' })).kind).toBe('accepted');
    expect(gateway.truth().orders.map(({ accountId }) => accountId)).toEqual([700_001, 700_002]);
    expect(proxy.count('/api/Auth/loginKey')).toBe(1);
    const [first, second] = brokers.map((broker) => broker.metrics().budget?.used);
    expect(first).toBe(second);
    gateway.revokeTokens();
    expect(
      (
        await Promise.all(
          brokers.map((broker) => broker.placeMarketOrder({ ...order, side: 'buy' })),
        )
      ).map(({ kind }) => kind),
    ).toEqual(['accepted', 'accepted']);
    expect(proxy.count('/api/Auth/loginKey')).toBe(2);
    for (const broker of open.splice(0)) await broker.close();
    await proxy.close();
  });

  it('refuses a login beside credentials, and a login that is none', () => {
    expect(() =>
      topstepx({
        login: topstepxLogin({ userName: 'a', apiKey: 'b' }),
        userName: 'a',
        account: 'x',
      }),
    ).toThrowError(/login: stands in place of userName and apiKey/);
    expect(() => topstepx({ login: {} as never, account: 'x' })).toThrowError(
      /login: must come from topstepxLogin/,
    );
    expect(() => topstepx({ acount: 'x' } as never)).toThrowError(
      /acount: is no field here; did you mean "account"\?.*account: must be the name or the id|account: must be.*acount: is no field here/s,
    );
  });
});

describe('by config alone', () => {
  it('trades with the plugins and the table that files name, the credentials from the environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hotpath-by-config-'));
    const config = {
      version: 1,
      adapter: { use: 'topstepx', options: { account: 'PRAC-V2-1001', baseUrl: gateway.url } },
      executors: {
        fast: { use: 'fast', required: true, options: { connections: 4 } },
        fallback: { use: '@hotpath/executor-fallback' },
      },
      routing: './routing.json',
      journal: { file: './orders.journal' },
    };
    writeFileSync(join(folder, 'hotpath.config.json'), JSON.stringify(config));
    writeFileSync(
      join(folder, 'routing.json'),
      JSON.stringify({ version: 1, salt: 's', default: { fast: 0, fallback: 100 } }),
    );
    const registry = createRegistry().use(topstepx).use(fastExecutor).use(fallbackExecutor);
    const file = join(folder, 'hotpath.config.json');
    try {
      await expect(createBroker({ registry, config: file })).rejects.toMatchObject({
        code: 'CREDENTIALS_MISSING',
      });
      process.env['TOPSTEPX_USERNAME'] = 'demo';
      process.env['TOPSTEPX_API_KEY'] = 'demo-key';
      writeFileSync(
        file,
        JSON.stringify({
          ...config,
          executors: { ...config.executors, fallback: { use: 'fallback' } },
        }),
      );
      await using broker = await createBroker({ registry, config: file });
      expect(await broker.placeMarketOrder({ ...order, side: 'buy' })).toMatchObject({
        kind: 'accepted',
        executor: 'fallback',
      });
    } finally {
      delete process.env['TOPSTEPX_USERNAME'];
      delete process.env['TOPSTEPX_API_KEY'];
      rmSync(folder, { recursive: true });
    }
  });
});
