import type { Broker, MarketEvidence } from '@hotpath/core';
import type { FaultRule } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatedWorld } from '../src/world/simulated-world.ts';
import { simulatedWorld } from '../src/world/simulated-world.ts';

let world: SimulatedWorld;
let broker: Broker<'fast' | 'fallback'>;
beforeEach(async () => {
  world = await simulatedWorld({ rateLimit: { everythingElse: 'off' } });
  // Of another firm, by its name and an address of one's own: nothing is Topstep's but what is the default.
  broker = await world.connect({}, { firm: 'projectx-demo' });
});
afterEach(() => world.close());

const prices = async (steps: number): Promise<void> => {
  for (let step = 0; step < steps; step += 1) {
    world.gateway.stepPrices();
    await world.pass(100, 100);
  }
};
const bars = { symbol: 'MNQ', unit: 'second' } as const;

describe('a subscription while the hub fails', () => {
  it.each<[string, (strike: (rule: FaultRule) => void) => void]>([
    ['is cut', () => world.gateway.dropHubs('market')],
    [
      'is cut and away for a while',
      (strike) => {
        strike({ endpoint: 'hubs/market', count: 5, fault: { kind: 'status', status: 503 } });
        world.gateway.dropHubs('market');
      },
    ],
    ['falls silent', (strike) => strike({ hub: 'market', count: 1, fault: { kind: 'hub-mute' } })],
  ])(
    'tells that it is not live when it %s, and is whole and live again after',
    async (_name, fail) => {
      const seen: MarketEvidence['of'][] = [];
      const market = await world.during(
        broker.subscribe(
          { symbol: 'MNQ', channels: ['quotes', 'trades', 'depth'] },
          ({ of }) => void seen.push(of),
        ),
      );
      await world.until(() => market.isLive, 10_000);
      await prices(10);
      expect(market).toMatchObject({
        isLive: true,
        dropped: 0,
        quote: { bid: expect.any(Number), ask: expect.any(Number), last: expect.any(Number) },
      });
      seen.length = 0;
      fail((rule) => void world.gateway.faults.add(rule));
      // By what the author is told: on a busy machine all is live again before the next look at `isLive`.
      await world.until(async () => (await prices(1), seen.includes('gap')), 120_000, 100);
      await world.until(() => market.isLive, 120_000, 100);
      seen.length = 0;
      await prices(20);
      expect(seen).toEqual(expect.arrayContaining(['quote', 'market-trade', 'depth']));
      // What is shown is what the venue trades at.
      const { ask } = market.quote ?? {};
      await world.during(broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }));
      expect(world.gateway.truth().orders.at(-1)?.filledPrice).toBe(ask);
      expect(market.depth?.asks[0]?.price).toBeGreaterThan(
        market.depth?.bids[0]?.price ?? Infinity,
      );
    },
  );
});

describe('bars while the venue fails', () => {
  it.each<[string, FaultRule['fault'], string]>([
    ['a 503', { kind: 'status', status: 503 }, 'UNREACHABLE'],
    ['a 429', { kind: 'status', status: 429 }, 'THROTTLED'],
    ['a reset in the midst of an answer', { kind: 'reset', at: 'mid-answer' }, 'UNREACHABLE'],
    ['a truncated answer', { kind: 'body', form: 'truncated' }, 'UNREADABLE'],
    ['no list', { kind: 'body', form: 'missing-payload' }, 'UNREADABLE'],
  ])(
    '%s on the second page is an error and no shorter list, and the next call has them all',
    async (_name, fault, code) => {
      const to = world.clock.now();
      const span = { ...bars, from: to - 8 * 3_600_000, to };
      world.gateway.faults.add({ endpoint: 'History/retrieveBars', nth: 2, fault });
      await expect(world.during(broker.getBars(span))).rejects.toMatchObject({ code });
      await world.pass(61_000, 1_000);
      const oldestFirst = await world.during(broker.getBars(span));
      const newestFirst = await world.during(broker.getBars({ ...span, order: 'newest-first' }));
      expect(oldestFirst.length).toBeGreaterThan(20_000);
      expect(newestFirst).toEqual([...oldestFirst].toReversed());
      expect(
        oldestFirst.every(
          ({ at }, index) => index === 0 || at === (oldestFirst[index - 1]?.at ?? 0) + 1000,
        ),
      ).toBe(true);
    },
  );
});

it.each<[FaultRule['fault'], string]>([
  [{ kind: 'status', status: 500 }, 'UNREACHABLE'],
  [{ kind: 'body', form: 'missing-payload' }, 'UNREADABLE'],
])('a contract search that fails is an error, and no empty list', async (fault, code) => {
  world.gateway.faults.add({ endpoint: 'Contract/search', nth: 1, fault });
  await expect(world.during(broker.searchContracts('MNQ'))).rejects.toMatchObject({ code });
  expect((await world.during(broker.searchContracts('MNQ'))).map(({ root }) => root)).toContain(
    'MNQ',
  );
});
