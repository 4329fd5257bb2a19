/** Chance that is the same in every run (mulberry32), from a seed and what it is for. */
export function seededChance(seed: number, purpose: string): () => number {
  let state = seed | 0;
  for (let index = 0; index < purpose.length; index += 1)
    state = Math.imul(state ^ purpose.charCodeAt(index), 0x5bd1e995) + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
