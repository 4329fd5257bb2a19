import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32Of } from './crc32.ts';
import { LineBytes } from './line-bytes.ts';
import { fromNumberedLine, numberedLine } from './line-checksum.ts';

const mostLines = 0xffff_ffff;

it('the checksum of bytes is that of zlib, whatever they are and whatever it begins with', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 400 }),
      fc.nat({ max: mostLines }),
      fc.integer({ min: 1, max: 400 }),
      (bytes, start, given) => {
        const length = Math.min(given, bytes.length);
        expect(crc32Of(bytes, length, start)).toBe(crc32(bytes.subarray(0, length), start));
      },
    ),
  );
});

const lines = new LineBytes();
function textOf(record: object, number: number | undefined): string {
  lines.make(record, number);
  return lines.bytes.toString('utf8', 0, lines.length);
}

it('the bytes of a line are those of its JSON, and are read as what was written', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' })),
        fc.oneof(
          fc.anything({ withDate: true, withNullPrototype: true }),
          fc.nat(),
          fc.string(),
          fc.dictionary(fc.string(), fc.nat()),
        ),
      ),
      fc.integer({ min: 1, max: mostLines }),
      (record, number) => {
        const json = JSON.stringify(record);
        fc.pre(json !== '{}');
        const text = textOf(record, number);
        expect(text).toBe(numberedLine(json, number));
        expect(fromNumberedLine(text.trimEnd())).toEqual({ json, number });
        expect(textOf(record, undefined)).toBe(`${json}\n`);
      },
    ),
  );
});

it.each<readonly [string, object]>([
  [
    'an order',
    {
      kind: 'intent',
      at: 1_796_078_283_001,
      clientOrderId: 'a-1',
      orderId: undefined,
      content: { symbol: 'MNQ', limitPrice: 21_234.25, quantity: 1, signal: undefined },
      bucket: 0,
    },
  ],
  ['a flag', { isOn: true, isOff: false, not: null }],
  ['quotes, backslashes and ends of lines', { text: '"\\\n\u2028' }],
  ['letters of several bytes', { symbol: 'Ω', text: 'é' }],
  ['half a character', { text: '\ud800' }],
  [
    'numbers of every kind',
    { a: -0, b: -1, c: 1e21, d: Number.NaN, e: 0.1, f: Number.MAX_SAFE_INTEGER },
  ],
  [
    'fields of what it was made from',
    Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }) as object,
  ],
  [
    'more than it usually does',
    { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: 1 } } } } } } } } } },
  ],
  [
    'something with a class',
    { at: new Date(0), list: [1, undefined, 'x'], own: { toJSON: () => 7 } },
  ],
])('a line that holds %s', (_what, record) => {
  expect(textOf(record, 7)).toBe(numberedLine(JSON.stringify(record), 7));
});

it('a line of any length has its bytes, and a short one after it', () => {
  for (const letter of ['a', 'ä']) {
    for (const length of [
      100, 20_000, 65_300, 65_400, 65_450, 65_480, 65_500, 65_536, 1_000_000, 3,
    ]) {
      const record = { text: letter.repeat(length) };
      expect(textOf(record, mostLines)).toBe(numberedLine(JSON.stringify(record), mostLines));
    }
  }
});

it('what has no JSON is no line', () => {
  const circle: { self?: object } = {};
  circle.self = circle;
  for (const record of [circle, { large: 1n }, { toJSON: () => undefined }])
    expect(() => textOf(record, 1)).toThrow(TypeError);
});
