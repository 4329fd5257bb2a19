import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

/** Printed as an integer that another one may have been rounded to. */
const isRounded = (value: unknown): boolean =>
  typeof value === 'number' &&
  !Number.isSafeInteger(value) &&
  /^-?\d+$/.test(JSON.stringify(value));

describe('parseJson', () => {
  it('keeps the digits of integers that a double cannot hold', () => {
    expect(
      parseJson('{"id":9223372036854775807,"parentOrderId":-9007199254740993,"size":3}'),
    ).toEqual({ id: '9223372036854775807', parentOrderId: '-9007199254740993', size: 3 });
  });

  it('leaves numbers alone that a double holds, however they are written', () => {
    const text =
      '{"id":9007199254740991,"price":0.30000000000000004,"tick":5e-7,"big":12345678901234567890.5}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('leaves digits within strings alone', () => {
    const value = {
      customTag: 'a:12345678901234567890,"b\\":98765432109876543210',
      contractId: '12345678901234567890',
    };
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  it('reads every other JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        // The long number makes the reader look closely at all of the text.
        const expected: unknown = JSON.parse(text, (_key, value: unknown) =>
          isRounded(value) ? JSON.stringify(value) : value,
        );
        expect(parseJson(`[1111111111111111,${text}]`)).toEqual([1_111_111_111_111_111, expected]);
      }),
    );
  });

  it('throws for what is no JSON', () => {
    expect(() => parseJson('{"id":9223372036854775807')).toThrow(SyntaxError);
  });
});
