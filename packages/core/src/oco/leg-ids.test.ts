import { describe, expect, it } from 'vitest';
import { clientOrderIdProblem, toClientOrderId } from '../client-order-id.ts';
import { legId, longestProtectedId, mostAttempts } from './leg-ids.ts';

describe("a leg's id", () => {
  it('is made from its entry and told apart by leg and attempt', () => {
    const entry = toClientOrderId('entry-1');
    expect([legId(entry, 'stop', 1), legId(entry, 'target', 1), legId(entry, 'stop', 2)]).toEqual([
      'entry-1_s1',
      'entry-1_t1',
      'entry-1_s2',
    ]);
  });

  it('is one that a venue takes, however long its entry and however often it is tried', () => {
    const longest = legId(
      toClientOrderId('e'.repeat(longestProtectedId(48))),
      'target',
      mostAttempts,
    );
    expect(clientOrderIdProblem(longest, ['-SL', '-TP'])).toBeUndefined();
    expect(clientOrderIdProblem(`${longest}0`, [])).toMatch(/49 characters/);
  });
});
