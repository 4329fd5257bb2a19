import type { ContractId, MarketChannel, MarketEvidence } from '@hotpath/core';
import { describe, expect, it } from 'vitest';
import { ContractMarket } from './contract-market.ts';

const contractId = 'CON.F.US.MNQ.Z26' as ContractId;

function market(...channels: MarketChannel[]) {
  const problems: string[] = [];
  const errors: unknown[] = [];
  const seen: MarketEvidence[] = [];
  const made = new ContractMarket({
    contractId,
    unreadable: (problem) => void problems.push(problem),
    threw: (error) => void errors.push(error),
  });
  made.watchers.add({
    channels: new Set(channels),
    listener: (item) => void seen.push(item),
    isLive: true,
  });
  let count = 0;
  const waiting = (target: string, payload: unknown) => ({
    event: {
      target,
      record: JSON.stringify({ type: 1, target, arguments: [contractId, payload] }),
    },
    asOf: (count += 1),
    monotonic: count,
  });
  const drain = (): void => {
    while (made.step());
  };
  return { made, problems, errors, seen, waiting, drain };
}
const trade = (price: number) => [
  { price, volume: 1, type: 0, timestamp: '2026-09-21T14:00:00Z' },
  null,
];

describe('ContractMarket', () => {
  it('reads nothing until its turn, and tells thousands of quotes as one snapshot in which each had its word', () => {
    const { made, seen, waiting, drain } = market('quotes');
    made.addQuote(waiting('GatewayQuote', { bestAsk: 7, volume: 70 }));
    for (let bestBid = 1; bestBid <= 3000; bestBid += 1)
      made.addQuote(waiting('GatewayQuote', { bestBid }));
    expect(seen).toEqual([]);
    drain();
    expect(seen).toEqual([
      {
        of: 'quote',
        quote: {
          contractId,
          bid: 3000,
          ask: 7,
          last: undefined,
          volume: 70,
          at: undefined,
          asOf: 3001,
        },
      },
    ]);
  });

  it('drops trades and depth that nobody can keep up with, all at once and counted, and no quote', () => {
    const { made, seen, waiting, drain } = market('quotes', 'trades', 'depth');
    made.addQuote(waiting('GatewayQuote', { lastPrice: 5 }));
    made.addOther(waiting('GatewayDepth', { type: 2, price: 5, volume: 1 }));
    let dropped = 0;
    for (let price = 1; price <= 2048; price += 1)
      dropped += made.addOther(waiting('GatewayTrade', trade(price)));
    expect(dropped).toBe(2049);
    made.addOther(waiting('GatewayTrade', trade(9)));
    drain();
    expect(seen.map(({ of }) => of)).toEqual(['quote', 'market-trade']);
    expect(seen[1]).toMatchObject({ trade: { price: 9 } });
  });

  it('tells a book once for all that waited', () => {
    const { made, seen, waiting, drain } = market('depth');
    made.addOther(
      waiting('GatewayDepth', [
        { type: 2, price: 5, volume: 1 },
        null,
        { type: 1, price: 6, volume: 2 },
      ]),
    );
    made.addOther(waiting('GatewayDepth', { type: 2, price: 4, volume: 3 }));
    drain();
    expect(seen).toEqual([
      {
        of: 'depth',
        depth: {
          contractId,
          bids: [
            { price: 5, quantity: 1 },
            { price: 4, quantity: 3 },
          ],
          asks: [{ price: 6, quantity: 2 }],
          asOf: 2,
        },
      },
    ]);
  });

  it('passes over what cannot be read, and a watcher that throws', () => {
    const { made, problems, errors, seen, waiting, drain } = market('trades', 'quotes');
    made.watchers.add({
      channels: new Set(['trades']),
      listener: () => {
        throw new Error('a mistake');
      },
      isLive: true,
    });
    made.addOther({
      ...waiting('GatewayTrade', []),
      event: {
        target: 'GatewayTrade',
        record: '{"type":1,"target":"GatewayTrade","arguments":["CON',
      },
    });
    made.addOther(waiting('GatewayTrade', [{ price: 'x' }, 'text', ...trade(8)]));
    made.addQuote(waiting('GatewayQuote', 5));
    drain();
    expect(seen).toMatchObject([{ trade: { price: 8 } }]);
    expect(problems).toHaveLength(4);
    expect(errors).toHaveLength(1);
  });

  it('forgets what was known before a gap', () => {
    const { made, seen, waiting, drain } = market('quotes', 'depth');
    made.addQuote(waiting('GatewayQuote', { bestBid: 1, bestAsk: 2 }));
    made.addOther(waiting('GatewayDepth', { type: 2, price: 5, volume: 1 }));
    drain();
    made.lose('quotes');
    made.lose('depth');
    made.addQuote(waiting('GatewayQuote', { bestBid: 3 }));
    made.addOther(waiting('GatewayDepth', { type: 1, price: 6, volume: 1 }));
    drain();
    expect(seen.slice(2)).toMatchObject([
      { quote: { bid: 3, ask: undefined } },
      { depth: { bids: [], asks: [{ price: 6 }] } },
    ]);
  });
});
