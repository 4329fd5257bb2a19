import { describe, expect, it } from 'vitest';
import { assignExecutor } from './assign-executor.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { parseRouting, routingWarnings } from './parse-routing.ts';
import type { RoutingConfig } from './routing-config.ts';
import { compileRouting } from './routing-snapshot.ts';

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
    expect(
      assignExecutor(routing, 'place', { clientOrderId: 'x', symbol: 'MNQ', strategy: 'orb' }),
    ).toMatchObject({ executor: 'fallback', rule: 0 });
    expect(assignExecutor(routing, 'place', { clientOrderId: 'x', symbol: 'MNQ' })).toMatchObject({
      executor: 'fast',
      rule: 1,
    });
    expect(assignExecutor(routing, 'place', { clientOrderId: 'x', symbol: 'MES' })).toMatchObject({
      executor: 'fast',
      rule: 'default',
    });
  });

  it('matches a rule by contract name and contract id as well as by root', () => {
    const key = {
      clientOrderId: 'x',
      symbol: 'MNQ',
      contractName: 'MNQZ6',
      contractId: 'CON.F.US.MNQ.Z26',
    };
    for (const symbol of ['MNQ', 'MNQZ6', 'CON.F.US.MNQ.Z26']) {
      const routing: RoutingConfig = {
        ...base,
        rules: [{ match: { symbol }, weights: { fallback: 100 } }],
      };
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
    expect(assignExecutor(routing, 'place', { ...key, clientOrderId: 'b' }).bucket).toBe(
      first.bucket,
    );
    expect(first.bucket).toBeTypeOf('number');
  });

  it('sends a key without its unit to the last executor', () => {
    expect(
      assignExecutor({ ...base, stickyBy: 'strategy' }, 'place', { clientOrderId: 'a' }),
    ).toEqual({ executor: 'fallback', bucket: undefined, rule: 'missing-key' });
  });

  it('does not draw for reads', () => {
    expect(assignExecutor(base, 'read', {})).toEqual({
      executor: 'fallback',
      bucket: undefined,
      rule: 'reads',
    });
    expect(assignExecutor({ ...base, reads: 'fast' }, 'read', {}).executor).toBe('fast');
  });
});

describe('what stands above weights', () => {
  const rules = [{ match: { symbol: 'MNQ' }, weights: { fallback: 100 } }] as const;

  it('force takes every first attempt, whatever rules and weights say', () => {
    const routing: RoutingConfig = { ...base, rules, force: 'fast' };
    for (const operation of ['place', 'modify', 'cancel', 'close', 'reduce'] as const) {
      expect(assignExecutor(routing, operation, { symbol: 'MNQ' })).toEqual({
        executor: 'fast',
        bucket: undefined,
        rule: 'forced',
      });
    }
    expect(assignExecutor(routing, 'read', {}).executor).toBe('fallback');
  });

  it('a ceiling cuts default and rules alike; what is cut goes to the last in order', () => {
    const routing: RoutingConfig = {
      version: 1,
      salt: 's',
      default: { fast: 60, spare: 30, fallback: 10 },
      rules: [{ match: { symbol: 'MNQ' }, weights: { fast: 100 } }],
    };
    const snapshot = compileRouting(routing, new Map([['fast', 25]]));
    expect(Object.fromEntries(snapshot.weights)).toEqual({ fast: 25, spare: 30, fallback: 45 });
    const counts = { fast: 0, fallback: 0 };
    for (let index = 0; index < 4000; index += 1) {
      const { executor } = snapshot.assign('place', { clientOrderId: `o${index}`, symbol: 'MNQ' });
      if (executor === 'fast' || executor === 'fallback') counts[executor] += 1;
    }
    expect(counts.fast + counts.fallback).toBe(4000);
    expect(Math.abs(counts.fast - 1000)).toBeLessThan(140);
    expect(Object.fromEntries(compileRouting(routing, new Map([['fast', 70]])).weights)).toEqual({
      fast: 60,
      spare: 30,
      fallback: 10,
    });
  });

  it('what a zero cuts passes by executors that are off or at zero themselves, and somebody always delivers', () => {
    const routing: RoutingConfig = {
      version: 1,
      salt: 's',
      default: { fast: 60, spare: 30, fallback: 10 },
      off: ['fallback'],
    };
    expect(Object.fromEntries(compileRouting(routing, new Map([['fast', 0]])).weights)).toEqual({
      fast: 0,
      spare: 90,
      fallback: 10,
    });
    const all = new Map([
      ['fast', 0],
      ['spare', 0],
      ['fallback', 0],
    ]);
    expect(Object.fromEntries(compileRouting(routing, all).weights)).toEqual({
      fast: 60,
      spare: 30,
      fallback: 10,
    });
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
    expect(() =>
      parseRouting({ version: 1, salt: 's', default: { fats: 100 } }, ['fast']),
    ).toThrowError(
      /default: lacks the executor "fast".*default\.fats: there is no executor of that name/s,
    );
  });

  it('faults of shape do not hide those of sense', () => {
    const bad = {
      version: 2,
      salt: '',
      sticky: 'order',
      default: { fast: 50, fallback: 40 },
      rules: [
        { match: { symbl: 'MNQ' }, weights: { fast: 100 } },
        { match: {}, weights: { fast: 10 } },
      ],
      force: 'quick',
      ramp: { executor: 'fallback', steps: [5, 1.00001], guards: { windows: '3 of 2' } },
      off: 'fast',
    };
    const problems: string[] = [];
    try {
      parseRouting(bad);
    } catch (error) {
      if (error instanceof InvalidOptionsError) problems.push(...error.problems);
    }
    expect(problems).toEqual([
      expect.stringMatching(/^version: /),
      expect.stringMatching(/^salt: /),
      'rules.0.match.symbl: is no field here; did you mean "symbol"?',
      expect.stringMatching(/^off: /),
      'ramp.guards.windows: must be like "2 of 3", the first no greater than the second',
      'sticky: is no field here; did you mean "stickyBy"?',
      'default: adds up to 90, must be 100',
      'rules.1.weights: adds up to 10, must be 100',
      'force: "quick" is not named in default',
    ]);
  });

  it('checks a ramp against the executors and its own steps', () => {
    const ramp = { executor: 'fallback', steps: [1, 5, 5, 25.00001] };
    expect(() => parseRouting({ ...base, ramp })).toThrowError(
      /ramp\.executor: "fallback" is the last of default.*ramp\.steps\.2: 5 does not rise above 5.*ramp\.steps\.3: 25\.00001 has more than three decimals/s,
    );
    expect(() =>
      parseRouting({ ...base, ramp: { executor: 'fast', steps: [1], minDwell: '30 minutes' } }),
    ).toThrowError(/ramp\.minDwell: must be a time such as/);
    expect(
      routingWarnings({ ...base, stickyBy: 'account', ramp: { executor: 'fast', steps: [1] } }),
    ).toEqual([expect.stringMatching(/^ramp: with stickyBy "account"/)]);
  });

  it('refuses unknown fields, keys that begin with a digit and weights with four decimals', () => {
    expect(() => parseRouting({ ...base, sticky: 'order' })).toThrowError(/sticky/);
    expect(() => parseRouting({ ...base, default: { '1st': 100 } })).toThrowError(
      /begins with a letter/,
    );
    expect(() =>
      parseRouting({ ...base, default: { fast: 99.9999, fallback: 0.0001 } }),
    ).toThrowError(/more than three decimals/);
  });
});
