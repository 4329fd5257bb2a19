import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { answered, notWritten } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const accepted = answered({ is: 'accepted', orderId: '3400000001' });

describe('invariant 6: orders go stale', () => {
  it('hands the executor an absolute deadline: two seconds for a market order, ten for the rest', async () => {
    const clock = createManualClock();
    clock.advance(500);
    const { broker, fast } = await scriptedBroker({
      fast: (_, index) => answered({ is: 'accepted', orderId: String(index) }),
      clock,
    });
    await broker.placeMarketOrder(market);
    await broker.placeLimitOrder({ ...market, limitPrice: 24000 });
    await broker.placeMarketOrder({ ...market, deadlineMs: 50 });
    expect(fast.deliveries.map(({ options }) => options.deadline)).toEqual([2500, 10_500, 550]);
    await broker.close();
  });

  it('P03: does not take over after the deadline', async () => {
    const clock = createManualClock();
    const { broker, fallback } = await scriptedBroker({
      clock,
      fast: () => {
        clock.advance(60);
        return notWritten();
      },
    });
    expect(await broker.placeMarketOrder({ ...market, deadlineMs: 50 })).toMatchObject({
      kind: 'not-sent',
      code: 'DEADLINE_PASSED',
      deliveries: 1,
    });
    expect(fallback.deliveries).toHaveLength(0);
    await broker.close();
  });

  it('counts a wall clock that jumped, as after a sleep', async () => {
    const clock = createManualClock();
    const { broker, fallback } = await scriptedBroker({
      clock,
      fast: () => {
        clock.setWall(clock.now() + 3_600_000);
        return notWritten();
      },
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'DEADLINE_PASSED',
    });
    expect(fallback.deliveries).toHaveLength(0);
    await broker.close();
  });

  it('lets a place die unsent while what it lacks is still being fetched', async () => {
    const clock = createManualClock();
    const { broker, fast } = await scriptedBroker({
      clock,
      fast: () => accepted,
      adapter: { prepare: () => new Promise(() => undefined) },
    });
    const outcome = broker.placeMarketOrder({ ...market, symbol: 'MES' });
    await Promise.resolve();
    clock.advance(2000);
    expect(await outcome).toMatchObject({ kind: 'not-sent', code: 'DEADLINE_PASSED' });
    expect(fast.deliveries).toHaveLength(0);
    await broker.close();
  });

  it('P03: an aborted signal keeps everything from leaving', async () => {
    const { broker, fast } = await scriptedBroker({ fast: () => accepted });
    expect(await broker.placeMarketOrder({ ...market, signal: AbortSignal.abort() })).toMatchObject(
      { kind: 'not-sent', code: 'ABORTED' },
    );
    expect(fast.deliveries).toHaveLength(0);
    await broker.close();
  });
});
