import { afterEach, expect, it, vi } from 'vitest';
import { endingClock, systemGatewayClock } from './clock.ts';
import { manualGatewayClock } from './manual-gateway-clock.ts';

afterEach(() => vi.useRealTimers());

it('waits as long as a timer of the system can when it is asked for longer, and does not fire at once', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let ticks = 0;
  const timer = systemGatewayClock.every(60 * 24 * 60 * 60 * 1000, () => (ticks += 1));
  vi.advanceTimersByTime(20 * 24 * 60 * 60 * 1000);
  expect(ticks).toBe(0);
  timer.cancel();
});

it('ends all of its timers at once, and begins none behind that', () => {
  const clock = manualGatewayClock();
  const ending = endingClock(clock);
  const ticks: string[] = [];
  ending.every(10, () => ticks.push('cancelled')).cancel();
  ending.every(10, () => ticks.push('before'));
  clock.advance(10);
  ending.end();
  ending.every(10, () => ticks.push('behind')).cancel();
  clock.advance(100);
  expect(ticks).toEqual(['before']);
});
