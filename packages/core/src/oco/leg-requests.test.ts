import { describe, expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import { testContract } from '../testing/scripted-adapter.ts';
import { legPrice, legRequest } from './leg-requests.ts';

const contract = testContract({ root: 'MNQ' });
const bracket = { stopLossTicks: 20, takeProfitTicks: 40 };

describe("a leg's price", () => {
  it.each([
    ['stop', 'buy', 23_995],
    ['target', 'buy', 24_010],
    ['stop', 'sell', 24_005],
    ['target', 'sell', 23_990],
  ] as const)('of a %s under a %s lies on its own side', (leg, side, price) => {
    expect(legPrice(leg, bracket, side, 24_000, contract)).toBe(price);
  });

  it('counts from the tick that is nearest to an average between two', () => {
    expect(legPrice('stop', bracket, 'buy', 24_000.1, contract)).toBe(23_995);
    expect(legPrice('stop', bracket, 'buy', 24_000.2, contract)).toBe(23_995.25);
  });

  it('is none where the bracket has no such leg', () => {
    expect(legPrice('target', { stopLossTicks: 20 }, 'buy', 24_000, contract)).toBeUndefined();
  });
});

describe("a leg's order", () => {
  const leg = {
    clientOrderId: toClientOrderId('entry-1_s1'),
    quantity: 2,
    price: 23_995,
    entrySide: 'buy',
    trailing: false,
    contract,
    strategy: undefined,
  } as const;
  it.each([
    [
      { ...leg, leg: 'stop' },
      { type: 'stop', stopPrice: 23_995 },
    ],
    [
      { ...leg, leg: 'stop', trailing: true },
      { type: 'trailing-stop', trailPrice: 23_995 },
    ],
    [
      { ...leg, leg: 'target' },
      { type: 'limit', limitPrice: 23_995 },
    ],
  ] as const)('gets out of the entry', (order, fields) => {
    expect(legRequest(order)).toEqual({
      clientOrderId: 'entry-1_s1',
      symbol: contract.id,
      side: 'sell',
      quantity: 2,
      ...fields,
    });
  });

  it('goes with the strategy of its entry', () => {
    expect(legRequest({ ...leg, leg: 'stop', strategy: 'orb' })).toMatchObject({ strategy: 'orb' });
  });
});
