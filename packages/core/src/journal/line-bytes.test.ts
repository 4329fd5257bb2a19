import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32Of } from './crc32.ts';
import { LineBytes } from './line-bytes.ts';
import { fromNumberedLine, numberedLine } from './line-checksum.ts';

const mostLines = 0xffff_ffff;

it('the checksum of bytes is that of zlib, whatever they are and whatever it begins with', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.nat({ max: mostLines }), fc.integer({ min: 1, max: 400 }), (bytes, start, given) => {
      const length = Math.min(given, bytes.length);
      expect(crc32Of(bytes, length, start)).toBe(crc32(bytes.subarray(0, length), start));
    }),
  );
});

it('the bytes of a line are those of its text, and are read as what was written', () => {
  const lines = new LineBytes();
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.integer({ min: 1, max: mostLines }), (record, number) => {
      const json = JSON.stringify({ kind: 'intent', ...record });
      const text = Buffer.from(lines.of(json, number)).toString();
      expect(text).toBe(numberedLine(json, number));
      expect(fromNumberedLine(text.trimEnd())).toEqual({ json, number });
      expect(Buffer.from(lines.of(json, undefined)).toString()).toBe(`${json}\n`);
    }),
  );
});

it('a line of any length has its bytes, and a short one after it', () => {
  const lines = new LineBytes();
  for (const length of [100, 20_000, 30_000, 1_000_000, 3]) {
    const json = JSON.stringify({ text: 'ä'.repeat(length) });
    expect(Buffer.from(lines.of(json, 7)).toString()).toBe(numberedLine(json, 7));
  }
});
