import type { Contract } from '@hotpath/core';
import { describe, expect, it } from 'vitest';
import { contractExpiry } from './contract-expiry.ts';

const expiry = (root: string, month: string): string | undefined => {
  const at = contractExpiry({ root, id: `CON.F.US.X.${month}` as Contract['id'] });
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 10);
};

describe('the last trading day', () => {
  it.each([
    ['NQ', 'U25', '2025-09-19'],
    ['ES', 'Z26', '2026-12-18'],
    ['GC', 'Z25', '2025-12-29'],
    ['6E', 'U25', '2025-09-15'],
    ['CL', 'V25', '2025-09-22'],
    ['NG', 'V25', '2025-09-26'],
    ['HO', 'V25', '2025-09-30'],
    ['ZC', 'Z25', '2025-12-12'],
    ['ZN', 'U25', '2025-09-19'],
    ['MBT', 'Q26', '2026-08-28'],
    ['HE', 'V25', '2025-10-14'],
    ['XYZ', 'Z25', '2025-12-31'],
  ])('of %s %s is %s', (root, month, day) => {
    expect(expiry(root, month)).toBe(day);
  });

  it('is unknown where the id names no month', () => {
    expect(expiry('NQ', 'NQU5')).toBe(undefined);
  });
});
