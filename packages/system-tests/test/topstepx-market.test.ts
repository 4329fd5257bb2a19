import type {
  Contract,
  MarketChannel,
  MarketEvidence,
  OrderRequest,
  ValidatedOrder,
} from '@hotpath/core';
import { toClientOrderId } from '@hotpath/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectedAdapter, Trial } from './topstepx-trial.ts';
import { mnq, startTrial } from './topstepx-trial.ts';

let trial: Trial;
let connected: ConnectedAdapter;
beforeEach(async () => {
  trial = await startTrial();
  connected = await trial.connect();
});
afterEach(() => trial.stop());

function contractOf(symbol: string): Contract {
  const contract = connected.adapter.contract(symbol);
  if (!contract) throw new Error(`there is no ${symbol}`);
  return contract;
}

async function watch(channels: readonly MarketChannel[], symbol: string = mnq) {
  const seen: MarketEvidence[] = [];
  const stop =
    connected.adapter.watchMarket?.(contractOf(symbol), channels, (item) => void seen.push(item)) ??
    (() => {});
  await trial.until(() => seen.some(({ of }) => of === 'live'));
  return { seen, stop };
}
const step = async (times: number): Promise<void> => {
  for (let done = 0; done < times; done += 1) {
    trial.gateway.stepPrices();
    await trial.pass(100, 100);
  }
};
const place = (request: OrderRequest): ValidatedOrder =>
  ({
    operation: 'place',
    clientOrderId: toClientOrderId('trail-1'),
    contract: contractOf(mnq),
    request,
  }) as Omit<ValidatedOrder, '__brand'> as ValidatedOrder;
const kinds = (seen: readonly MarketEvidence[]): string[] => seen.map(({ of }) => of);
const last = (seen: readonly MarketEvidence[], of: MarketEvidence['of']) =>
  seen.findLast((item) => item.of === of);

describe('quotes', () => {
  it('are whole after every sparse update, and equal what the venue has', async () => {
    const { seen } = await watch(['quotes']);
    await step(40);
    const quotes = seen.filter((item) => item.of === 'quote');
    expect(quotes.length).toBeGreaterThan(20);
    for (const { quote } of quotes) {
      expect(quote).toMatchObject({
        contractId: mnq,
        bid: expect.any(Number),
        ask: expect.any(Number),
        last: expect.any(Number),
        at: expect.any(Number),
      });
      expect(quote.ask).toBeGreaterThan(quote.bid ?? Infinity);
    }
    // The venue fills a market order at the quote that was shown last.
    const shown = quotes.at(-1)?.quote;
    await trial.place({ side: 0 });
    expect(trial.gateway.truth().orders.at(-1)?.filledPrice).toBe(shown?.ask);
  });
});

describe('trades and depth', () => {
  it('come one by one, and as a book with its best prices first, whatever nulls there are between', async () => {
    const { seen } = await watch(['trades', 'depth']);
    await step(20);
    expect(last(seen, 'market-trade')).toMatchObject({
      trade: {
        contractId: mnq,
        price: expect.any(Number),
        quantity: expect.any(Number),
        side: expect.stringMatching(/buy|sell/),
      },
    });
    const book = last(seen, 'depth');
    const { bids, asks } = book?.of === 'depth' ? book.depth : { bids: [], asks: [] };
    expect(bids.length).toBeGreaterThan(1);
    expect(asks.length).toBeGreaterThan(1);
    expect(bids.map(({ price }) => price)).toEqual(
      bids.map(({ price }) => price).toSorted((a, b) => b - a),
    );
    expect(asks[0]?.price).toBeGreaterThan(bids[0]?.price ?? Infinity);
    expect(connected.log.lines.filter((line) => line.includes('could not be read'))).toEqual([]);
  });
});

describe('a watch', () => {
  it('shares its subscription, tells a later one what is known, and ends alone', async () => {
    const first = await watch(['quotes']);
    await step(3);
    const second = await watch(['quotes']);
    expect(second.seen[1]).toEqual(last(first.seen, 'quote'));
    first.stop();
    const before = first.seen.length;
    await step(3);
    expect(first.seen).toHaveLength(before);
    expect(last(second.seen, 'quote')).not.toEqual(second.seen[1]);
    second.stop();
    const after = second.seen.length;
    await step(3);
    expect(second.seen).toHaveLength(after);
  });

  it('of several contracts tells each its own', async () => {
    const mnqs = await watch(['quotes']);
    const ess = await watch(['quotes', 'trades'], 'ES');
    await step(10);
    const contracts = (seen: readonly MarketEvidence[]) =>
      new Set(seen.map((item) => (item.of === 'quote' ? item.quote.contractId : mnq)));
    expect(contracts(mnqs.seen)).toEqual(new Set([mnq]));
    expect(last(ess.seen, 'quote')).toMatchObject({ quote: { contractId: contractOf('ES').id } });
  });
});

describe('a gap', () => {
  it('is told per contract and for the stream, and nothing older than it stands for the present', async () => {
    const { seen } = await watch(['quotes', 'trades', 'depth']);
    await step(5);
    trial.gateway.dropHubs('market');
    await trial.until(() => kinds(seen).filter((of) => of === 'live').length === 2);
    const gap = kinds(seen).indexOf('gap');
    expect(kinds(seen).filter((of) => of === 'gap')).toHaveLength(1);
    expect(seen[gap]).toMatchObject({
      contractId: mnq,
      at: expect.any(Number),
      because: expect.any(String),
    });
    expect(kinds(seen.slice(gap))).toEqual(['gap', 'live']);
    expect(connected.evidence).toEqual([
      { of: 'stream-live', stream: 'market', at: expect.any(Number) },
      { of: 'stream-gap', stream: 'market', at: expect.any(Number), because: expect.any(String) },
      { of: 'stream-live', stream: 'market', at: expect.any(Number) },
    ]);
    await step(1);
    expect(last(seen, 'quote')).toMatchObject({
      quote: { bid: expect.any(Number), ask: expect.any(Number) },
    });
  });

  it('is told when a hub answers and shows nothing for a while, ever less often in a market that is closed', async () => {
    const { seen } = await watch(['quotes']);
    await step(3);
    await trial.pass(2 * 60 * 60_000, 5000);
    const gaps = kinds(seen).filter((of) => of === 'gap').length;
    expect(gaps).toBeGreaterThan(2);
    expect(gaps).toBeLessThan(10);
    expect(kinds(seen).at(-1)).toBe('live');
  });
});

describe('a burst', () => {
  it('of quotes ends with the prices that the venue has', async () => {
    const { seen } = await watch(['quotes']);
    for (let price = 0; price < 3000; price += 1) trial.gateway.stepPrices();
    await trial.until(() => seen.length > 1);
    await trial.pass(1000);
    const shown = last(seen, 'quote');
    await trial.place({ side: 1 });
    expect(shown).toMatchObject({
      quote: { bid: trial.gateway.truth().orders.at(-1)?.filledPrice },
    });
    expect(kinds(seen)).not.toContain('gap');
  });
});

describe('a trail in ticks', () => {
  it('needs a last price that is fresh', async () => {
    const { adapter } = connected;
    await expect(adapter.prepare('last-price', 'MNQ')).rejects.toThrow(/subscribe to its quotes/);
    await watch(['quotes']);
    await step(3);
    const trail = (): unknown =>
      adapter.encode(
        place({ symbol: 'MNQ', type: 'trailing-stop', side: 'sell', quantity: 1, trailTicks: 40 }),
      );
    expect(trail()).toMatchObject({
      ready: true,
      request: { body: expect.stringMatching(/"type":5,.*"trailPrice":2\d{4}/) },
    });
    await trial.pass(2100, 100);
    expect(trail()).toEqual({ ready: false, missing: 'last-price' });
    await expect(adapter.prepare('last-price', 'MNQ')).rejects.toThrow(/at most 2000 ms old/);
  });
});
