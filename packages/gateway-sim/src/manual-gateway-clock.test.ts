import { expect, it } from 'vitest';
import { manualGatewayClock } from './manual-gateway-clock.ts';

it('stands still until moved, and does what falls due in order, each at its instant', () => {
  const clock = manualGatewayClock(1000);
  const seen: string[] = [];
  clock.every(300, () => seen.push(`a${clock.now()}`));
  const b = clock.every(500, () => seen.push(`b${clock.now()}`));
  expect(clock.now()).toBe(1000);
  clock.advance(1000);
  expect(seen).toEqual(['a1300', 'b1500', 'a1600', 'a1900', 'b2000']);
  b.cancel();
  clock.set(2600);
  expect(seen.slice(5)).toEqual(['a2200', 'a2500']);
  expect(clock.now()).toBe(2600);
});

it('does not go back', () => {
  const clock = manualGatewayClock(1000);
  expect(() => clock.set(999)).toThrow('time does not go back');
  expect(() => clock.advance(-1)).toThrow('milliseconds is -1, must be 0 or more');
  expect(() => clock.advance(Number.NaN)).toThrow('milliseconds is NaN');
});
