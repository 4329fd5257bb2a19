import type { AmbiguityCode, RefusalCode } from './verdict.ts';

/** Every code an outcome can carry. docs/errors.md says what each means and what to do. */
export type OutcomeCode = NotSentCode | RejectedCode | UnknownCode;

/** Nothing was written, or the venue refused before execution. */
export type NotSentCode =
  | 'INVALID_ORDER'
  | 'UNKNOWN_CONTRACT'
  | 'ORDER_NOT_FOUND'
  | 'UNSUPPORTED'
  | 'CLIENT_ORDER_ID_IN_USE'
  | 'BUDGET_EXHAUSTED'
  | 'DEADLINE_PASSED'
  | 'ABORTED'
  | 'UNREACHABLE'
  | 'UNAUTHORIZED'
  | 'JOURNAL_FAILED'
  | 'NO_LAST_PRICE'
  | 'NOT_READY'
  | 'ENCODE_FAILED'
  | 'DRY_RUN'
  | 'BROKER_CLOSED';

/** The venue refused. */
export type RejectedCode = RefusalCode | 'CLIENT_ORDER_ID_IN_USE' | 'ALREADY_FINAL' | 'STILL_WORKING';

/** Written, and not known what became of it. */
export type UnknownCode =
  | AmbiguityCode
  | 'CONNECTION_RESET'
  | 'CONNECTION_CLOSED'
  | 'NO_ANSWER'
  | 'ANSWER_INCOMPLETE'
  | 'ANSWER_UNEXPECTED'
  | 'ANSWER_TOO_LARGE'
  | 'SECOND_REQUEST'
  | 'THROTTLED'
  | 'WAIT_ABORTED'
  | 'EXECUTOR_FAILED'
  | 'NOT_CONFIRMED'
  | 'ABSENT'
  | 'IN_USE_NOT_FOUND'
  | 'CLOSED';
