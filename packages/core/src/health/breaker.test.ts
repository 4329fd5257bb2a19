import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.ts';
import { defaultHealth } from './health-options.ts';

const settings = {
  ...defaultHealth,
  failuresInRow: 3,
  minimumDeliveries: 10,
  failurePercent: 50,
  windowMs: 1_000,
  probeAfterMs: 100,
  probeAtMostEveryMs: 350,
  goodProbes: 2,
};
const failing = (breaker: Breaker, times: number, now = 0): (string | undefined)[] =>
  Array.from({ length: times }, () => breaker.record(true, 'TIMEOUT', now));

describe('Breaker', () => {
  it('trips at so many failures in a row, and says so once', () => {
    const breaker = new Breaker(settings);
    expect(failing(breaker, 5)).toEqual([
      undefined,
      undefined,
      '3 deliveries in a row failed, the last with TIMEOUT',
      undefined,
      undefined,
    ]);
    expect(breaker.state(0)).toEqual({
      is: 'open',
      since: 0,
      because: '3 deliveries in a row failed, the last with TIMEOUT',
      probeAt: 100,
      trips: 1,
    });
  });

  it('trips at a share of failures that never come in a row, once there are enough deliveries', () => {
    const breaker = new Breaker(settings);
    const results = Array.from({ length: 10 }, (_, index) =>
      breaker.record(index % 2 === 1, 'RESET', index),
    );
    expect(results.slice(0, 9)).toEqual(Array.from({ length: 9 }));
    expect(results[9]).toBe('5 of the last 10 deliveries failed, the last with RESET');
  });

  it('forgets what is older than its window', () => {
    const breaker = new Breaker({ ...settings, failuresInRow: 0 });
    failing(breaker, 9, 0);
    expect(breaker.record(true, 'RESET', 2_000)).toBeUndefined();
    expect(breaker.state(2_000)).toEqual({ is: 'closed', failures: 1, samples: 1 });
  });

  it('closes after the probes it needs, and not before', () => {
    const breaker = new Breaker(settings);
    failing(breaker, 3);
    breaker.halfOpen();
    expect(breaker.state(100)).toMatchObject({ is: 'half-open', goodProbes: 0, neededProbes: 2 });
    expect(breaker.probeAnswered()).toBe(false);
    expect(breaker.isTripped).toBe(true);
    expect(breaker.probeAnswered()).toBe(true);
    expect(breaker.state(200)).toEqual({ is: 'closed', failures: 0, samples: 0 });
  });

  it('doubles the time to the next probe each time one fails, up to a limit, and begins again after good use', () => {
    const breaker = new Breaker(settings);
    failing(breaker, 3);
    const waits = [200, 300, 400].map((now) => {
      breaker.halfOpen();
      breaker.probeFailed(now);
      return (breaker.probeAt ?? 0) - now;
    });
    expect(waits).toEqual([200, 350, 350]);
    for (let index = 0; index < 2; index += 1) breaker.probeAnswered();
    failing(breaker, 3, 5_000);
    expect((breaker.probeAt ?? 0) - 5_000).toBe(350);
    for (let index = 0; index < 2; index += 1) breaker.probeAnswered();
    for (let index = 0; index < 10; index += 1) breaker.record(false, 'accepted', 6_000);
    failing(breaker, 3, 7_000);
    expect((breaker.probeAt ?? 0) - 7_000).toBe(100);
  });
});
