import type { OrderStatus, OrderType, Side } from '@hotpath/core';

/** Numbers of the wire (ProjectX documentation, 2026; order statuses 7 and 8 from its Swagger file). */
export const sideNumbers: Readonly<Record<Side, number>> = { buy: 0, sell: 1 };
export const typeNumbers: Readonly<Record<OrderType, number>> = {
  limit: 1,
  market: 2,
  stop: 4,
  'trailing-stop': 5,
  'join-bid': 6,
  'join-ask': 7,
};

const typesByNumber = new Map<number, OrderType>([
  [1, 'limit'],
  [2, 'market'],
  [4, 'stop'],
  [5, 'trailing-stop'],
  [6, 'join-bid'],
  [7, 'join-ask'],
]);
const statusesByNumber = new Map<number, OrderStatus>([
  [1, 'working'],
  [2, 'filled'],
  [3, 'cancelled'],
  [4, 'expired'],
  [5, 'rejected'],
  [6, 'pending'],
  [7, 'cancelling'],
  [8, 'suspended'],
]);

export function typeOf(number: number): OrderType | 'unknown' {
  return typesByNumber.get(number) ?? 'unknown';
}

/** A number this version does not know is `unknown`, which nothing reads as final: the sets have grown twice since 2025. */
export function statusOf(number: number): OrderStatus {
  return statusesByNumber.get(number) ?? 'unknown';
}
