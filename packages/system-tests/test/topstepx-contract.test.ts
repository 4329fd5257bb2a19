import { topstepx } from '@hotpath/adapter-topstepx';
import type { OrderType } from '@hotpath/core';
import { describeAdapterContract } from '@hotpath/core/testing';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { startGateway } from '@hotpath/gateway-sim';

const types: Readonly<Record<number, OrderType>> = {
  1: 'limit',
  2: 'market',
  4: 'stop',
  5: 'trailing-stop',
  6: 'join-bid',
  7: 'join-ask',
};

describeAdapterContract({
  name: 'topstepx on the gateway simulator',
  async startVenue() {
    const gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
    const adapterFor = (account: string) =>
      topstepx({ userName: 'demo', apiKey: 'demo-key', account, baseUrl: gateway.url });
    return {
      adapter: adapterFor('PRAC-V2-1001'),
      lockedOut: adapterFor('PRAC-V2-1003-LOCKED'),
      executor: fallbackExecutor(),
      symbol: 'MNQ',
      prices: {
        restingBuyLimit: 23_000,
        otherBuyLimit: 23_000.25,
        buyStop: 25_000,
        sellTrail: 23_990,
      },
      orders: async () =>
        gateway
          .truth()
          .orders.map(({ customTag, type, side, size, limitPrice, stopPrice, status }) => ({
            clientOrderId: customTag ?? undefined,
            type: types[type] ?? 'market',
            side: side === 0 ? ('buy' as const) : ('sell' as const),
            quantity: size,
            limitPrice: limitPrice ?? undefined,
            stopPrice: stopPrice ?? undefined,
            working: status === 1,
          })),
      stop: () => gateway.close(),
    };
  },
});
