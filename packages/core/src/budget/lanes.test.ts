import { describe, expect, it } from 'vitest';
import { laneCeilings, ownSharesOf } from './lanes.ts';

describe('the lanes of a rate limit', () => {
  it('leave entries room beside reads, and each step of getting out room beside the one before', () => {
    expect(laneCeilings({ requests: 200, windowMs: 60_000, reserve: 60 })).toEqual({
      read: 100,
      place: 140,
      modify: 140,
      resolve: 170,
      look: 170,
      cancel: 190,
      close: 200,
    });
  });

  it('are 20 lower above entries where processes keep shares of their own', () => {
    const limit = { requests: 200, windowMs: 60_000, reserve: 60 };
    expect(ownSharesOf(limit)).toBe(20);
    expect(laneCeilings(limit, 20)).toEqual({
      read: 100,
      place: 140,
      modify: 140,
      resolve: 150,
      look: 150,
      cancel: 170,
      close: 180,
    });
  });

  it('have the same proportions at a venue that allows another number', () => {
    expect(laneCeilings({ requests: 1_000, windowMs: 10_000, reserve: 300 })).toEqual({
      read: 500,
      place: 700,
      modify: 700,
      resolve: 850,
      look: 850,
      cancel: 950,
      close: 1_000,
    });
    expect(laneCeilings({ requests: 10, windowMs: 1_000, reserve: 3 })).toEqual({
      read: 5,
      place: 7,
      modify: 7,
      resolve: 9,
      look: 9,
      cancel: 10,
      close: 10,
    });
    expect(laneCeilings({ requests: 1, windowMs: 1_000, reserve: 0 })).toEqual({
      read: 1,
      place: 1,
      modify: 1,
      resolve: 1,
      look: 1,
      cancel: 1,
      close: 1,
    });
  });

  it('are as an author wants them for reads, within what is not reserved', () => {
    expect(laneCeilings({ requests: 30, windowMs: 30_000, reserve: 0, reads: 30 }).read).toBe(30);
    expect(laneCeilings({ requests: 200, windowMs: 60_000, reserve: 60, reads: 500 }).read).toBe(
      140,
    );
    expect(laneCeilings({ requests: 200, windowMs: 60_000, reserve: 60, reads: 0 }).read).toBe(1);
  });
});
