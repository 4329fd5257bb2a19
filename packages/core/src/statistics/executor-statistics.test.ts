import { describe, expect, it } from 'vitest';
import type { DeliveryReport } from '../router/delivery-report.ts';
import { answered, silent } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { ExecutorStatistics } from './executor-statistics.ts';

const report = (
  endedAt: number,
  totalMs: number | undefined,
  outcome: DeliveryReport['outcome'] = 'accepted',
): DeliveryReport => ({
  operation: 'place',
  outcome,
  mark: 'answered',
  code: '',
  clientOrderId: undefined,
  unwritten: false,
  first: true,
  startedAt: endedAt,
  endedAt,
  heldMs: 0,
  isDistorted: false,
  timings: { route: 0.0007, encode: 0.002, toWire: 0.05, toFirstByte: totalMs, total: totalMs },
});

describe('ExecutorStatistics', () => {
  it('gives counts, shares and the percentiles of every stage', () => {
    const statistics = new ExecutorStatistics();
    for (let index = 1; index <= 1000; index += 1)
      statistics.record(report(0, index, index % 100 === 0 ? 'unknown' : 'accepted'));
    const { place } = statistics.report(0);
    expect(place).toMatchObject({
      count: 1000,
      outcomes: { accepted: 990, unknown: 10 },
      shares: { accepted: 0.99, unknown: 0.01, rejected: 0 },
    });
    const { total, route, toWire } = place?.stages ?? {};
    for (const [percentile, expected] of [
      [total?.p50Us, 500_000],
      [total?.p95Us, 950_000],
      [total?.p99Us, 990_000],
      [total?.p999Us, 999_000],
    ] as const) {
      expect(Math.abs((percentile ?? 0) / expected - 1)).toBeLessThan(0.002);
    }
    expect(route?.p50Us).toBeCloseTo(0.7, 2);
    expect(toWire?.p50Us).toBe(50);
    expect(place?.latency).toEqual(total);
  });

  it('keeps the last minutes apart, and the whole by merging them', () => {
    const statistics = new ExecutorStatistics();
    for (let minute = 0; minute < 10; minute += 1)
      for (let index = 0; index < 10; index += 1)
        statistics.record(report(minute * 60_000 + index, 1 + minute));
    const { place } = statistics.report(9 * 60_000 + 100);
    expect([place?.count, place?.recent.count]).toEqual([100, 20]);
    expect(place?.recent.stages.total?.p50Us).toBe(9_007);
    expect(statistics.report(30 * 60_000).place).toMatchObject({
      count: 100,
      recent: { count: 0, stages: { total: undefined } },
    });
  });
});

describe('metrics({ reset: true })', () => {
  it('loses nothing that is in flight: the reports together hold every delivery once', async () => {
    const ends: (() => void)[] = [];
    let orderId = 0;
    const { broker } = await scriptedBroker({
      fast: (_, index) =>
        new Promise(
          (resolve) =>
            void ends.push(() =>
              resolve(
                index % 10 === 9
                  ? silent()
                  : answered({ is: 'accepted', orderId: String((orderId += 1)) }),
              ),
            ),
        ),
    });
    const outcomes = Array.from({ length: 100 }, () =>
      broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }),
    );
    const counted: number[] = [];
    const reset = async (count: number): Promise<void> => {
      for (const end of ends.splice(0, count)) end();
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      counted.push(broker.metrics({ reset: true }).executors.fast.operations.place?.count ?? 0);
    };
    await reset(0);
    await reset(37);
    await reset(63);
    await Promise.all(outcomes);
    expect(counted).toEqual([0, 37, 63]);
    expect(broker.metrics().executors.fast.operations).toEqual({});
    await broker.close();
  });
});
