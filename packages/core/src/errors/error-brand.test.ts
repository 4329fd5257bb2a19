import { expect, it } from 'vitest';
import { HotpathError } from './hotpath-error.ts';
import { ReadError } from './read-error.ts';

class OfSomebodyElse extends ReadError {}

it('a class that others derive from ours is told by its prototype, and its errors are ours all the same', () => {
  const [derived, plain] = [new OfSomebodyElse('REFUSED', ''), new ReadError('REFUSED', '')];
  expect([
    derived instanceof OfSomebodyElse,
    derived instanceof ReadError,
    derived instanceof HotpathError,
    ReadError.is(derived),
  ]).toEqual([true, true, true, true]);
  expect([plain instanceof OfSomebodyElse, plain instanceof ReadError]).toEqual([false, true]);
  expect([derived.name, plain.name]).toEqual(['OfSomebodyElse', 'ReadError']);
});

it('an error of a copy from before there were brands is known by its name', () => {
  const earlier = Object.assign(new Error('gone'), {
    isHotpathError: true,
    name: 'ReadError',
    code: 'UNREACHABLE',
  });
  expect([ReadError.is(earlier), earlier instanceof ReadError, HotpathError.is(earlier)]).toEqual([
    true,
    true,
    true,
  ]);
});
