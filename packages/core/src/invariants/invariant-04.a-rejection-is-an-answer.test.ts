import { describe, expect, it } from 'vitest';
import { answered } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const refused = answered({
  is: 'refused',
  code: 'ORDER_REJECTED',
  venueCode: 2,
  message: 'Invalid price',
  orderId: '3400000009',
});

describe('invariant 4: a rejection is an answer', () => {
  it('P10: goes back at once: no fallback, no retry, no lookup', async () => {
    const { broker, adapter, fast, fallback } = await scriptedBroker({ fast: () => refused });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'rejected',
      code: 'ORDER_REJECTED',
      venueCode: 2,
      message: 'Invalid price',
      orderId: '3400000009',
      retry: 'new-id',
      deliveries: 1,
    });
    expect([fast.deliveries.length, fallback.deliveries.length, adapter.lookups.length]).toEqual([
      1, 0, 0,
    ]);
    await broker.close();
  });

  it('leaves no mark against the executor: it stays available and delivers the next order', async () => {
    const { broker, fast } = await scriptedBroker({ fast: () => refused });
    for (let index = 0; index < 20; index += 1) await broker.placeMarketOrder(market);
    expect(fast.deliveries).toHaveLength(20);
    expect(broker.executors().fast).toMatchObject({
      available: true,
      operations: { place: { count: 20, outcomes: { rejected: 20, unknown: 0 } } },
    });
    await broker.close();
  });
});
