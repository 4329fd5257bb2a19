import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toClientOrderId } from '../client-order-id.ts';
import type { Side } from '../order-request.ts';
import type { Position } from '../position.ts';
import { testContract, testOrder } from '../testing/scripted-adapter.ts';
import type { Share } from './position-shares.ts';
import { contractsToCome, missingContracts } from './position-shares.ts';
import { ProtectedEntry } from './protected-entry.ts';

const contractId = testContract({ root: 'MNQ' }).id;
const share = (id: string, at: number, side: Side, left: number): Share => ({
  entry: new ProtectedEntry({
    kind: 'oco',
    at,
    entry: toClientOrderId(id),
    step: 'armed',
    contractId,
    side,
    bracket: { stopLossTicks: 1 },
    strategy: undefined,
  }),
  left,
});
const held = (side: Side, quantity: number): Position => ({
  contractId,
  side,
  quantity,
  averagePrice: 1,
  openedAt: 0,
  asOf: 0,
});
const told = (missing: readonly Share[]): (readonly [string, number])[] =>
  missing.map(({ entry, left }) => [entry.clientOrderId, left]);

describe('contracts that entries hold and the position has not', () => {
  const entries = [share('old', 1, 'buy', 2), share('new', 2, 'buy', 3)];
  it.each([
    ['none', held('buy', 5), []],
    ['none where others hold more', held('buy', 9), []],
    ['the oldest first', held('buy', 4), [['old', 1]]],
    [
      'then the next',
      held('buy', 1),
      [
        ['old', 2],
        ['new', 2],
      ],
    ],
    [
      'all of a flat one',
      undefined,
      [
        ['old', 2],
        ['new', 3],
      ],
    ],
    [
      'all where it stands on the other side',
      held('sell', 5),
      [
        ['old', 2],
        ['new', 3],
      ],
    ],
  ] as const)('are %s', (_name, position, missing) => {
    expect(told(missingContracts(entries, position))).toEqual(missing);
  });

  it('are not those that an order at work still brings about: a close that fills in parts meets what another entry sold meanwhile', () => {
    // Six were closed, and one was sold beside it: two of the close are still to come.
    const long = share('long', 1, 'buy', 4);
    const short = share('short', 2, 'sell', 1);
    const closing = (quantity: number, filledQuantity: number) =>
      testOrder({ contractId, type: 'market', side: 'sell', quantity, filledQuantity });
    const toCome = contractsToCome([closing(6, 4)], contractId, () => false);
    expect(toCome).toEqual({ buy: 0, sell: 2 });
    expect(told(missingContracts([long, short], held('buy', 1), toCome))).toEqual([['long', 3]]);
    expect(told(missingContracts([share('long', 1, 'buy', 1), short], held('sell', 1)))).toEqual([
      ['long', 1],
    ]);
    expect(contractsToCome([closing(6, 4)], contractId, () => true)).toEqual({ buy: 0, sell: 0 });
  });

  it('leave no entry more than the position has, and take no more than that asks for', () => {
    const shares = fc.array(fc.tuple(fc.constantFrom('buy' as const, 'sell' as const), fc.nat(9)), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        shares,
        fc.option(
          fc.tuple(
            fc.constantFrom('buy' as const, 'sell' as const),
            fc.integer({ min: 1, max: 30 }),
          ),
          { nil: undefined },
        ),
        (given, position) => {
          const all = given.map(([side, left], index) => share(`e${index}`, index, side, left));
          const missing = missingContracts(all, position && held(...position));
          for (const side of ['buy', 'sell'] as const) {
            const before = all
              .filter(({ entry }) => entry.side === side)
              .reduce((sum, { left }) => sum + left, 0);
            const taken = missing
              .filter(({ entry }) => entry.side === side)
              .reduce((sum, { left }) => sum + left, 0);
            expect(before - taken).toBe(Math.min(before, position?.[0] === side ? position[1] : 0));
          }
        },
      ),
    );
  });
});
