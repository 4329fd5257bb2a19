import { describe, expect, it } from 'vitest';
import { Ledger } from './ledger.ts';
import { checkVenue, isExact } from './venue-check.ts';

function ledgerOf(
  claims: Record<string, 'accepted' | 'rejected' | 'not-sent' | 'unknown'>,
): Ledger {
  const ledger = new Ledger();
  for (const [id, kind] of Object.entries(claims)) ledger.claims.set(id, kind);
  return ledger;
}
const filled = (customTag: string | null) => ({ customTag, status: 2 });

describe('checkVenue', () => {
  it('is exact when every claim holds and nothing else is there', () => {
    const check = checkVenue(
      ledgerOf({ a: 'accepted', b: 'rejected', c: 'not-sent', d: 'unknown' }),
      [filled('a'), { customTag: 'b', status: 5 }],
    );
    expect([check, isExact(check)]).toEqual([
      { orders: 2, duplicates: 0, missing: 0, contradicted: 0 },
      true,
    ]);
  });

  it.each([
    ['an order twice', { a: 'accepted' } as const, [filled('a'), filled('a')], { duplicates: 1 }],
    [
      'an order nobody claims',
      { a: 'accepted' } as const,
      [filled('a'), filled('z')],
      { duplicates: 1 },
    ],
    ['an order without a tag', {}, [filled(null)], { duplicates: 1 }],
    ['an accepted order that is not there', { a: 'accepted' } as const, [], { missing: 1 }],
    [
      'an accepted order that was refused',
      { a: 'accepted' } as const,
      [{ customTag: 'a', status: 5 }],
      { missing: 1 },
    ],
    [
      'an order called unsent that is there',
      { a: 'not-sent' } as const,
      [filled('a')],
      { contradicted: 1 },
    ],
    [
      'an order called rejected that is there',
      { a: 'rejected' } as const,
      [filled('a')],
      { contradicted: 1 },
    ],
  ])('sees %s', (_name, claims, record, expected) => {
    const check = checkVenue(ledgerOf(claims), record);
    expect(check).toMatchObject(expected);
    expect(isExact(check)).toBe(false);
  });
});
