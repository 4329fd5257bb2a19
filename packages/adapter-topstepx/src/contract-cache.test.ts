import type { Contract, ContractId } from '@hotpath/core';
import { describe, expect, it } from 'vitest';
import { ContractCache } from './contract-cache.ts';

const contract = (name: string, active = true): Contract => ({
  id: `CON.F.US.${name}` as ContractId,
  name,
  root: name.slice(0, -2),
  description: '',
  tickSize: 0.25,
  tickValue: 0.5,
  active,
});

describe('ContractCache', () => {
  it('lets the listed month alone stand for a root, whatever a search shows', () => {
    const cache = new ContractCache();
    expect(cache.bind([contract('MNQZ6')])).toEqual([]);
    cache.addFound('MNQ', [contract('MNQH7'), contract('MNQU6', false)]);
    expect(cache.get('MNQ')?.name).toBe('MNQZ6');
    expect(cache.get('MNQH7')?.name).toBe('MNQH7');
  });

  it('guesses no month where a search shows several', () => {
    const cache = new ContractCache();
    cache.addFound('EMD', [contract('EMDH7'), contract('EMDZ6')]);
    expect(cache.get('EMD')).toBeUndefined();
    cache.addFound('YM', [contract('YMZ6'), contract('YMU6', false), contract('MYMZ6')]);
    expect(cache.get('YM')?.name).toBe('YMZ6');
  });

  it('tells a roll once', () => {
    const cache = new ContractCache();
    cache.bind([contract('MNQZ6')]);
    expect(cache.bind([contract('MNQH7')])).toEqual([
      { from: contract('MNQZ6'), to: contract('MNQH7') },
    ]);
    expect(cache.bind([contract('MNQH7')])).toEqual([]);
    expect(cache.get('MNQZ6')?.active).toBe(false);
  });
});
