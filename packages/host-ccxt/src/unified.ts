import type { Account, Bar, Contract, Order, Position, Quote, Trade } from '@hotpath/core';
import { currency } from './market.ts';

/** What ccxt's own `safe…` functions make their structures of. Numbers stay as the venue gave them. */
type Raw = Record<string, unknown>;

const statuses: Readonly<Record<Order['status'], string>> = {
  pending: 'open',
  working: 'open',
  suspended: 'open',
  cancelling: 'open',
  unknown: 'open',
  filled: 'closed',
  cancelled: 'canceled',
  expired: 'expired',
  rejected: 'rejected',
};

export function rawOrder(
  order: Order,
  symbol: string | undefined,
  datetime: (at: number) => string | undefined,
): Raw {
  const {
    type,
    createdAt,
    updatedAt,
    quantity,
    filledQuantity,
    averagePrice,
    limitPrice,
    stopPrice,
    filledAt,
    fills,
  } = order;
  const isStop = type === 'stop' || type === 'trailing-stop';
  return {
    info: order,
    id: order.orderId,
    clientOrderId: order.clientOrderId,
    timestamp: createdAt,
    datetime: datetime(createdAt),
    // safeguard: the time of a fill is that of its trade
    lastTradeTimestamp: filledAt,
    lastUpdateTimestamp: updatedAt,
    symbol,
    type: limitPrice === undefined ? 'market' : 'limit',
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: false,
    side: order.side,
    price: limitPrice,
    triggerPrice: isStop ? stopPrice : undefined,
    amount: quantity,
    filled: filledQuantity,
    remaining: quantity - filledQuantity,
    average: averagePrice,
    status: statuses[order.status],
    ...(fills && { fee: { currency, cost: fills.fees } }),
    trades: undefined,
  };
}

export function rawTrade(
  trade: Trade,
  symbol: string | undefined,
  datetime: (at: number) => string | undefined,
): Raw {
  return {
    info: trade,
    id: trade.tradeId,
    order: trade.orderId,
    timestamp: trade.at,
    datetime: datetime(trade.at),
    symbol,
    type: undefined,
    side: trade.side,
    takerOrMaker: undefined,
    price: trade.price,
    amount: trade.quantity,
    fee: { currency, cost: trade.fees },
  };
}

export function rawPosition(
  position: Position,
  symbol: string | undefined,
  contractSize: number | undefined,
  markPrice: number | undefined,
  datetime: (at: number) => string | undefined,
): Raw {
  const { side, quantity, averagePrice, asOf } = position;
  const direction = side === 'buy' ? 1 : -1;
  const unrealizedPnl =
    markPrice === undefined || contractSize === undefined
      ? undefined
      : (markPrice - averagePrice) * quantity * contractSize * direction;
  return {
    info: position,
    id: position.contractId,
    symbol,
    timestamp: asOf,
    datetime: datetime(asOf),
    hedged: false,
    side: side === 'buy' ? 'long' : 'short',
    contracts: quantity,
    contractSize,
    entryPrice: averagePrice,
    markPrice,
    notional:
      contractSize === undefined
        ? undefined
        : (markPrice ?? averagePrice) * quantity * contractSize,
    unrealizedPnl,
    marginMode: 'cross',
  };
}

/** The venue tells what the account is worth, and nothing of margin in use. */
export function rawBalance(
  account: Account,
  at: number,
  datetime: (at: number) => string | undefined,
): Raw {
  return {
    info: account,
    timestamp: at,
    datetime: datetime(at),
    [currency]: { total: account.balance },
  };
}

export function rawTicker(
  quote: Quote,
  symbol: string,
  datetime: (at: number) => string | undefined,
): Raw {
  const at = quote.at ?? quote.asOf;
  return {
    info: quote,
    symbol,
    timestamp: at,
    datetime: datetime(at),
    bid: quote.bid,
    ask: quote.ask,
    last: quote.last,
    close: quote.last,
    baseVolume: quote.volume,
  };
}

export function rawBar({ at, open, high, low, close, volume }: Bar): number[] {
  return [at, open, high, low, close, volume];
}

/** A position of none, as ccxt shows one that was closed. */
export function flatPosition(
  contract: Pick<Contract, 'id'>,
  symbol: string | undefined,
  at: number,
  datetime: (at: number) => string | undefined,
): Raw {
  return {
    info: { contractId: contract.id },
    id: contract.id,
    symbol,
    timestamp: at,
    datetime: datetime(at),
    hedged: false,
    side: undefined,
    contracts: 0,
    marginMode: 'cross',
  };
}
