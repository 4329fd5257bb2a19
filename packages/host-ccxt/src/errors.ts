import {
  AccountNotEnabled,
  AuthenticationError,
  BadRequest,
  BadSymbol,
  ContractUnavailable,
  DuplicateOrderId,
  ExchangeClosedByUser,
  ExchangeNotAvailable,
  InsufficientFunds,
  InvalidOrder,
  MarketClosed,
  NotSupported,
  OperationFailed,
  OperationRejected,
  OrderNotFound,
  RateLimitExceeded,
  RequestTimeout,
} from 'ccxt';
import type { Outcome, OutcomeCode } from '@hotpath/core';
import { InvalidOptionsError, ReadError } from '@hotpath/core';

type ErrorClass = new (message: string) => Error;

/** Of what the venue refused, and of what was never sent, by code; `OperationRejected` for the rest. Callers tell them apart by the class itself, so none is derived from. */
const byCode: Partial<Record<OutcomeCode, ErrorClass>> = {
  INVALID_ORDER: InvalidOrder,
  ORDER_REJECTED: InvalidOrder,
  NO_LAST_PRICE: InvalidOrder,
  AMBIGUOUS_CONTRACT: InvalidOrder,
  INVALID_CLOSE_SIZE: InvalidOrder,
  POSITION_NOT_FOUND: InvalidOrder,
  UNSUPPORTED: NotSupported,
  UNKNOWN_CONTRACT: BadSymbol,
  CONTRACT_NOT_FOUND: BadSymbol,
  CONTRACT_NOT_ACTIVE: ContractUnavailable,
  ORDER_NOT_FOUND: OrderNotFound,
  ALREADY_FINAL: OrderNotFound,
  CLIENT_ORDER_ID_IN_USE: DuplicateOrderId,
  INSUFFICIENT_FUNDS: InsufficientFunds,
  OUTSIDE_TRADING_HOURS: MarketClosed,
  ACCOUNT_NOT_FOUND: AccountNotEnabled,
  MALFORMED: BadRequest,
  BUDGET_EXHAUSTED: RateLimitExceeded,
  THROTTLED: RateLimitExceeded,
  UNAUTHORIZED: AuthenticationError,
};

/** The error that ccxt's callers expect for what did not come to be. Every `unknown` is a `RequestTimeout`, which they know as "may be live". */
export function errorOf(outcome: Exclude<Outcome, { readonly kind: 'accepted' }>): Error {
  const { code, message, clientOrderId, operation } = outcome;
  if (outcome.kind === 'unknown') {
    const name =
      clientOrderId === undefined || operation !== 'place'
        ? ''
        : ` Its clientOrderId is ${clientOrderId}; only the same one may be tried again.`;
    return new RequestTimeout(`${code}: ${message}${name}`);
  }
  const hint = outcome.hint === undefined ? '' : ` ${outcome.hint}`;
  return new (byCode[code] ?? OperationRejected)(`${code}: ${message}${hint}`);
}

/** Of reads that the venue did not answer; `ExchangeNotAvailable` for the rest. */
const byReadCode: Partial<Record<ReadError['code'], ErrorClass>> = {
  UNAUTHORIZED: AuthenticationError,
  BUDGET_EXHAUSTED: RateLimitExceeded,
  THROTTLED: RateLimitExceeded,
  NOT_IN_TIME: RequestTimeout,
  BROKER_CLOSED: ExchangeClosedByUser,
};

/** The error for a read that failed. */
export function readErrorOf(error: unknown): Error {
  if (InvalidOptionsError.is(error)) return new BadRequest(error.message);
  const Class = ReadError.is(error) ? byReadCode[error.code] : undefined;
  return new (Class ?? ExchangeNotAvailable)(
    error instanceof Error ? error.message : String(error),
  );
}

/** What a mutation had to know first could not be had. Nothing was sent, so it is none of the errors that callers take for "may be live". */
export function unsentOf(error: unknown): unknown {
  if (!(error instanceof OperationFailed) || error instanceof RateLimitExceeded) return error;
  return new OperationRejected(`nothing was sent: ${error.message}`);
}
