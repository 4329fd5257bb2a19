import type { Contract } from '../contract.ts';
import type { Delivery } from '../delivery.ts';
import type { Position } from '../position.ts';
import { testContract } from './scripted-adapter.ts';
import { answered } from './scripted-executor.ts';

export const MNQ: Contract = testContract({ root: 'MNQ' });
/** Its next month. */
export const next: Contract = { ...MNQ, id: 'CON.F.US.MNQ.H27' as Contract['id'], name: 'MNQH7' };
export const held = (
  quantity: number,
  side: 'buy' | 'sell' = 'buy',
  contract: Contract = MNQ,
): Position => ({
  contractId: contract.id,
  side,
  quantity,
  averagePrice: 24_000,
  openedAt: 0,
  asOf: 0,
});
export const done: Delivery = answered({ is: 'accepted' });
/** What each read of the positions shows; the last one again and again. */
export const reads = (...looks: readonly (readonly Position[])[]): (() => readonly Position[]) => {
  let count = 0;
  return () => looks[Math.min(count++, looks.length - 1)] ?? [];
};
