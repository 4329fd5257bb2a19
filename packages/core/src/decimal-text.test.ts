import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalText } from './decimal-text.ts';

it.each([
  [5e-7, '0.0000005'],
  [1.5e-7, '0.00000015'],
  [-5e-7, '-0.0000005'],
  [24000.25, '24000.25'],
  [0.0067015, '0.0067015'],
  [1e21, '1000000000000000000000'],
  [1.25e22, '12500000000000000000000'],
  [0, '0'],
])('writes %d as %s', (value, expected) => {
  expect(decimalText(value)).toBe(expected);
});

it('reads back as the same number and has no exponent, whatever the number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = decimalText(value);
      expect(text).not.toMatch(/e/i);
      expect(Number(text)).toBe(value === 0 ? 0 : value);
    }),
  );
});
