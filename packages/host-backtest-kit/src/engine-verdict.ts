import { getConfig, OrderRejectedError, OrderTransientError } from 'backtest-kit';
import type { NotSentCode } from '@hotpath/core';

/** Trying the same again changes nothing: the content, the author's limits, a halt, or an id that is somebody's. */
const terminalCodes: ReadonlySet<string> = new Set<NotSentCode>([
  'INVALID_ORDER',
  'UNKNOWN_CONTRACT',
  'UNSUPPORTED',
  'CLIENT_ORDER_ID_IN_USE',
  'AMBIGUOUS_CONTRACT',
  'LIMIT_EXCEEDED',
  'HALTED',
  'WITHDRAWN',
  'DRY_RUN',
  'ENCODE_FAILED',
]);

export function isTerminal(code: string): boolean {
  return terminalCodes.has(code);
}

/** The engine gives up for good: an open is dropped, a close forced. */
export function rejected(message: string): Error {
  return new OrderRejectedError(message);
}

/** The engine tries again with the next tick. */
export function transient(message: string): Error {
  return new OrderTransientError(message);
}

/** Reads that failed prove nothing. */
export function transientFrom(error: unknown): Error {
  return transient(error instanceof Error ? error.message : String(error));
}

/** The engine counts starts: the one that finds the count at its limit is the last, and a transient end of it is the engine's exit. 0 switches its retries off. */
export function isLastOpen(attempt: number): boolean {
  return attempt >= getConfig().CC_ORDER_OPEN_RETRY_ATTEMPTS;
}
/** Once it has run out of checks that failed, the engine counts a position as closed, read or not, and exits. 0 leaves it no patience at all. */
export function isLastCheck(attempt: number): boolean {
  return attempt >= getConfig().CC_ORDER_CHECK_RETRY_ATTEMPTS;
}
export function isLastClose(attempt: number): boolean {
  const most = getConfig().CC_ORDER_CLOSE_RETRY_ATTEMPTS;
  return most > 0 && attempt >= most;
}
