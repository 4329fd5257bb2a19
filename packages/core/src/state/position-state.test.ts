import { expect, it } from 'vitest';
import type { ContractId } from '../brand.ts';
import type { Position } from '../position.ts';
import { PositionState } from './position-state.ts';

const [MNQ, ES] = ['MNQ' as ContractId, 'ES' as ContractId];
const long = (contractId: ContractId, quantity: number): Position => ({
  contractId,
  side: 'buy',
  quantity,
  averagePrice: 100,
  openedAt: 0,
  asOf: 0,
});

it('lets an event stand against a list that was asked for before it', () => {
  const positions = new PositionState();
  positions.see(MNQ, long(MNQ, 1));
  const { count } = positions;
  positions.see(MNQ, undefined);
  expect(positions.seeAll([long(MNQ, 1), long(ES, 2)], count)).toEqual([ES]);
  expect(positions.all()).toEqual([long(ES, 2)]);
});

it('takes a contract that the list leaves out for flat', () => {
  const positions = new PositionState();
  positions.see(MNQ, long(MNQ, 1));
  expect(positions.seeAll([], positions.count)).toEqual([MNQ]);
  expect(positions.find(MNQ)).toBeUndefined();
});

it('says when nothing is new', () => {
  const positions = new PositionState();
  expect([
    positions.see(MNQ, long(MNQ, 1)),
    positions.see(MNQ, { ...long(MNQ, 1), asOf: 5 }),
    positions.see(MNQ, long(MNQ, 2)),
  ]).toEqual([true, false, true]);
});
