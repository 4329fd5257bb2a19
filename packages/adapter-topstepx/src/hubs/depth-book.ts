import type { ContractId, Depth, DepthLevel } from '@hotpath/core';
import type { DepthDelta } from './market-rows.ts';

type Levels = Map<number, number>;
const reset = 6;
/** DomType numbers that set a level of one side; those of a best price say that nothing better is left. */
const asks: ReadonlyMap<number, 'level' | 'best'> = new Map([
  [1, 'level'],
  [3, 'best'],
  [10, 'best'],
]);
const bids: ReadonlyMap<number, 'level' | 'best'> = new Map([
  [2, 'level'],
  [4, 'best'],
  [9, 'best'],
]);

/** One contract's book, merged from single levels. Trades, fills, highs and lows that come in between change none. */
export class DepthBook {
  readonly #contractId: ContractId;
  readonly #bids: Levels = new Map();
  readonly #asks: Levels = new Map();

  constructor(contractId: ContractId) {
    this.#contractId = contractId;
  }

  merge({ type, price, quantity }: DepthDelta): void {
    if (type === reset) return this.clear();
    if (Number.isNaN(price) || Number.isNaN(quantity)) return;
    const [ask, bid] = [asks.get(type), bids.get(type)];
    if (ask !== undefined) set(this.#asks, price, quantity);
    if (bid !== undefined) set(this.#bids, price, quantity);
    if (quantity <= 0) return;
    if (ask === 'best') {
      remove(this.#asks, (level) => level < price);
      remove(this.#bids, (level) => level >= price);
    }
    if (bid === 'best') {
      remove(this.#bids, (level) => level > price);
      remove(this.#asks, (level) => level <= price);
    }
  }

  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
  }

  snapshot(asOf: number): Depth {
    return {
      contractId: this.#contractId,
      bids: sorted(this.#bids, -1),
      asks: sorted(this.#asks, 1),
      asOf,
    };
  }
}

function set(levels: Levels, price: number, quantity: number): void {
  if (quantity > 0) levels.set(price, quantity);
  else levels.delete(price);
}

function remove(levels: Levels, isGone: (price: number) => boolean): void {
  for (const price of levels.keys()) if (isGone(price)) levels.delete(price);
}

function sorted(levels: Levels, direction: 1 | -1): DepthLevel[] {
  return [...levels]
    .map(([price, quantity]) => ({ price, quantity }))
    .toSorted((a, b) => direction * (a.price - b.price));
}
