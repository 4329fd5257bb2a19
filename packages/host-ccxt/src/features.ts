import type { Broker } from '@hotpath/core';

/** The methods that work. Every other that ccxt knows is `false`: its own defaults call some things possible that here are not. */
export const offered: readonly string[] = [
  'future',
  'fetchMarkets',
  'createOrder',
  'createLimitOrder',
  'createMarketOrder',
  'createLimitBuyOrder',
  'createLimitSellOrder',
  'createMarketBuyOrder',
  'createMarketSellOrder',
  'createTriggerOrder',
  'createStopOrder',
  'createStopMarketOrder',
  'createStopLossOrder',
  'createTrailingAmountOrder',
  'createOrderWithTakeProfitAndStopLoss',
  'editOrder',
  'editOrderWithClientOrderId',
  'cancelOrder',
  'cancelOrderWithClientOrderId',
  'cancelAllOrders',
  'fetchOrder',
  'fetchOrderWithClientOrderId',
  'fetchOrders',
  'fetchOpenOrders',
  'fetchClosedOrders',
  'fetchMyTrades',
  'fetchPosition',
  'fetchPositions',
  'closePosition',
  'fetchBalance',
  'fetchOHLCV',
  'fetchTicker',
  'watchOrders',
  'watchMyTrades',
  'watchPositions',
  'watchTicker',
];

/** What createOrder and the reads take, in ccxt's finer terms. */
export const features: object = {
  future: {
    linear: {
      sandbox: false,
      createOrder: {
        marginMode: false,
        triggerPrice: true,
        triggerPriceType: undefined,
        triggerDirection: false,
        stopLossPrice: true,
        takeProfitPrice: false,
        attachedStopLossTakeProfit: { triggerPriceType: undefined, price: false },
        timeInForce: { GTC: true, IOC: false, FOK: false, PO: false, GTD: false },
        hedged: false,
        trailing: true,
        leverage: false,
        marketBuyByCost: false,
        marketBuyRequiresPrice: false,
        selfTradePrevention: false,
        iceberg: false,
      },
      createOrders: undefined,
      fetchMyTrades: {
        marginMode: false,
        limit: undefined,
        daysBack: undefined,
        untilDays: undefined,
        symbolRequired: false,
      },
      fetchOrder: { marginMode: false, trigger: false, trailing: false, symbolRequired: false },
      fetchOpenOrders: {
        marginMode: false,
        limit: undefined,
        trigger: false,
        trailing: false,
        symbolRequired: false,
      },
      fetchOrders: {
        marginMode: false,
        limit: undefined,
        daysBack: undefined,
        untilDays: undefined,
        trigger: false,
        trailing: false,
        symbolRequired: false,
      },
      fetchClosedOrders: {
        marginMode: false,
        limit: undefined,
        daysBack: undefined,
        untilDays: undefined,
        trigger: false,
        trailing: false,
        symbolRequired: false,
      },
      fetchOHLCV: { limit: undefined },
    },
    inverse: undefined,
  },
};

/** What the facade needs of a broker. */
export type CcxtBroker = Pick<
  Broker,
  | 'placeOrder'
  | 'modifyOrder'
  | 'cancelOrder'
  | 'cancelAllOrders'
  | 'closePosition'
  | 'getOrder'
  | 'getOpenOrders'
  | 'getOrderHistory'
  | 'getPositions'
  | 'getTrades'
  | 'getAccount'
  | 'searchContracts'
  | 'getContract'
  | 'getBars'
  | 'intents'
  | 'subscribe'
  | 'on'
  | 'off'
>;
