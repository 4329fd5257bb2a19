import { systemClock } from '@hotpath/core';
import { describeAdapterContract } from '@hotpath/core/testing';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { paper } from './paper-adapter.ts';
import { paperKey, paperProduct, startPaperBroker } from './paper-broker.ts';

describeAdapterContract({
  name: 'paper',
  async startVenue() {
    const broker = await startPaperBroker(() => systemClock.now());
    return {
      adapter: paper({ url: broker.url, key: paperKey }),
      executor: fallbackExecutor(),
      symbol: paperProduct.code,
      prices: { restingBuyLimit: 90, otherBuyLimit: 90.5, buyStop: 110, sellTrail: 95 },
      orders: () =>
        Promise.resolve(
          broker.orders.map(({ reference, kind, side, lots, price, state }) => ({
            clientOrderId: reference,
            type: kind,
            side,
            quantity: lots,
            limitPrice: price ?? undefined,
            working: state === 'open',
          })),
        ),
      stop: () => broker.close(),
    };
  },
});
