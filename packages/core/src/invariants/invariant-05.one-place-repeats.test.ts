import { describe, expect, it } from 'vitest';
import type { Delivery } from '../delivery.ts';
import { answered, silent } from '../testing/scripted-executor.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';

const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const verdicts = {
  unknown: answered(
    { is: 'ambiguous', code: 'VENUE_STATUS', message: 'HTTP 503', arrived: false },
    503,
  ),
  throttled: answered({ is: 'throttled' }, 429),
  rejected: answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 2, message: 'no' }),
  accepted: answered({ is: 'accepted', orderId: '3400000001' }),
  disputed: answered({ is: 'disputed', venueCode: 2, message: 'not found' }),
  silent: silent(),
} satisfies Record<string, Delivery>;

describe('invariant 5: one place repeats', () => {
  it.each(Object.entries(verdicts))(
    'sends a place, a modify and a cancel once when the delivery is %s',
    async (_name, delivery) => {
      const { broker, fast, fallback } = await scriptedBroker({ fast: () => delivery });
      await broker.placeMarketOrder(market);
      await broker.cancelOrder({ orderId: '77' });
      const placesAndCancels = fast.deliveries.map(({ request }) => request.template.operation);
      expect(placesAndCancels).toEqual(['place', 'cancel']);
      expect(fallback.deliveries).toHaveLength(0);
      await broker.close();
    },
  );

  it('P14: repeats once after a 401, with a renewed token, and not twice', async () => {
    const renewals: number[] = [];
    const { broker, fast } = await scriptedBroker({
      fast: () => answered({ is: 'unauthorized' }, 401),
      adapter: {
        renewAuthorization: (generation) => Promise.resolve(void renewals.push(generation)),
      },
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'UNAUTHORIZED',
      deliveries: 2,
    });
    expect(fast.deliveries).toHaveLength(2);
    expect(renewals).toEqual([1]);
    await broker.close();
  });

  it('P14: is not-sent when the token can not be renewed', async () => {
    const { broker, fast } = await scriptedBroker({
      fast: () => answered({ is: 'unauthorized' }, 401),
      adapter: { renewAuthorization: () => Promise.reject(new Error('login refused')) },
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'UNAUTHORIZED',
      deliveries: 1,
    });
    expect(fast.deliveries).toHaveLength(1);
    await broker.close();
  });
});
