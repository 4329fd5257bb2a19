import { describe, expect, it } from 'vitest';
import { assignExecutor } from './assign-executor.ts';
import { parseRouting } from './parse-routing.ts';
import type { RoutingConfig } from './routing-config.ts';

const base: RoutingConfig = { version: 1, salt: 's', default: { fast: 100, fallback: 0 } };

describe('assignExecutor', () => {
  it('never gives a key to a weight of 0 and always to one of 100', () => {
    for (let index = 0; index < 1000; index += 1) {
      expect(assignExecutor(base, 'place', { clientOrderId: `a${index}` }).executor).toBe('fast');
    }
  });

  it('lets the first matching rule decide', () => {
    const routing: RoutingConfig = {
      ...base,
      rules: [
        { match: { symbol: 'MNQ', strategy: 'orb' }, weights: { fallback: 100 } },
        { match: { symbol: 'MNQ' }, weights: { fast: 100 } },
      ],
    };
    expect(assignExecutor(routing, 'place', { clientOrderId: 'x', symbol: 'MNQ', strategy: 'orb' })).toMatchObject({ executor: 'fallback', rule: 0 });
    expect(assignExecutor(routing, 'place', { clientOrderId: 'x', symbol: 'MNQ' })).toMatchObject({ executor: 'fast', rule: 1 });
    expect(assignExecutor(routing, 'place', { clientOrderId: 'x', symbol: 'MES' })).toMatchObject({ executor: 'fast', rule: 'default' });
  });

  it('matches a rule by contract name and contract id as well as by root', () => {
    const key = { clientOrderId: 'x', symbol: 'MNQ', contractName: 'MNQZ6', contractId: 'CON.F.US.MNQ.Z26' };
    for (const symbol of ['MNQ', 'MNQZ6', 'CON.F.US.MNQ.Z26']) {
      const routing: RoutingConfig = { ...base, rules: [{ match: { symbol }, weights: { fallback: 100 } }] };
      expect(assignExecutor(routing, 'place', key).rule).toBe(0);
    }
  });

  it.each([
    ['account', { account: '7' }],
    ['strategy', { strategy: 'orb' }],
    ['account+strategy', { account: '7', strategy: 'orb' }],
    ['symbol', { symbol: 'MNQ' }],
  ] as const)('sticks by %s: two orders with the same one share a bucket', (stickyBy, key) => {
    const routing: RoutingConfig = { ...base, stickyBy };
    const first = assignExecutor(routing, 'place', { ...key, clientOrderId: 'a' });
    expect(assignExecutor(routing, 'place', { ...key, clientOrderId: 'b' }).bucket).toBe(first.bucket);
    expect(first.bucket).toBeTypeOf('number');
  });

  it('sends a key without its unit to the last executor', () => {
    expect(assignExecutor({ ...base, stickyBy: 'strategy' }, 'place', { clientOrderId: 'a' })).toEqual({ executor: 'fallback', bucket: undefined, rule: 'missing-key' });
  });

  it('does not draw for reads', () => {
    expect(assignExecutor(base, 'read', {})).toEqual({ executor: 'fallback', bucket: undefined, rule: 'reads' });
    expect(assignExecutor({ ...base, reads: 'fast' }, 'read', {}).executor).toBe('fast');
  });
});

describe('parseRouting', () => {
  it('names every problem at once as path: sentence', () => {
    const bad = {
      version: 1,
      salt: 's',
      default: { fast: 50, fallback: 40 },
      rules: [{ match: {}, weights: { quick: 100 } }],
      off: ['fast', 'fallback'],
      reads: 'slow',
    };
    expect(() => parseRouting(bad)).toThrowError(
      expect.objectContaining({
        code: 'INVALID_OPTIONS',
        problems: [
          'default: adds up to 90, must be 100',
          'rules.0.weights.quick: not named in default',
          'off: turns off every executor; leave one',
          'reads: "slow" is not named in default',
        ],
      }),
    );
  });

  it('holds the table against the executors there are', () => {
    expect(() => parseRouting({ version: 1, salt: 's', default: { fats: 100 } }, ['fast'])).toThrowError(
      /default: lacks the executor "fast".*default\.fats: there is no executor of that name/s,
    );
  });

  it('refuses unknown fields, keys that begin with a digit and weights with four decimals', () => {
    expect(() => parseRouting({ ...base, sticky: 'order' })).toThrowError(/sticky/);
    expect(() => parseRouting({ ...base, default: { '1st': 100 } })).toThrowError(/begins with a letter/);
    expect(() => parseRouting({ ...base, default: { fast: 99.9999, fallback: 0.0001 } })).toThrowError(/more than three decimals/);
  });
});
