import { describe, expect, it } from 'vitest';
import { soakOptions } from './soak-options.ts';

describe('the options of a soak', () => {
  it('default to a week of seed 1', () => {
    expect(soakOptions([])).toEqual({ seed: 1, days: 7, json: false, help: false });
    expect(soakOptions(['--seed', '3', '--days', '2', '--json'])).toMatchObject({
      seed: 3,
      days: 2,
      json: true,
    });
  });

  it.each([
    ['--days', '0'],
    ['--days', 'x'],
    ['--seed', '-1'],
    ['--weeks', '2'],
  ])('name what is wrong (%s %s)', (...args) => {
    expect(() => soakOptions(args)).toThrow(new RegExp(args[0]));
  });
});
