import { expect, it } from 'vitest';
import { faultsOptions } from './faults-options.ts';

it('kills at least twenty times, and once for every two hundred orders', () => {
  expect(faultsOptions([])).toMatchObject({
    orders: 2_000,
    seed: 1,
    seeds: 1,
    kills: 20,
    scale: 0.1,
    json: false,
    scoreboard: false,
  });
  expect(faultsOptions(['--orders', '10000', '--seed', '4', '--json'])).toMatchObject({
    orders: 10_000,
    seed: 4,
    kills: 50,
    json: true,
  });
});

it('names the option that does not fit', () => {
  expect(() => faultsOptions(['--orders', 'many'])).toThrow('--orders is "many"');
  expect(() => faultsOptions(['--scale', '0'])).toThrow('--scale is "0"');
  expect(() => faultsOptions(['--bots', '1'])).toThrow('--bots is "1"');
});
