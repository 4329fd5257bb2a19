import { describe, expect, it } from 'vitest';
import { clientOrderIdProblem, createIdGenerator, maxClientOrderIdLength } from './client-order-id.ts';
import { systemClock } from './clock.ts';

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

  it('mints valid lower-case ids that do not repeat, within one process and when the clock is set back', () => {
    const clock = { ...systemClock, now: () => 1_700_000_000_000 };
    let drawn = 0;
    const random = () => (drawn += 1) / 2 ** 20;
    const first = createIdGenerator('k3f9ax', clock, random);
    const afterRestart = createIdGenerator('k3f9ax', clock, random);
    const ids = [...Array.from({ length: 1000 }, first), ...Array.from({ length: 1000 }, afterRestart)];
    expect(new Set(ids).size).toBe(2000);
    for (const id of ids) {
      expect(clientOrderIdProblem(id, ['-SL', '-TP'])).toBeUndefined();
      expect(id).toBe(id.toLowerCase());
      expect(id.startsWith('k3f9ax-')).toBe(true);
      expect(id.length).toBeLessThanOrEqual(maxClientOrderIdLength);
    }
  });
});
