import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignExecutor } from './assign-executor.ts';
import type { RoutingConfig, Weights } from './routing-config.ts';
import type { Assignment, RoutingKey, RoutingSnapshot } from './routing-snapshot.ts';
import { compileRouting } from './routing-snapshot.ts';

const whole = 100_000;

/** Weights with three decimals that make 100, in the order of `keys`. */
const weightsOf = (keys: readonly string[]): fc.Arbitrary<Weights<string>> =>
  fc
    .array(fc.integer({ min: 0, max: whole }), {
      minLength: keys.length - 1,
      maxLength: keys.length - 1,
    })
    .map((cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), whole];
      return Object.fromEntries(
        keys.map((key, index) => [key, ((edges[index + 1] ?? whole) - (edges[index] ?? 0)) / 1000]),
      );
    });

const keyLists = fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,7}$/), {
  minLength: 2,
  maxLength: 6,
});
const word = fc.constantFrom('MNQ', 'MES', 'orb', 'mean', '700001', '700002');
const match = fc.record(
  {
    symbol: word,
    strategy: word,
    account: word,
    operation: fc.constantFrom('place', 'close', 'cancel'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<{ symbol?: string }>;
const stickiness = fc.constantFrom('order', 'account', 'strategy', 'account+strategy', 'symbol');

/** A table, and the same with one executor's weight raised in it while no other rises. */
const raisedTables = keyLists.chain((keys) =>
  fc
    .record({
      salt: fc.string({ minLength: 1 }),
      stickyBy: stickiness,
      raised: fc.constantFrom(...keys),
      tables: fc.array(fc.record({ match, before: weightsOf(keys), wish: weightsOf(keys) }), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ salt, stickyBy, raised, tables }) => {
      const tableOf = (
        weights: (row: (typeof tables)[number]) => Weights<string>,
      ): RoutingConfig => {
        const [first, ...others] = tables.map((row) => ({
          match: row.match,
          weights: weights(row),
        }));
        return { version: 1, salt, stickyBy, default: first?.weights ?? {}, rules: others };
      };
      return {
        raised,
        before: tableOf((row) => row.before),
        after: tableOf((row) => raiseOnly(row.before, row.wish, raised)),
      };
    }),
);

const routingKeys = fc.array(
  fc.record(
    {
      clientOrderId: fc.string(),
      orderId: fc.string(),
      account: word,
      strategy: word,
      symbol: word,
      contractId: fc.string(),
    },
    { requiredKeys: ['clientOrderId'] },
  ),
  { minLength: 40, maxLength: 40 },
) as fc.Arbitrary<RoutingKey[]>;
const operations = ['place', 'modify', 'cancel', 'close', 'reduce'] as const;

describe('invariant 12: a percentage moves bots one way', () => {
  it('raising one weight while no other rises moves no key away from that executor, whatever rules, stickiness and operation', () => {
    fc.assert(
      fc.property(raisedTables, routingKeys, ({ raised, before, after }, keys) => {
        for (const operation of operations) {
          const held = keys.filter(
            (key) => assignExecutor(before, operation, key).executor === raised,
          );
          expect(
            held.filter((key) => assignExecutor(after, operation, key).executor !== raised),
          ).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('nor does a ramp that rises: what it takes comes from the last in order alone', () => {
    fc.assert(
      fc.property(
        raisedTables,
        routingKeys,
        fc.tuple(fc.integer({ min: 0, max: whole }), fc.integer({ min: 0, max: whole })),
        ({ before: table }, keys, [first, second]) => {
          const order = Object.keys(table.default);
          const [executor = '', last = ''] = [order[0], order.at(-1)];
          const at = (step: number): RoutingSnapshot =>
            compileRouting(table, new Map([[executor, step / 1000]]));
          const [low, high] = [at(Math.min(first, second)), at(Math.max(first, second))];
          const moves = keys
            .map((key) => ({
              from: low.assign('place', key).executor,
              to: high.assign('place', key).executor,
            }))
            .filter(({ from, to }) => from !== to);
          expect(moves.filter(({ from }) => from === executor)).toEqual([]);
          // With three and more, spans in between shift; what the ramp gains still comes from the last one's weight.
          expect(
            order.length > 2
              ? []
              : moves.filter(({ from, to }) => from !== last || to !== executor),
          ).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['order', 'place', { clientOrderId: 'entry-1' }, 81923, 'fallback'],
    ['order', 'place', { clientOrderId: 'k3f9ax-01jd8q2zv7-000001-x4' }, 60006, 'fallback'],
    ['account', 'place', { account: '700001' }, 43448, 'spare'],
    ['strategy', 'place', { strategy: 'Öffnung' }, 69198, 'fallback'],
    ['account+strategy', 'place', { account: '700001', strategy: 'orb' }, 38933, 'spare'],
    ['symbol', 'place', { symbol: 'MNQ' }, 87845, 'fallback'],
    ['order', 'close', { account: '700001', contractId: 'CON.F.US.MNQ.Z26' }, 24637, 'fast'],
    ['order', 'reduce', { account: '700001', contractId: 'CON.F.US.MNQ.Z26' }, 99561, 'fallback'],
    ['order', 'modify', { orderId: '3400000001' }, 66169, 'fallback'],
    ['order', 'cancel', { orderId: '3400000001' }, 25201, 'spare'],
  ] as const)(
    'the same key has the same executor on every machine: by %s, %s of %j is in bucket %i',
    (stickyBy, operation, key, bucket, executor) => {
      // Buckets from an independent implementation in another language.
      const routing: RoutingConfig = {
        version: 1,
        salt: '2026-w48',
        stickyBy,
        default: { fast: 25, spare: 35, fallback: 40 },
      };
      expect(assignExecutor(routing, operation, key)).toEqual({
        executor,
        bucket,
        rule: 'default',
      } satisfies Assignment);
    },
  );

  it.each([
    ['order', (index: number): RoutingKey => ({ clientOrderId: `k3f9ax-${index.toString(36)}` })],
    ['account', (index: number): RoutingKey => ({ account: String(700_000 + index) })],
    [
      'account+strategy',
      (index: number): RoutingKey => ({
        account: String(700_000 + (index % 331)),
        strategy: `s${index % 307}`,
      }),
    ],
  ] as const)(
    'deals keys in the shares it was told, by %s (chi-square, one in a thousand)',
    (stickyBy, keyOf) => {
      const counts: Record<string, number> = { fast: 0, fallback: 0, third: 0 };
      const routing: RoutingConfig = {
        version: 1,
        salt: 'shares',
        stickyBy,
        default: { fast: 10, fallback: 30, third: 60 },
      };
      const total = 100_000;
      for (let index = 0; index < total; index += 1) {
        const { executor } = assignExecutor(routing, 'place', keyOf(index));
        counts[executor] = (counts[executor] ?? 0) + 1;
      }
      const expected: Record<string, number> = {
        fast: 0.1 * total,
        fallback: 0.3 * total,
        third: 0.6 * total,
      };
      const chiSquare = Object.entries(expected).reduce(
        (sum, [key, wanted]) => sum + ((counts[key] ?? 0) - wanted) ** 2 / wanted,
        0,
      );
      expect(chiSquare).toBeLessThan(13.816); // two degrees of freedom
    },
  );

  it('spreads neighbouring ids over a hundred equal parts (chi-square, one in a thousand)', () => {
    const parts = Array.from({ length: 100 }, () => 0);
    const routing: RoutingConfig = { version: 1, salt: 'parts', default: { fast: 100 } };
    const total = 100_000;
    for (let index = 0; index < total; index += 1) {
      const part = Math.floor(
        (assignExecutor(routing, 'place', { clientOrderId: `order-${index}` }).bucket ?? 0) / 1000,
      );
      parts[part] = (parts[part] ?? 0) + 1;
    }
    const chiSquare = parts.reduce(
      (sum, count) => sum + (count - total / 100) ** 2 / (total / 100),
      0,
    );
    expect(chiSquare).toBeLessThan(148.2); // 99 degrees of freedom
  });
});

/** Takes what `raised` gains from the others in proportion to what `wish` has, so that no other rises. */
function raiseOnly(
  before: Weights<string>,
  wish: Weights<string>,
  raised: string,
): Weights<string> {
  const lowered = new Map<string, number>();
  let rest = whole;
  for (const key of Object.keys(before)) {
    if (key === raised) continue;
    const value = Math.min(
      Math.round((before[key] ?? 0) * 1000),
      Math.round((wish[key] ?? 0) * 1000),
    );
    lowered.set(key, value);
    rest -= value;
  }
  return Object.fromEntries(
    Object.keys(before).map((key) => [
      key,
      (key === raised ? rest : (lowered.get(key) ?? 0)) / 1000,
    ]),
  );
}
