import { describe, expect, it } from 'vitest';
import { messageOf } from './message-of.ts';

const thrower = (): never => {
  throw new Error('boom');
};

describe('what an error says', () => {
  it('is its message, or what was thrown as text', () => {
    expect([new Error('no'), 'no', 5, undefined, null, Symbol('no'), 5n].map(messageOf)).toEqual([
      'no',
      'no',
      '5',
      'undefined',
      'null',
      'Symbol(no)',
      '5',
    ]);
  });

  it('is never another error', () => {
    const odd = [
      Object.create(null),
      { toString: thrower },
      new Proxy({}, { get: thrower, getPrototypeOf: thrower }),
      Object.defineProperty(new Error('no'), 'message', { get: thrower }),
    ];
    expect(odd.map(messageOf)).toEqual(odd.map(() => 'no reason given'));
    expect(messageOf(Object.defineProperty(new Error('no'), 'message', { value: 5 }))).toBe('5');
  });
});
