import { describe, expect, it } from 'vitest';
import type { ContractId } from '../brand.ts';
import type { MarketEvidence } from '../market-data.ts';
import { testContract } from '../testing/scripted-adapter.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered } from '../testing/scripted-executor.ts';

const contractId: ContractId = testContract({ root: 'MNQ' }).id;
const quote = (last: number): MarketEvidence => ({
  of: 'quote',
  quote: {
    contractId,
    bid: last - 1,
    ask: last + 1,
    last,
    volume: undefined,
    at: undefined,
    asOf: 0,
  },
});
const trade = (price: number): MarketEvidence => ({
  of: 'market-trade',
  trade: { contractId, price, quantity: 1, side: undefined, at: 0 },
});
const accept = () => answered({ is: 'accepted', orderId: '1' });

async function watched(listener?: (item: MarketEvidence) => void) {
  const watchers = new Set<(item: MarketEvidence) => void>();
  const { broker } = await scriptedBroker({
    fast: accept,
    adapter: {
      watchMarket: (_contract, _channels, take) => {
        watchers.add(take);
        return () => void watchers.delete(take);
      },
    },
  });
  const subscription = await broker.subscribe({ symbol: 'MNQ' }, listener);
  return {
    broker,
    subscription,
    watchers,
    bring: (item: MarketEvidence) => watchers.forEach((take) => take(item)),
  };
}

describe('a subscription', () => {
  it('shows the newest, and whether it is still true', async () => {
    const { broker, subscription, bring } = await watched();
    expect([subscription.contract.root, subscription.quote, subscription.isLive]).toEqual([
      'MNQ',
      undefined,
      false,
    ]);
    bring({ of: 'live', contractId, at: 0 });
    bring(quote(100));
    bring(quote(101));
    expect([subscription.quote?.last, subscription.isLive]).toEqual([101, true]);
    bring({ of: 'gap', contractId, at: 1, because: 'cut' });
    expect([subscription.quote?.last, subscription.isLive]).toEqual([101, false]);
    await broker.close();
  });

  it('calls its listener, which may fail', async () => {
    const heard: MarketEvidence[] = [];
    const { broker, bring } = await watched((item) => {
      heard.push(item);
      throw new Error('a mistake of the bot');
    });
    bring(quote(1));
    bring(trade(2));
    expect(heard).toHaveLength(2);
    await broker.close();
  });

  it('merges what a loop does not take in time, and counts the trades it drops', async () => {
    const { broker, subscription, bring } = await watched();
    const items = subscription[Symbol.asyncIterator]();
    const first = items.next();
    bring(quote(1));
    expect((await first).value).toEqual(quote(1));
    bring(quote(2));
    bring(quote(3));
    for (let price = 0; price < 1005; price += 1) bring(trade(price));
    expect((await items.next()).value).toEqual(quote(3));
    expect((await items.next()).value).toEqual(trade(6));
    expect(subscription.dropped).toBe(6);
    await broker.close();
  });

  it('ends its loop and its watch when it, or the broker, is closed', async () => {
    const { broker, subscription, watchers } = await watched();
    const loop = (async () => {
      const seen: MarketEvidence[] = [];
      for await (const item of subscription) seen.push(item);
      return seen;
    })();
    await broker.close();
    expect(await loop).toEqual([]);
    expect(watchers.size).toBe(0);
  });

  it('is refused with a reason', async () => {
    const { broker } = await watched();
    await expect(broker.subscribe({ symbol: 'XXX' })).rejects.toThrow(
      /symbol: "XXX" is no contract/,
    );
    await expect(
      broker.subscribe({ symbol: 'MNQ', channels: ['prices' as 'quotes'] }),
    ).rejects.toThrow(/channels: is \["prices"\]/);
    await broker.close();
    const { broker: blind } = await scriptedBroker({ fast: accept });
    await expect(blind.subscribe({ symbol: 'MNQ' })).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
    });
    await blind.close();
  });
});
