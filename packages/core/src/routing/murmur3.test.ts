import { expect, it } from 'vitest';
import { murmur3 } from './murmur3.ts';

it.each([
  // Published MurmurHash3_x86_32 values for seed 0.
  ['', 0x00000000],
  ['a', 0x3c2569b2],
  ['aaaa', 0x7eeed987],
  ['abc', 0xb3dd93fa],
  ['test', 0xba6bd213],
  ['Hello, world!', 0xc0363e43],
  ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
  // From an independent implementation in another language: tails of every length, and text beyond ASCII as UTF-8.
  ['aaa', 0xb4d05fb7],
  ['é', 0x10110787],
  ['ππππππππ', 0xec72b6e8],
  ['s:place:order-1', 0x69fba6c4],
])('hashes %j as published', (text, expected) => {
  expect(murmur3(text)).toBe(expected);
});
