import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway, GatewayOptions } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import type { BacktestKitHostOptions } from '@hotpath/host-backtest-kit';
import { createBacktestKitBroker } from '@hotpath/host-backtest-kit';
import type {
  BrokerActivePingPayload,
  BrokerAverageBuyPayload,
  BrokerOrderCheckPayload,
  BrokerOrderClosePayload,
  BrokerOrderOpenPayload,
  BrokerPartialProfitPayload,
  IBroker,
} from 'backtest-kit';
import { OrderRejectedError, OrderTransientError } from 'backtest-kit';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
let gateway: Gateway;
let broker: Broker;
let hooks: Partial<IBroker>;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'backtest-kit-hooks-'))));
afterEach(async () => {
  await broker.close();
  await gateway.close();
  rmSync(folder, { recursive: true });
});

/** A venue whose price moves when it is told to. */
async function start(
  prices: readonly number[],
  venue: Partial<GatewayOptions> = {},
  host: Partial<BacktestKitHostOptions> = {},
  options: Partial<BrokerOptions<string>> = {},
): Promise<void> {
  const csv = `bid,ask,last,size\n${prices.map((price) => `${price},${price + 0.25},${price},5`).join('\n')}\n`;
  gateway = await startGateway({
    priceStepMs: 0,
    rateLimit: { everythingElse: 'off' },
    replay: { MNQ: { kind: 'ticks', csv } },
    ...venue,
  });
  broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
    }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: { version: 1, salt: 'kit', default: { fast: 50, fallback: 50 } },
    journal: memoryJournal(),
    ...options,
  });
  hooks = createBacktestKitBroker({
    broker,
    contracts: ({ cost }) => cost / 100,
    file: join(folder, 'signals.jsonl'),
    onEvent: () => undefined,
    ...host,
  });
}
const pnl = {} as BrokerOrderOpenPayload['pnl'];
const open = (
  strategyName: string,
  fields: Partial<BrokerOrderOpenPayload> = {},
): BrokerOrderOpenPayload => ({
  type: 'active',
  symbol: 'MNQ',
  signalId: `of ${strategyName}`,
  cost: 200,
  position: 'long',
  priceOpen: 24_000,
  priceTakeProfit: 24_100,
  priceStopLoss: 23_900,
  pnl,
  peakProfit: pnl,
  maxDrawdown: pnl,
  attempt: 0,
  context: { strategyName, exchangeName: 'topstepx' },
  when: new Date(0),
  backtest: false,
  ...fields,
});
const later = { currentPrice: 24_000, totalEntries: 1, totalPartials: 0 };
const closing = (payload: BrokerOrderOpenPayload): BrokerOrderClosePayload => ({
  ...payload,
  ...later,
});
const check = (payload: BrokerOrderOpenPayload): BrokerOrderCheckPayload => ({
  ...payload,
  ...later,
});
/** A long is type 1. */
const net = (): number[] =>
  (gateway.truth().positions as readonly { readonly type: number; readonly size: number }[]).map(
    ({ type, size }) => (type === 1 ? size : -size),
  );

it('a close takes off its own contracts, and leaves those that a resting entry of another strategy got meanwhile', async () => {
  await start([24_000, 24_050]);
  const held = open('holds');
  const rests = open('rests', {
    type: 'schedule',
    position: 'short',
    priceOpen: 24_040,
    priceTakeProfit: 23_900,
    priceStopLoss: 24_100,
    cost: 100,
  });
  await hooks.onOrderOpenCommit?.(held);
  await hooks.onOrderOpenCommit?.(rests);
  expect(net()).toEqual([2]);
  gateway.stepPrices();
  await expect.poll(net).toEqual([1]);
  await hooks.onOrderCloseCommit?.(closing(held));
  expect(net()).toEqual([-1]);
});

const withBrackets: Partial<GatewayOptions> = {
  accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }],
};
const part = (
  payload: BrokerOrderOpenPayload,
  percentToClose: number,
): BrokerPartialProfitPayload => ({ ...payload, ...later, percentToClose });
const ping = (payload: BrokerOrderOpenPayload): BrokerActivePingPayload => ({
  ...payload,
  ...later,
});
/** How much the working stops and targets protect. */
const protects = (): Record<string, number> => {
  const total: Record<string, number> = {};
  for (const { type, size, status } of gateway.truth().orders)
    if (status === 1)
      total[type === 1 ? 'target' : 'stop'] = (total[type === 1 ? 'target' : 'stop'] ?? 0) + size;
  return total;
};

it('a part whose answer is lost is taken off once, and its stop and target with it', async () => {
  await start([24_000], withBrackets, { brackets: 'native' });
  const held = open('holds');
  await hooks.onOrderOpenCommit?.(held);
  await hooks.onOrderActiveCheck?.(check(held));
  await expect.poll(protects).toEqual({ stop: 2, target: 2 });
  gateway.faults.add({
    endpoint: 'Order/place',
    nth: 1,
    fault: { kind: 'reset', at: 'after-accepting' },
  });
  await hooks.onPartialProfitCommit?.(part(held, 50));
  expect([net(), protects()]).toEqual([[1], { stop: 1, target: 1 }]);
});

it('a part that never shows leaves the whole position protected again, and the rest alone once it turns up', async () => {
  await start(
    [24_000],
    withBrackets,
    { brackets: 'native' },
    { settleMs: 300, outcomeWithinMs: 500, answerTimeoutMs: 400 },
  );
  const held = open('holds');
  await hooks.onOrderOpenCommit?.(held);
  await hooks.onOrderActiveCheck?.(check(held));
  await expect.poll(protects).toEqual({ stop: 2, target: 2 });
  gateway.faults.add({
    endpoint: 'Order/place',
    nth: 1,
    fault: { kind: 'stall', at: 'before-accepting', forMs: 4000 },
  });
  await expect(hooks.onPartialProfitCommit?.(part(held, 50))).rejects.toBeInstanceOf(
    OrderTransientError,
  );
  await hooks.onOrderActiveCheck?.(check(held));
  await hooks.onSignalActivePing?.(ping(held));
  expect([net(), protects()]).toEqual([[2], { stop: 2, target: 2 }]);
  await expect.poll(net, { timeout: 10_000 }).toEqual([1]);
  // The engine's later looks: the first may come before the venue's news has.
  await expect
    .poll(
      async () => (
        await hooks.onOrderActiveCheck?.(check(held)),
        await hooks.onSignalActivePing?.(ping(held)),
        protects()
      ),
    )
    .toEqual({ stop: 1, target: 1 });
  expect(net()).toEqual([1]);
}, 30_000);

it('nothing is added to a position that its target has closed at the venue', async () => {
  await start([24_000, 24_000, 24_150], withBrackets, { brackets: 'native' });
  const held = open('holds');
  await hooks.onOrderOpenCommit?.(held);
  await hooks.onOrderActiveCheck?.(check(held));
  for (let step = 0; step < 2; step += 1) gateway.stepPrices();
  await expect.poll(net).toEqual([]);
  const more: BrokerAverageBuyPayload = { ...held, ...later };
  await expect(hooks.onAverageBuyCommit?.(more)).rejects.toBeInstanceOf(OrderRejectedError);
  expect(net()).toEqual([]);
});

it('a position that somebody closed at the venue leaves no stop and target behind', async () => {
  await start([24_000], withBrackets, { brackets: 'native' });
  const held = open('holds');
  await hooks.onOrderOpenCommit?.(held);
  await expect.poll(protects).toEqual({ stop: 2, target: 2 });
  const post = async (
    path: string,
    body: object,
    token = '',
  ): Promise<{ readonly token?: string }> => {
    const response = await fetch(`${gateway.url}/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { readonly token?: string };
  };
  const { token } = await post('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' });
  await post(
    'Position/closeContract',
    { accountId: 700_001, contractId: 'CON.F.US.MNQ.Z26' },
    token,
  );
  await expect.poll(net).toEqual([]);
  await expect
    .poll(() =>
      hooks.onOrderActiveCheck?.(check(held)).then(
        () => 'held',
        (error: unknown) => (error instanceof Error ? error.name : ''),
      ),
    )
    .toBe('OrderDeletedError');
  expect(protects()).toEqual({});
});

it('an entry that was given up and fills after all is closed beside another strategy, with its stop and target', async () => {
  await start(
    [24_000],
    withBrackets,
    { brackets: 'native' },
    { settleMs: 300, outcomeWithinMs: 500, answerTimeoutMs: 400 },
  );
  await hooks.onOrderOpenCommit?.(open('holds'));
  await expect.poll(protects).toEqual({ stop: 2, target: 2 });
  gateway.faults.add({
    endpoint: 'Order/place',
    nth: 1,
    fault: { kind: 'stall', at: 'before-accepting', forMs: 4000 },
  });
  await expect(hooks.onOrderOpenCommit?.(open('gives up', { cost: 100 }))).rejects.toBeInstanceOf(
    OrderTransientError,
  );
  await expect(
    hooks.onOrderOpenCommit?.(open('gives up', { cost: 100, attempt: 5 })),
  ).rejects.toBeInstanceOf(OrderRejectedError);
  const ours = () =>
    gateway.truth().orders.filter(({ size, status }) => size === 1 && status === 2).length;
  await expect.poll(ours, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => [net(), protects()]).toEqual([[2], { stop: 2, target: 2 }]);
}, 30_000);
