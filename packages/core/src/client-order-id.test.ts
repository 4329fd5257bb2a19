import { describe, expect, it } from 'vitest';
import {
  clientOrderIdProblem,
  createIdGenerator,
  longestClientOrderId,
} from './client-order-id.ts';
import { systemClock } from './clock.ts';

/** Ids of this many processes, one behind the other, at one and the same time of the wall clock. */
function minted(longest: number, count: number, processes: number): readonly string[] {
  const clock = { ...systemClock, now: () => 1_700_000_000_000 };
  let drawn = 0;
  const random = (): number => (drawn += 1) / 2 ** 20;
  return Array.from({ length: processes }, () =>
    createIdGenerator('k3f9ax', clock, random, longest),
  ).flatMap((mint) => Array.from({ length: count }, () => mint?.() ?? ''));
}

describe('client order ids', () => {
  it.each(['entry-1', 'A_b-9', 'x'.repeat(48)])('%j is fine', (id) => {
    expect(clientOrderIdProblem(id, ['-SL', '-TP'])).toBeUndefined();
  });

  it.each([
    ['', /0 characters/],
    ['x'.repeat(49), /49 characters/],
    ['a b', /only letters/],
    ['naïve', /only letters/],
    ['entry-sl', /ends in "-SL"/],
    ['entry-TP', /ends in "-TP"/],
    [7, /must be text, not number/],
  ])('%j: %s', (id, problem) => {
    expect(clientOrderIdProblem(id, ['-SL', '-TP'])).toMatch(problem);
  });

  it.each([
    [48, 1_000],
    [25, 1_000],
    [24, 1_000],
    [21, 500],
    [20, 100],
    [19, 20],
  ])(
    'mints valid lower-case ids of at most %d characters that do not repeat within one process',
    (longest, count) => {
      const ids = minted(longest, count, 1);
      expect(new Set(ids).size).toBe(count);
      expect(
        ids.filter(
          (id) =>
            clientOrderIdProblem(id, ['-SL', '-TP']) !== undefined ||
            !/^k3f9ax-[0-9a-z-]+$/.test(id) ||
            id.length > longest,
        ),
      ).toEqual([]);
    },
  );

  it.each([48, 25, 24])(
    'repeats none when the clock is set back between two processes, where there is room for %d characters',
    (longest) => {
      expect(new Set(minted(longest, 1_000, 2)).size).toBe(2_000);
    },
  );

  it('mints none where there is too little room for ids that never repeat', () => {
    expect(createIdGenerator('k3f9ax', systemClock, Math.random, 18)).toBeUndefined();
    expect(createIdGenerator('k3f9ax', systemClock, Math.random, 19)?.()).toMatch(
      /^k3f9ax-[0-9a-z]{12}$/,
    );
  });

  it('are as long as the venue takes them, its own endings included, and never longer than 48', () => {
    expect(longestClientOrderId({ maxLength: 20, reservedSuffixes: [] })).toBe(20);
    expect(longestClientOrderId({ maxLength: 36, reservedSuffixes: ['-SL', '-TAKE'] })).toBe(31);
    expect(longestClientOrderId({ maxLength: 64, reservedSuffixes: ['-SL', '-TP'] })).toBe(48);
  });

  it('are what the venue takes', () => {
    const digits = { pattern: /^\d+$/, description: 'digits' };
    expect(clientOrderIdProblem('123', [], digits)).toBeUndefined();
    expect(clientOrderIdProblem('a123', [], digits)).toBe('must be digits');
    expect(clientOrderIdProblem('x'.repeat(21), [], { longest: 20 })).toBe(
      'has 21 characters, must have 1 to 20',
    );
  });
});
