import type { NotSent, NotSentCode, Rejected, Unsettled } from '@hotpath/core';
import { describe, expect, it } from 'vitest';
import { errorOf } from './errors.ts';

const base = {
  clientOrderId: undefined,
  operation: 'place',
  executor: undefined,
  deliveries: 0,
  timings: {
    route: undefined,
    encode: undefined,
    toWire: undefined,
    toFirstByte: undefined,
    total: undefined,
    settled: 0,
  },
  field: undefined,
  hint: undefined,
} as const;
const notSent = (code: NotSentCode): NotSent => ({
  ...base,
  kind: 'not-sent',
  code,
  message: 'why',
  retry: 'new-id',
  retryAfterMs: undefined,
  existing: undefined,
});
const rejected = (code: Rejected['code']): Rejected => ({
  ...base,
  kind: 'rejected',
  code,
  message: 'why',
  retry: 'new-id',
  venueCode: undefined,
  orderId: undefined,
  order: undefined,
});
const unknown = (code: Unsettled['code']): Unsettled => ({
  ...base,
  kind: 'unknown',
  final: true,
  code,
  message: 'why',
  retry: 'same-id',
});
/** Callers of ccxt tell errors apart by the class itself. */
const classOf = (error: Error): string => error.constructor.name;

describe("the class of ccxt's own errors", () => {
  it.each([
    ['INVALID_ORDER', 'InvalidOrder'],
    ['BUDGET_EXHAUSTED', 'RateLimitExceeded'],
    ['UNAUTHORIZED', 'AuthenticationError'],
    ['CLIENT_ORDER_ID_IN_USE', 'DuplicateOrderId'],
    ['UNKNOWN_CONTRACT', 'BadSymbol'],
    ['ORDER_NOT_FOUND', 'OrderNotFound'],
    ['HALTED', 'OperationRejected'],
    ['DEADLINE_PASSED', 'OperationRejected'],
    ['UNREACHABLE', 'OperationRejected'],
    ['LIMIT_EXCEEDED', 'OperationRejected'],
    ['BROKER_CLOSED', 'OperationRejected'],
  ] as const)('of a not-sent %s is %s', (code, name) => {
    expect(classOf(errorOf(notSent(code)))).toBe(name);
  });

  it.each([
    ['ORDER_REJECTED', 'InvalidOrder'],
    ['INSUFFICIENT_FUNDS', 'InsufficientFunds'],
    ['OUTSIDE_TRADING_HOURS', 'MarketClosed'],
    ['CONTRACT_NOT_ACTIVE', 'ContractUnavailable'],
    ['ACCOUNT_VIOLATION', 'OperationRejected'],
    ['CLIENT_ORDER_ID_IN_USE', 'DuplicateOrderId'],
    ['MALFORMED', 'BadRequest'],
    ['THROTTLED', 'RateLimitExceeded'],
  ] as const)('of a rejected %s is %s', (code, name) => {
    expect(classOf(errorOf(rejected(code)))).toBe(name);
  });

  it.each(['ABSENT', 'IN_USE_NOT_FOUND', 'CLOSED'] as const)(
    'of every unknown is RequestTimeout (%s), with the id that may be tried again',
    (code) => {
      const error = errorOf({ ...unknown(code), clientOrderId: 'entry-1' as never });
      expect(classOf(error)).toBe('RequestTimeout');
      expect(error.message).toContain('entry-1');
    },
  );
});
