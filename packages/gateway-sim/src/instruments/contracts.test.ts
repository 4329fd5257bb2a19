import { describe, expect, it } from 'vitest';
import { ticksOfPrice } from '../tick.ts';
import { contractsAt } from './contracts.ts';
import { products } from './products.ts';

const named = (epochMs: number, name: string) =>
  contractsAt(epochMs).find((contract) => contract.name === name);

describe('contractsAt', () => {
  it.each([
    ['2026-08-20', 'MNQU6', 'CON.F.US.MNQ.U26', true],
    ['2026-09-14', 'MNQU6', 'CON.F.US.MNQ.U26', true],
    ['2026-09-16', 'MNQZ6', 'CON.F.US.MNQ.Z26', true],
    ['2026-09-16', 'MNQU6', 'CON.F.US.MNQ.U26', false],
    ['2026-12-20', 'ESH7', 'CON.F.US.EP.H27', true],
    ['2026-08-20', 'CLV6', 'CON.F.US.CLE.V26', true],
    ['2026-08-20', '6JU6', 'CON.F.US.JY6.U26', true],
  ])('on %s %s is %s, active: %s', (date, name, id, active) => {
    expect(named(Date.parse(date), name)).toMatchObject({ id, activeContract: active });
  });

  it('begins every price on a tick', () => {
    for (const { product, tick } of contractsAt(Date.parse('2026-08-20')))
      expect(ticksOfPrice(product.startPrice, tick)).toBeTypeOf('number');
  });

  it('lists every product once as active', () => {
    const active = contractsAt(Date.parse('2026-08-20')).filter(
      (contract) => contract.activeContract,
    );
    expect(new Set(active.map(({ id }) => id)).size).toBe(products.length);
  });
});
