/** Reproducible chance: at least 0, below 1. */
export type SeededRandom = () => number;

/** A small generator (xoshiro128**, public domain algorithm) with a stream of its own for each name, so that one consumer more changes nobody else's draws. */
export function seededRandom(seed: number, stream: string): SeededRandom {
  const state = new Uint32Array(4);
  let mix = seed >>> 0;
  for (let index = 0; index < stream.length; index += 1)
    mix = Math.imul(mix ^ stream.charCodeAt(index), 0x01000193) >>> 0;
  for (let index = 0; index < 4; index += 1) {
    mix = (mix + 0x9e3779b9) >>> 0;
    let word = mix;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    state[index] = word ^ (word >>> 16);
  }
  return () => {
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const nextD = rotate(d ^ b, 11);
    state[2] = c ^ a ^ (b << 9);
    state[1] = b ^ c ^ a;
    state[0] = a ^ d ^ b;
    state[3] = nextD;
    return result / 2 ** 32;
  };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
