import { expect } from 'vitest';
import type { RowWorld } from './row-world.ts';
import { market } from './row-world.ts';

/** What the exits of a held position go to. */
export const close = 'Position/closeContract';
export const partialClose = 'Position/partialCloseContract';
export const symbol = 'MNQ';

/** Buys so many contracts. */
export async function hold(row: RowWorld, quantity: number): Promise<void> {
  await row.world.during(row.broker.placeMarketOrder({ ...market, quantity }));
  expect(row.held()).toBe(quantity);
}
