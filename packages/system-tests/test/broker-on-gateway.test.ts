import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions } from '@hotpath/core';
import { createBroker, fileJournal, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LossyProxy } from './lossy-proxy.ts';
import { startLossyProxy } from './lossy-proxy.ts';

type Key = 'fast' | 'fallback';
let gateway: Gateway;
let proxy: LossyProxy;
const open: Broker[] = [];
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const resting = { ...market, limitPrice: 20_000 } as const;

beforeEach(async () => {
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
  proxy = await startLossyProxy(gateway);
});
afterEach(async () => {
  for (const broker of open.splice(0)) await broker.close();
  await proxy.close();
  await gateway.close();
});

async function brokerOver(
  first: Key,
  options: Partial<BrokerOptions<Key>> = {},
  account = 'PRAC-V2-1001',
): Promise<Broker<Key>> {
  const broker = await createBroker({
    adapter: topstepx({ userName: 'demo', apiKey: 'demo-key', account, baseUrl: proxy.url }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: {
      version: 1,
      salt: 'test',
      default: { fast: first === 'fast' ? 100 : 0, fallback: first === 'fast' ? 0 : 100 },
    },
    journal: memoryJournal(),
    ...options,
  });
  open.push(broker);
  return broker;
}

describe.each<Key>(['fast', 'fallback'])('a broker over the %s executor on the gateway', (key) => {
  it('places, modifies and cancels, and the venue holds just that', async () => {
    const broker = await brokerOver(key);
    const placed = await broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' });
    expect(placed).toMatchObject({
      kind: 'accepted',
      executor: key,
      deliveries: 1,
      recovered: false,
    });
    if (placed.kind !== 'accepted') throw new Error(placed.message);
    expect(
      await broker.modifyOrder({ orderId: placed.orderId, limitPrice: 20_000.25, quantity: 2 }),
    ).toMatchObject({ kind: 'accepted', executor: key });
    expect(await broker.getOrder({ clientOrderId: 'entry-1' })).toMatchObject({
      status: 'working',
      limitPrice: 20_000.25,
      quantity: 2,
      clientOrderId: 'entry-1',
    });
    expect(await broker.cancelOrder({ clientOrderId: 'entry-1' })).toMatchObject({
      kind: 'accepted',
      executor: key,
      became: 'cancelled',
      filledQuantity: 0,
      remainingQuantity: 2,
    });
    expect(gateway.truth().orders.map(({ customTag, status }) => [customTag, status])).toEqual([
      ['entry-1', 3],
    ]);
  });

  it('fills at the market, and positions, trades and account tell of it', async () => {
    const broker = await brokerOver(key);
    const placed = await broker.placeMarketOrder(market);
    if (placed.kind !== 'accepted') throw new Error(placed.message);
    expect(await broker.getOrder({ orderId: placed.orderId })).toMatchObject({
      status: 'filled',
      averagePrice: 24_000.25,
      filledQuantity: 1,
    });
    expect(await broker.getPositions()).toEqual([
      expect.objectContaining({ side: 'buy', quantity: 1, averagePrice: 24_000.25 }),
    ]);
    await broker.placeMarketOrder({ ...market, side: 'sell' });
    expect(await broker.getPositions()).toEqual([]);
    const trades = await broker.getTrades({ from: 0 });
    expect(trades.map(({ side, profitAndLoss, fees }) => [side, profitAndLoss, fees])).toEqual([
      ['sell', -0.5, 0.61],
      ['buy', undefined, 0.61],
    ]);
    expect((await broker.getAccount()).balance).toBe(50_000 - 0.5 - 2 * 0.61);
  });

  it('gives back a refusal with its text and a hint, and the venue has one refused order', async () => {
    const broker = await brokerOver(key);
    const refused = await broker.placeOrder({ ...market, type: 'stop', stopPrice: 20_000 });
    expect(refused).toMatchObject({
      kind: 'rejected',
      code: 'ORDER_REJECTED',
      venueCode: 2,
      message: 'Invalid stop price',
      hint: expect.stringMatching(/above the market/),
      deliveries: 1,
    });
    expect(gateway.truth().orders).toHaveLength(1);
  });

  it('renews a revoked token once and sends the order once more, accepted once', async () => {
    const broker = await brokerOver(key);
    gateway.revokeTokens();
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'accepted',
      deliveries: 2,
    });
    expect(gateway.truth().orders).toHaveLength(1);
    expect(proxy.count('/api/Auth/loginKey')).toBe(2);
  });

  it('finds an order whose answer was lost by its tag: accepted, recovered, and not sent again', async () => {
    const broker = await brokerOver(key);
    proxy.lose({ when: '/api/Order/place', lose: 'answer' });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'accepted',
      recovered: true,
      deliveries: 1,
      executor: key,
    });
    expect(proxy.count('/api/Order/place')).toBe(1);
    expect(gateway.truth().orders).toHaveLength(1);
  });

  it('says unknown when the request was lost: written, not found, and no proof that it never comes', async () => {
    const broker = await brokerOver(key);
    proxy.lose({ when: '/api/Order/place', lose: 'request' });
    const outcome = await broker.placeMarketOrder({ ...market, clientOrderId: 'lost' });
    expect(outcome).toMatchObject({
      kind: 'unknown',
      final: false,
      retry: 'same-id',
      deliveries: 1,
    });
    expect(proxy.count('/api/Order/place')).toBe(1);
    expect(gateway.truth().orders).toHaveLength(0);
  });

  it('finds out what became of a cancel and a modify whose answers were lost', async () => {
    const broker = await brokerOver(key);
    await broker.placeLimitOrder({ ...resting, clientOrderId: 'entry-1' });
    proxy.lose({ when: '/api/Order/modify', lose: 'answer' });
    expect(
      await broker.modifyOrder({ clientOrderId: 'entry-1', limitPrice: 20_001 }),
    ).toMatchObject({ kind: 'accepted', recovered: true });
    proxy.lose({ when: '/api/Order/cancel', lose: 'answer' });
    expect(await broker.cancelOrder({ clientOrderId: 'entry-1' })).toMatchObject({
      kind: 'accepted',
      became: 'cancelled',
    });
    expect([proxy.count('/api/Order/modify'), proxy.count('/api/Order/cancel')]).toEqual([1, 1]);
  });

  it('answers a cancel of a filled order with the fill', async () => {
    const broker = await brokerOver(key);
    const placed = await broker.placeMarketOrder({ ...market, clientOrderId: 'entry-1' });
    expect(placed.kind).toBe('accepted');
    expect(await broker.cancelOrder({ clientOrderId: 'entry-1' })).toMatchObject({
      kind: 'accepted',
      became: 'filled',
      filledQuantity: 1,
      remainingQuantity: 0,
    });
    expect(await broker.modifyOrder({ clientOrderId: 'entry-1', quantity: 2 })).toMatchObject({
      kind: 'rejected',
      code: 'ALREADY_FINAL',
    });
  });

  it('modifies and cancels an order that another process placed', async () => {
    const other = await brokerOver(key);
    const placed = await other.placeLimitOrder({ ...resting, clientOrderId: 'from-elsewhere' });
    if (placed.kind !== 'accepted') throw new Error(placed.message);
    const broker = await brokerOver(key);
    expect(
      await broker.modifyOrder({ orderId: placed.orderId, limitPrice: 20_000.3 }),
    ).toMatchObject({ kind: 'not-sent', field: 'limitPrice' });
    expect(
      await broker.modifyOrder({ clientOrderId: 'FROM-elsewhere', limitPrice: 20_000.5 }),
    ).toMatchObject({ kind: 'accepted' });
    expect(await broker.cancelOrder({ orderId: placed.orderId })).toMatchObject({
      kind: 'accepted',
      became: 'cancelled',
    });
    expect(await broker.cancelOrder({ orderId: '1,"accountId":2' })).toMatchObject({
      kind: 'not-sent',
      code: 'INVALID_ORDER',
      field: 'orderId',
    });
    expect(await broker.cancelOrder({ clientOrderId: 'nobody-knows' })).toMatchObject({
      kind: 'not-sent',
      code: 'ORDER_NOT_FOUND',
    });
  });
});

describe('at the start', () => {
  it.each([
    [
      'an account that can not trade',
      { account: 'PRAC-V2-1003-LOCKED' },
      'ACCOUNT_CANNOT_TRADE',
      /PRAC-V2-1003-LOCKED/,
    ],
    [
      'an account that is not there',
      { account: 'PRAC-V2-9999' },
      'ACCOUNT_NOT_FOUND',
      /it has PRAC-V2-1001/,
    ],
    [
      'a wrong key',
      { account: 'PRAC-V2-1001', apiKey: 'wrong-secret' },
      'LOGIN_FAILED',
      /do not belong together/,
    ],
  ])('refuses %s', async (_name, options, code, message) => {
    const adapter = topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      baseUrl: proxy.url,
      ...options,
    });
    const starting = createBroker({
      adapter,
      executors: { fast: fastExecutor() },
      routing: { version: 1, salt: 's', default: { fast: 100 } },
      journal: memoryJournal(),
    });
    await expect(starting).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(starting).rejects.not.toThrowError(/wrong-secret/);
  });

  it('takes the account by id as well as by name', async () => {
    const broker = await brokerOver('fast', {}, '700002');
    expect(await broker.getAccount()).toMatchObject({ id: '700002', name: '50KTC-V2-1002' });
  });

  it('says that nobody answers when nobody does', async () => {
    const adapter = topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'x',
      baseUrl: 'http://127.0.0.1:9',
    });
    const starting = createBroker({
      adapter,
      executors: { fast: fastExecutor() },
      routing: { version: 1, salt: 's', default: { fast: 100 } },
      journal: memoryJournal(),
    });
    await expect(starting).rejects.toMatchObject({ code: 'VENUE_UNREACHABLE' });
  });
});

describe('contracts', () => {
  it('knows a contract by root, name and id, and asks for one it lacks', async () => {
    const broker = await brokerOver('fast');
    const front = await broker.getContract('MNQ');
    expect(front).toMatchObject({ root: 'MNQ', tickSize: 0.25, active: true });
    expect(await broker.getContract(front?.name ?? '')).toEqual(front);
    expect(await broker.getContract(front?.id ?? '')).toEqual(front);
    expect(await broker.getContract('ES')).toMatchObject({
      root: 'ES',
      id: expect.stringMatching(/^CON\.F\.US\.EP\./),
    });
    expect(await broker.getContract('NOPE')).toBeUndefined();
    expect(await broker.placeMarketOrder({ ...market, symbol: 'NOPE' })).toMatchObject({
      kind: 'not-sent',
      code: 'UNKNOWN_CONTRACT',
    });
  });
});

describe('invariant 11: secrets stay in', () => {
  it('neither key nor token in log, events, outcomes or journal of a session with a refused token', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hotpath-secrets-'));
    const path = join(folder, 'orders.journal');
    const heard: unknown[] = [];
    const hear = (fields: object, message: string): void => void heard.push(message, fields);
    const broker = await brokerOver('fast', {
      journal: fileJournal(path),
      log: { debug: hear, info: hear, warn: hear, error: hear },
    });
    for (const event of ['order.sent', 'order.accepted', 'order.unknown'] as const)
      broker.on(event, (payload) => heard.push(payload));
    gateway.revokeTokens();
    heard.push(await broker.placeMarketOrder(market), broker.executors());
    proxy.lose({ when: '/api/Order/place', lose: 'request' });
    heard.push(await broker.placeMarketOrder(market));
    await broker.close();
    const text =
      inspect(heard, { depth: 20, showHidden: true, maxStringLength: null }) +
      readFileSync(path, 'utf8');
    expect(text).toContain('settledMs');
    expect(text).not.toMatch(/demo-key|eyJ[A-Za-z0-9_-]+\.|Bearer/);
    rmSync(folder, { recursive: true });
  });
});
