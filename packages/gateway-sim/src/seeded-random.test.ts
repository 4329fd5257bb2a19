import { describe, expect, it } from 'vitest';
import { seededRandom } from './seeded-random.ts';

describe('seededRandom', () => {
  it('repeats itself for a seed and a stream, and for no other', () => {
    const draw = (seed: number, stream: string): number[] => {
      const random = seededRandom(seed, stream);
      return Array.from({ length: 20 }, random);
    };
    expect(draw(7, 'MNQ')).toEqual(draw(7, 'MNQ'));
    expect(draw(7, 'MNQ')).not.toEqual(draw(8, 'MNQ'));
    expect(draw(7, 'MNQ')).not.toEqual(draw(7, 'MES'));
  });

  it('spreads evenly between 0 and 1', () => {
    const random = seededRandom(1, 'spread');
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 100_000; index += 1) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    const chiSquare = tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // nine degrees of freedom, one in a thousand
  });
});
