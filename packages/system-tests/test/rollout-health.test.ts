import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions, ExecutorPlugin, RoutingConfig } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultyProxy } from './faulty-proxy.ts';
import { startFaultyProxy } from './faulty-proxy.ts';

type Key = 'fast' | 'fallback';
const resting = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 20_000 } as const;

let gateway: Gateway;
let proxy: FaultyProxy;
let broker: Broker<Key> | undefined;
beforeEach(async () => {
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
  proxy = await startFaultyProxy(gateway);
});
afterEach(async () => {
  await broker?.close();
  await proxy.close();
  await gateway.close();
});

function over(url: string, plugin: ExecutorPlugin): ExecutorPlugin {
  return {
    ...plugin,
    setup: (context) =>
      plugin.setup({ ...context, endpoint: { ...context.endpoint, origin: new URL(url) } }),
  };
}

async function start(
  routing: RoutingConfig<Key>,
  fast: ExecutorPlugin,
  options: Partial<BrokerOptions<Key>> = {},
): Promise<Broker<Key>> {
  broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
      rateLimit: 'off',
    }),
    executors: { fast, fallback: fallbackExecutor() },
    routing,
    journal: memoryJournal(),
    ...options,
  });
  return broker;
}

describe('health over real sockets', () => {
  it('takes an executor out that loses answers, sends it reads and no order, and brings it back', async () => {
    const made = await start(
      { version: 1, salt: 's', default: { fast: 100, fallback: 0 } },
      over(proxy.url, fastExecutor()),
      { health: { probeAfterMs: 100 } },
    );
    const tripped = new Promise((resolve) => made.once('executor.tripped', resolve));
    const recovered = new Promise((resolve) => made.once('executor.recovered', resolve));
    proxy.loseEvery = 1;
    const lost = await Promise.all(Array.from({ length: 5 }, () => made.placeLimitOrder(resting)));
    expect(await tripped).toMatchObject({
      executor: 'fast',
      operation: 'place',
      message: expect.stringMatching(/5 deliveries in a row failed/),
    });
    expect(lost.map(({ executor }) => executor)).toEqual(lost.map(() => 'fast'));
    const before = made.executors().fast.operations.place?.count;
    for (let index = 0; index < 10; index += 1)
      expect(await made.placeLimitOrder(resting)).toMatchObject({
        kind: 'accepted',
        executor: 'fallback',
      });
    proxy.loseEvery = 0;
    expect(await recovered).toMatchObject({ executor: 'fast', operation: 'place' });
    expect(made.executors().fast).toMatchObject({
      health: { place: { is: 'closed' } },
      operations: { place: { count: before } },
    });
    expect(await made.placeLimitOrder(resting)).toMatchObject({
      kind: 'accepted',
      executor: 'fast',
    });
    const tags = gateway.truth().orders.map(({ customTag }) => customTag);
    expect([tags.length, new Set(tags).size]).toEqual([16, 16]);
  });
});

describe('shadow over real sockets', () => {
  const routing = {
    version: 1,
    salt: 's',
    default: { fast: 0, fallback: 100 },
    shadow: true,
  } as const;
  /** Shadowing happens after the order, in its own time. */
  const compared = async (made: Broker<Key>, key: Key, count: number): Promise<void> => {
    while ((made.metrics().shadow[key]?.compared ?? 0) < count)
      await new Promise((resolve) => setImmediate(resolve));
  };

  it('the fast and the fallback executor write the same bytes, for every operation and renewed tokens', async () => {
    const made = await start(routing, fastExecutor());
    const placed = await made.placeLimitOrder(resting);
    if (placed.kind !== 'accepted') throw new Error(placed.message);
    await made.modifyOrder({ orderId: placed.orderId, limitPrice: 20_000.25 });
    gateway.revokeTokens();
    await made.cancelOrder({ orderId: placed.orderId });
    await made.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 2 });
    await made.reducePosition({ symbol: 'MNQ', quantity: 1 });
    await made.closePosition({ symbol: 'MNQ' });
    await compared(made, 'fast', 7);
    expect(made.metrics().shadow.fast).toMatchObject({ compared: 7, differences: 0, failures: 0 });
    expect(made.metrics().rollout.latches).toEqual([]);
    expect(made.executors().fast.operations.place).toBeUndefined();
  });

  it('a codec that differs is found before its first order, and stays out', async () => {
    const plugin = fastExecutor();
    const differing: ExecutorPlugin = {
      ...plugin,
      async setup(context) {
        const executor = await plugin.setup(context);
        return {
          connect: () => executor.connect(),
          deliver: (request, options) => executor.deliver(request, options),
          encode: async (request) =>
            Buffer.from(
              Buffer.from((await executor.encode?.(request)) ?? [])
                .toString('latin1')
                .replace('"size":1', '"size":2'),
              'latin1',
            ),
          get state() {
            return executor.state;
          },
          close: () => executor.close(),
        };
      },
    };
    const made = await start({ ...routing, default: { fast: 50, fallback: 50 } }, differing);
    const changed = new Promise((resolve) => made.once('rollout.changed', resolve));
    await made.placeLimitOrder({ ...resting, clientOrderId: 'first' });
    expect(await changed).toMatchObject({
      executor: 'fast',
      cause: 'evidence',
      fromPercent: 50,
      toPercent: 0,
      evidence: { of: 'shadow-difference', difference: 'the body' },
    });
    for (let index = 0; index < 20; index += 1)
      expect(await made.placeLimitOrder(resting)).toMatchObject({ executor: 'fallback' });
  });
});
