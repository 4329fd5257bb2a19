import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignToTick, nearestTicks, priceOfTicks } from './tick.ts';

const tickSizes = [
  5, 1, 0.5, 0.25, 0.1, 0.025, 0.01, 0.005, 0.03125, 0.015625, 0.0078125, 0.00390625, 0.001, 0.0005,
  0.0001, 0.00005, 0.00001, 5e-7,
];

describe('alignToTick', () => {
  it('accepts every decimal that is a whole number of ticks, as typed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...tickSizes),
        fc.integer({ min: 1, max: 5_000_000 }),
        (tickSize, ticks) => {
          const decimals = decimalsOf(tickSize);
          const unit = BigInt(Math.round(tickSize * 10 ** decimals));
          const digits = (unit * BigInt(ticks)).toString().padStart(decimals + 1, '0');
          const typed = Number(
            decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`,
          );
          expect(alignToTick(typed, tickSize)).toBe(typed);
          expect(priceOfTicks(ticks, tickSize)).toBe(typed);
          expect(nearestTicks(typed, tickSize)).toBe(ticks);
        },
      ),
    );
  });

  it('reads the noise of a computed price as the price that was meant', () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(alignToTick(0.1 + 0.2, 0.1)).toBe(0.3);
    expect(alignToTick(2650.1 + 3 * 0.1, 0.1)).toBe(2650.4);
    expect(alignToTick(0.0067 + 5e-7 * 3, 5e-7)).toBe(0.0067015);
  });

  it.each([
    [24000.1, 0.25],
    [0.00670025, 5e-7],
    [0.0067003, 5e-7],
    [1.00003, 0.00005],
    [110.01, 0.015625],
    [1e300, 0.25],
  ])('refuses %d, which lies between ticks of %d', (price, tickSize) => {
    expect(alignToTick(price, tickSize)).toBeUndefined();
  });

  it('refuses any price a hundredth of a tick off', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...tickSizes),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 99 }),
        (tickSize, ticks, hundredths) => {
          expect(alignToTick((ticks + hundredths / 100) * tickSize, tickSize)).toBeUndefined();
        },
      ),
    );
  });
});

function decimalsOf(tickSize: number): number {
  let decimals = 0;
  while (!Number.isInteger(Number((tickSize * 10 ** decimals).toPrecision(12)))) decimals += 1;
  return decimals;
}
