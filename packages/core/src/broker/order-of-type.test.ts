import { expect, it } from 'vitest';
import { orderOfType } from './order-of-type.ts';

it('overrules a type that the request brings along', () => {
  const request = { symbol: 'MNQ', type: 'limit' };
  expect(orderOfType('market', request)).toEqual({ symbol: 'MNQ', type: 'market' });
  expect(request.type).toBe('limit');
});
