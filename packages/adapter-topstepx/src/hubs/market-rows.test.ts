import type { ContractId } from '@hotpath/core';
import { describe, expect, it } from 'vitest';
import { DepthBook } from './depth-book.ts';
import { depthDelta, marketTrade, quoteDelta } from './market-rows.ts';
import { QuoteState } from './quote-state.ts';

const contractId = 'CON.F.US.MNQ.Z26' as ContractId;
const at = Date.parse('2026-09-21T14:00:01.434Z');

describe('quotes', () => {
  const merged = (...rows: object[]) => {
    const state = new QuoteState(contractId);
    for (const row of rows) {
      const delta = quoteDelta(row);
      if (delta) state.merge(delta, 1000, 5);
    }
    return state;
  };

  it('are merged: what an update does not name stays, and null is no price', () => {
    const { quote } = merged(
      {
        symbol: 'F.US.MNQ',
        lastPrice: 24_000,
        bestBid: 24_000,
        bestAsk: 24_000.25,
        volume: 10,
        lastUpdated: '2026-09-21T14:00:00Z',
      },
      { bestBid: 23_999.75, bestAsk: null, lastUpdated: '2026-09-21T14:00:01.4347534+00:00' },
    );
    expect(quote).toEqual({
      contractId,
      bid: 23_999.75,
      ask: 24_000.25,
      last: 24_000,
      volume: 10,
      at,
      asOf: 1000,
    });
  });

  it('may be zero or below, as oil once was', () => {
    expect(merged({ lastPrice: -37.63, bestBid: 0 }).quote).toMatchObject({
      last: -37.63,
      bid: 0,
      ask: undefined,
    });
  });

  it('give a last price only while it is fresh, by when the price itself was told', () => {
    const state = merged({ lastPrice: 24_000 });
    state.merge({ bid: 1, ask: 2, last: undefined, volume: undefined, at: undefined }, 9000, 9000);
    expect(state.lastPrice(2000, 2005)).toBe(24_000);
    expect(state.lastPrice(2000, 2006)).toBeUndefined();
    state.forget();
    expect(state.lastPrice(2000, 10)).toBeUndefined();
  });

  it('that are none are not read', () => {
    for (const row of [null, 5, 'x', []]) expect(quoteDelta(row)).toBeUndefined();
  });
});

describe('trades', () => {
  const row = {
    symbolId: 'F.US.MNQ',
    price: 24_000.25,
    timestamp: '2026-09-21T14:00:01.434+00:00',
    type: 0,
    volume: 3,
  };
  it.each([
    [0, 'buy'],
    [1, 'sell'],
    [null, undefined],
    [9, undefined],
  ])('of type %j were %s', (type, side) => {
    expect(marketTrade({ ...row, type }, contractId)).toEqual({
      contractId,
      price: 24_000.25,
      quantity: 3,
      side,
      at,
    });
  });

  it('without price, size or time are none', () => {
    for (const field of ['price', 'volume', 'timestamp'])
      expect(marketTrade({ ...row, [field]: null }, contractId)).toBeUndefined();
  });
});

describe('a book', () => {
  const bookOf = (...rows: readonly (readonly [type: number, price: number, volume: number])[]) => {
    const book = new DepthBook(contractId);
    for (const [type, price, volume] of rows) {
      const delta = depthDelta({ type, price, volume, currentVolume: 0 });
      if (delta) book.merge(delta);
    }
    const { bids, asks } = book.snapshot(7);
    return {
      bids: bids.map(({ price, quantity }) => [price, quantity]),
      asks: asks.map(({ price, quantity }) => [price, quantity]),
    };
  };

  it('is sorted from the best price on either side', () => {
    expect(bookOf([2, 99, 5], [4, 100, 2], [1, 102, 4], [3, 101, 1], [2, 98, 9])).toEqual({
      bids: [
        [100, 2],
        [99, 5],
        [98, 9],
      ],
      asks: [
        [101, 1],
        [102, 4],
      ],
    });
  });

  it('loses a level at volume 0, and all at a reset', () => {
    expect(bookOf([2, 99, 5], [2, 98, 1], [2, 99, 0])).toEqual({ bids: [[98, 1]], asks: [] });
    expect(bookOf([2, 99, 5], [6, 0, 0], [1, 101, 1])).toEqual({ bids: [], asks: [[101, 1]] });
  });

  it('has nothing better than a best price, nor anything across it', () => {
    expect(bookOf([2, 100, 5], [2, 99, 5], [4, 99, 3], [1, 101, 1], [9, 101, 2])).toEqual({
      bids: [
        [101, 2],
        [99, 3],
      ],
      asks: [],
    });
    expect(bookOf([1, 101, 5], [10, 102, 3], [2, 103, 1], [3, 102, 1])).toEqual({
      bids: [],
      asks: [[102, 1]],
    });
  });

  it('is not moved by trades, highs, lows, fills, or numbers of later years', () => {
    expect(
      bookOf([2, 99, 5], [5, 98, 1], [7, 90, 1], [8, 110, 1], [11, 99, 5], [0, 1, 1], [44, 1, 1]),
    ).toEqual({ bids: [[99, 5]], asks: [] });
    expect(depthDelta({ price: 1, volume: 1 })).toBeUndefined();
    expect(bookOf([2, Number.NaN, 5])).toEqual({ bids: [], asks: [] });
  });
});
