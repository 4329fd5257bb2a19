import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { silentLogger } from '../logger.ts';
import { systemRandom } from '../random.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered } from '../testing/scripted-executor.ts';
import { guardClock } from './guarded-clock.ts';
import { guardRandom } from './guarded-random.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const boom = (): never => {
  throw new Error('boom');
};
const accepted = (_: unknown, index: number) =>
  answered({ is: 'accepted', orderId: String(index + 1) });

describe('a clock of the author’s', () => {
  it('is the system’s where none is given, and one guard for one clock', () => {
    const clock = createManualClock();
    expect([guardClock(undefined, silentLogger), guardClock(systemClock, silentLogger)]).toEqual([
      systemClock,
      systemClock,
    ]);
    expect(guardClock(clock, silentLogger)).toBe(guardClock(clock, silentLogger));
  });

  it('that throws or lies keeps the last time it told', () => {
    let give: unknown = 5;
    const tell = (): never => (typeof give === 'function' ? boom() : (give as never));
    const clock = guardClock(
      {
        now: tell,
        monotonic: tell,
        setTimer: (afterMs, fire) => systemClock.setTimer(afterMs, fire),
      },
      silentLogger,
    );
    expect([clock.now(), clock.monotonic()]).toEqual([5, 5]);
    for (const odd of [NaN, undefined, '7', boom, Infinity]) {
      give = odd;
      expect([clock.now(), clock.monotonic()]).toEqual([5, 5]);
    }
    give = 3;
    expect([clock.now(), clock.monotonic()]).toEqual([3, 5]);
  });

  it('that can not set timers has the system’s, and one that fires at once fires later', async () => {
    for (const setTimer of [
      boom,
      () => undefined,
      (_ms: number, fire: () => void) => (fire(), { cancel: boom }),
    ]) {
      const clock = guardClock(
        { now: Date.now, monotonic: () => 1, setTimer: setTimer as Clock['setTimer'] },
        silentLogger,
      );
      let fired = 0;
      const timer = clock.setTimer(0, () => (fired += 1));
      expect(fired).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(fired).toBe(setTimer.length === 0 && setTimer !== boom ? 0 : 1);
      expect(() => timer.cancel()).not.toThrow();
    }
  });

  it.each<[string, object]>([
    ['clock throws', { clock: { now: boom, monotonic: boom, setTimer: boom } }],
    [
      'clock tells nonsense',
      {
        clock: {
          now: () => 'noon',
          monotonic: () => NaN,
          setTimer: (afterMs: number, fire: () => void) => systemClock.setTimer(afterMs, fire),
        },
      },
    ],
    ['chance throws', { random: boom }],
    ['chance is none', { random: () => 7 }],
  ])('whose %s places its orders', async (_how, options) => {
    const { broker } = await scriptedBroker({
      fast: accepted,
      outcomeWithinMs: 12_000,
      ...options,
    });
    expect(await broker.placeMarketOrder({ ...market, deadlineMs: 60_000 })).toMatchObject({
      kind: 'accepted',
    });
    await broker.close();
  });
});

describe('chance of the author’s', () => {
  it('that throws or lies has the system’s in its place', () => {
    expect(guardRandom(undefined, silentLogger)).toBe(systemRandom);
    expect(guardRandom(() => 0.25, silentLogger)()).toBe(0.25);
    for (const odd of [boom, () => NaN, () => 1, () => -0.1, () => '0.5', () => undefined]) {
      const drawn = guardRandom(odd as () => number, silentLogger)();
      expect(drawn >= 0 && drawn < 1).toBe(true);
    }
  });
});

it('time or chance that is promised is none, and no rejection goes astray', async () => {
  const promise = Promise.resolve(0.5);
  const heeded = vi.spyOn(promise, 'then');
  const promised = (): never => promise as never;
  const clock = guardClock(
    { now: promised, monotonic: promised, setTimer: promised },
    silentLogger,
  );
  expect([clock.now() > 0, clock.monotonic(), guardRandom(promised, silentLogger)() < 1]).toEqual([
    true,
    0,
    true,
  ]);
  clock.setTimer(1, () => undefined).cancel();
  expect(heeded).toHaveBeenCalledTimes(4);
  await promise;
});
