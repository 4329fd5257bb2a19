import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignExecutor } from './assign-executor.ts';
import type { RoutingConfig } from './routing-config.ts';

const keys = ['fast', 'fallback', 'third'] as const;

/** Three percentages with three decimals that make 100. */
const weights = fc
  .tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 100_000 }))
  .map(([first, second]) => {
    const [low, high] = [Math.min(first, second), Math.max(first, second)];
    return { fast: low / 1000, fallback: (high - low) / 1000, third: (100_000 - high) / 1000 };
  });

const table = (salt: string, share: RoutingConfig['default']): RoutingConfig => ({ version: 1, salt, default: share });
const orders = Array.from({ length: 400 }, (_, index) => ({ clientOrderId: `order-${index}` }));

describe('invariant 12: a percentage moves bots one way', () => {
  it('raising one weight while no other rises moves no key away from that executor', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), weights, weights, fc.constantFrom(...keys), (salt, before, other, raised) => {
        const after = raiseOnly(before, other, raised);
        for (const key of orders) {
          if (assignExecutor(table(salt, before), 'place', key).executor !== raised) continue;
          expect(assignExecutor(table(salt, after), 'place', key).executor).toBe(raised);
        }
      }),
    );
  });

  it('gives the same key the same executor in every process: fixed vectors', () => {
    const routing = table('2026-w48', { fast: 25, fallback: 75 });
    const seen = orders.slice(0, 8).map((key) => assignExecutor(routing, 'place', key));
    expect(seen.map((assignment) => assignment.bucket)).toMatchInlineSnapshot(`
      [
        32049,
        60699,
        2061,
        77410,
        25423,
        46938,
        21963,
        55685,
      ]
    `);
    expect(seen.map((assignment) => assignment.executor)).toMatchInlineSnapshot(`
      [
        "fallback",
        "fallback",
        "fast",
        "fallback",
        "fallback",
        "fallback",
        "fast",
        "fallback",
      ]
    `);
  });

  it('deals keys in the shares it was told (chi-square, one in a thousand)', () => {
    const counts: Record<string, number> = { fast: 0, fallback: 0, third: 0 };
    const routing = table('shares', { fast: 10, fallback: 30, third: 60 });
    const total = 100_000;
    for (let index = 0; index < total; index += 1) {
      const { executor } = assignExecutor(routing, 'place', { clientOrderId: `k3f9ax-${index.toString(36)}` });
      counts[executor] = (counts[executor] ?? 0) + 1;
    }
    const expected: Record<string, number> = { fast: 0.1 * total, fallback: 0.3 * total, third: 0.6 * total };
    const chiSquare = Object.entries(expected).reduce((sum, [key, wanted]) => sum + ((counts[key] ?? 0) - wanted) ** 2 / wanted, 0);
    expect(chiSquare).toBeLessThan(13.816); // two degrees of freedom
  });
});

/** Takes what `raised` gains from the others in proportion to what `other` wishes, so that no other rises. */
function raiseOnly(before: Record<string, number>, other: Record<string, number>, raised: string): RoutingConfig['default'] {
  const lowered: Record<string, number> = {};
  let rest = 100_000;
  for (const key of keys) {
    if (key === raised) continue;
    const value = Math.min(Math.round((before[key] ?? 0) * 1000), Math.round((other[key] ?? 0) * 1000));
    lowered[key] = value / 1000;
    rest -= value;
  }
  const after: Record<string, number> = {};
  for (const key of keys) after[key] = key === raised ? rest / 1000 : (lowered[key] ?? 0);
  return after;
}
