import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway, GatewayOptions } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import type { BacktestKitHostOptions } from '@hotpath/host-backtest-kit';
import { createBacktestKitBroker } from '@hotpath/host-backtest-kit';
import type { BrokerAverageBuyPayload, BrokerOrderCheckPayload, BrokerOrderClosePayload, BrokerOrderOpenPayload, IBroker } from 'backtest-kit';
import { OrderRejectedError } from 'backtest-kit';
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
async function start(prices: readonly number[], venue: Partial<GatewayOptions> = {}, host: Partial<BacktestKitHostOptions> = {}): Promise<void> {
  const csv = `bid,ask,last,size\n${prices.map((price) => `${price},${price + 0.25},${price},5`).join('\n')}\n`;
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' }, replay: { MNQ: { kind: 'ticks', csv } }, ...venue });
  broker = await createBroker({
    adapter: topstepx({ userName: 'demo', apiKey: 'demo-key', account: 'PRAC-V2-1001', baseUrl: gateway.url }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: { version: 1, salt: 'kit', default: { fast: 50, fallback: 50 } },
    journal: memoryJournal(),
  });
  hooks = createBacktestKitBroker({ broker, contracts: ({ cost }) => cost / 100, file: join(folder, 'signals.jsonl'), onEvent: () => undefined, ...host });
}
const pnl = {} as BrokerOrderOpenPayload['pnl'];
const open = (strategyName: string, fields: Partial<BrokerOrderOpenPayload> = {}): BrokerOrderOpenPayload => ({
  type: 'active', symbol: 'MNQ', signalId: `of ${strategyName}`, cost: 200, position: 'long', priceOpen: 24_000, priceTakeProfit: 24_100, priceStopLoss: 23_900,
  pnl, peakProfit: pnl, maxDrawdown: pnl, attempt: 0, context: { strategyName, exchangeName: 'topstepx' }, when: new Date(0), backtest: false, ...fields,
});
const later = { currentPrice: 24_000, totalEntries: 1, totalPartials: 0 };
const closing = (payload: BrokerOrderOpenPayload): BrokerOrderClosePayload => ({ ...payload, ...later });
const check = (payload: BrokerOrderOpenPayload): BrokerOrderCheckPayload => ({ ...payload, ...later });
/** A long is type 1. */
const net = (): number[] => (gateway.truth().positions as readonly { readonly type: number; readonly size: number }[]).map(({ type, size }) => (type === 1 ? size : -size));

it('a close takes off its own contracts, and leaves those that a resting entry of another strategy got meanwhile', async () => {
  await start([24_000, 24_050]);
  const held = open('holds');
  const rests = open('rests', { type: 'schedule', position: 'short', priceOpen: 24_040, priceTakeProfit: 23_900, priceStopLoss: 24_100, cost: 100 });
  await hooks.onOrderOpenCommit?.(held);
  await hooks.onOrderOpenCommit?.(rests);
  expect(net()).toEqual([2]);
  gateway.stepPrices();
  await expect.poll(net).toEqual([1]);
  await hooks.onOrderCloseCommit?.(closing(held));
  expect(net()).toEqual([-1]);
});

it('nothing is added to a position that its target has closed at the venue', async () => {
  await start([24_000, 24_000, 24_150], { accounts: [{ id: 700_001, name: 'PRAC-V2-1001', bracketMode: 'auto-oco' }] }, { brackets: 'native' });
  const held = open('holds');
  await hooks.onOrderOpenCommit?.(held);
  await hooks.onOrderActiveCheck?.(check(held));
  for (let step = 0; step < 2; step += 1) gateway.stepPrices();
  await expect.poll(net).toEqual([]);
  const more: BrokerAverageBuyPayload = { ...held, ...later };
  await expect(hooks.onAverageBuyCommit?.(more)).rejects.toBeInstanceOf(OrderRejectedError);
  expect(net()).toEqual([]);
});
