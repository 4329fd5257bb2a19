import type { AmbiguityCode, RefusalCode } from './verdict.ts';
import { ambiguityCodes, refusalCodes } from './verdict.ts';

/** Nothing was written, or the venue refused before execution. */
export const notSentCodes = [
  'INVALID_ORDER',
  'UNKNOWN_CONTRACT',
  'UNSUPPORTED',
  'ORDER_NOT_FOUND',
  'CLIENT_ORDER_ID_IN_USE',
  'BUDGET_EXHAUSTED',
  'DEADLINE_PASSED',
  'ABORTED',
  'WITHDRAWN',
  'SUPERSEDED',
  'UNREACHABLE',
  'EXECUTORS_TRIPPED',
  'UNAUTHORIZED',
  'JOURNAL_FAILED',
  'NO_LAST_PRICE',
  'AMBIGUOUS_CONTRACT',
  'LIMIT_EXCEEDED',
  'UNKNOWN_OPEN',
  'HALTED',
  'CLOSE_UNSETTLED',
  'RECOVERING',
  'NOT_READY',
  'ENCODE_FAILED',
  'DRY_RUN',
  'BROKER_CLOSED',
] as const;
/** Why nothing was sent. */
export type NotSentCode = (typeof notSentCodes)[number];

/** The venue refused. */
const lookedUpCodes = ['CLIENT_ORDER_ID_IN_USE', 'ALREADY_FINAL', 'STILL_WORKING'] as const;
/** Why the venue has no such order or change. */
export type RejectedCode = RefusalCode | (typeof lookedUpCodes)[number];
export const rejectedCodes: readonly RejectedCode[] = [...refusalCodes, ...lookedUpCodes];

/** Written, and not known what became of it. */
const unansweredCodes = [
  'CONNECTION_RESET',
  'CONNECTION_CLOSED',
  'NO_ANSWER',
  'ANSWER_INCOMPLETE',
  'ANSWER_UNEXPECTED',
  'ANSWER_TOO_LARGE',
  'SECOND_REQUEST',
  'THROTTLED',
  'WAIT_ABORTED',
  'EXECUTOR_FAILED',
  'NOT_CONFIRMED',
  'ABSENT',
  'IN_USE_NOT_FOUND',
  'CLOSED',
] as const;
/** Why nobody knows yet. */
export type UnknownCode = AmbiguityCode | (typeof unansweredCodes)[number];
export const unknownCodes: readonly UnknownCode[] = [...ambiguityCodes, ...unansweredCodes];

/** Every code an outcome can carry. docs/errors.md says what each means and what to do. */
export type OutcomeCode = NotSentCode | RejectedCode | UnknownCode;
