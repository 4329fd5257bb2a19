import type { Broker, OwnOcoOptions, PositionSurprise } from '@hotpath/core';
import { memoryJournal } from '@hotpath/core';
import type { GatewayOptions, OrderTruth } from '@hotpath/gateway-sim';
import { afterEach, describe, expect, it } from 'vitest';
import { mortalBroker } from '../src/world/mortal-broker.ts';
import type { SimulatedWorld } from '../src/world/simulated-world.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';

let world: SimulatedWorld;
afterEach(() => world.close());

const status = { working: 1, filled: 2, cancelled: 3, rejected: 5 } as const;
const quotes = (prices: readonly number[]): string => `bid,ask,last\n${prices.map((bid) => `${bid},${bid + 0.25},${bid}`).join('\n')}\n`;
/** A world whose account refuses brackets, as most do, at these prices. */
async function start(prices: readonly number[], { gateway = {}, ownOco = { whenUnprotected: 'leave' } }: { readonly gateway?: GatewayOptions; readonly ownOco?: OwnOcoOptions } = {}): Promise<{ readonly broker: Broker<'fast' | 'fallback'>; readonly alarms: PositionSurprise[] }> {
  world = await simulatedWorld({ rateLimit: { everythingElse: 'off' }, replay: { MNQ: { kind: 'ticks', csv: quotes(prices) } }, ...gateway });
  const { broker } = await mortalBroker(world, { journal: memoryJournal(), ownOco });
  const alarms: PositionSurprise[] = [];
  broker.on('position.unprotected', (alarm) => void alarms.push(alarm));
  await world.until(async () => (await broker.getPositions({ fresh: false }), broker.executors().fast.available), 5_000);
  await world.pass(2_000, 100);
  return { broker, alarms };
}
const orders = (): readonly OrderTruth[] => world.gateway.truth().orders;
const byTag = (tag: string): OrderTruth | undefined => orders().find(({ customTag }) => customTag === tag);
const shown = (tag: string) => {
  const order = byTag(tag);
  return order && { side: order.side, size: order.size, filled: order.fillVolume, status: order.status, price: order.stopPrice ?? order.limitPrice };
};
const held = (): number => {
  const sizes = world.gateway.truth().positions.map((row) => ({ ...row }) as { readonly size: number; readonly type: number }).map(({ size, type }) => (type === 1 ? size : -size));
  return sizes.reduce((sum, size) => sum + size, 0);
};
const bracket = { stopLossTicks: 20, takeProfitTicks: 40 };

describe('own OCO on an account that refuses brackets', () => {
  it('sends the entry plain, then a stop and a target whose ids are made from the entry\'s', async () => {
    const { broker, alarms } = await start([24_000]);
    expect(await world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 2, clientOrderId: 'entry-1', bracket }))).toMatchObject({ kind: 'accepted' });
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    expect(shown('entry-1_s1')).toEqual({ side: 1, size: 2, filled: 0, status: status.working, price: 24_000.25 - 5 });
    expect(shown('entry-1_t1')).toEqual({ side: 1, size: 2, filled: 0, status: status.working, price: 24_000.25 + 10 });
    await world.pass(10_000, 100);
    expect(orders()).toHaveLength(3);
    expect(alarms).toEqual([]);
    const legs = (await broker.getOpenOrders()).filter(({ parentOrderId }) => parentOrderId !== undefined);
    expect(legs.map(({ parentOrderId, foreign }) => [parentOrderId, foreign])).toEqual([[String(byTag('entry-1')?.id), false], [String(byTag('entry-1')?.id), false]]);
  });

  it.each([
    ['target', [24_000, 24_011], 'entry-1_t1', 'entry-1_s1'],
    ['stop', [24_000, 23_990], 'entry-1_s1', 'entry-1_t1'],
  ] as const)('cancels the sibling when the %s fills', async (_name, prices, filled, sibling) => {
    const { broker } = await start(prices);
    await world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 2, clientOrderId: 'entry-1', bracket }));
    await world.until(() => byTag('entry-1_t1')?.status === status.working, 5_000);
    world.gateway.stepPrices();
    await world.until(() => byTag(sibling)?.status === status.cancelled, 5_000);
    expect(shown(filled)).toMatchObject({ filled: 2, status: status.filled });
    expect([held(), orders().length]).toEqual([0, 3]);
  });

  it('resizes the legs with every part of the entry that fills, and the sibling with every part of a leg', async () => {
    const { broker } = await start([24_000, 24_000, 24_000, 24_011, 24_011], { gateway: { largestFill: 1 } });
    await world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 3, clientOrderId: 'entry-1', bracket }));
    for (const filled of [1, 2, 3]) {
      await world.until(() => byTag('entry-1_s1')?.size === filled && byTag('entry-1_t1')?.size === filled, 5_000);
      expect(held()).toBe(filled);
      world.gateway.stepPrices();
    }
    // One of three is out by the target: the stop stands for two.
    await world.until(() => byTag('entry-1_s1')?.size === 2, 5_000);
    expect(shown('entry-1_t1')).toMatchObject({ size: 3, filled: 1, status: status.working });
    world.gateway.stepPrices();
    await world.until(() => byTag('entry-1_s1')?.size === 1, 5_000);
    world.gateway.stepPrices();
    await world.until(() => byTag('entry-1_s1')?.status === status.cancelled, 5_000);
    expect([held(), orders().length]).toEqual([0, 3]);
  });
});
