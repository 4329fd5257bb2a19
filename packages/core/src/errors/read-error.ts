import { bearsBrand, brandErrors } from './error-brand.ts';
import { HotpathError } from './hotpath-error.ts';

/** What a `ReadError` knows beside its code and message; each undefined where there was none. */
export interface ReadErrorDetails {
  readonly cause?: unknown;
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** The venue's number for its refusal. */
  readonly venueCode?: number | undefined;
  /** The venue's own words, without secrets and cut to a readable length. */
  readonly venueText?: string | undefined;
  /** Milliseconds after which the venue said it may be asked again. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * A read that has no answer to give. Old data or an empty list never stands in for one.
 * `UNREACHABLE`: no answer came. `UNREADABLE`: the answer is not what the venue documents. `REFUSED`: the venue said no. `THROTTLED`: it said 429.
 * `NOT_IN_TIME`: what was waited for did not happen within its `timeoutMs`. `BUDGET_EXHAUSTED`: the rate budget has no room for the read in its time. `UNAUTHORIZED`: no valid token could be had. `BROKER_CLOSED`: the broker is closed.
 */
export class ReadError extends HotpathError {
  static readonly codes = [
    'UNREACHABLE',
    'UNREADABLE',
    'REFUSED',
    'THROTTLED',
    'BUDGET_EXHAUSTED',
    'UNAUTHORIZED',
    'NOT_IN_TIME',
    'BROKER_CLOSED',
  ] as const;
  readonly code: (typeof ReadError.codes)[number];
  /** HTTP status of the answer, where one came. */
  readonly status: number | undefined;
  /** The venue's number for its refusal, where it gave one. */
  readonly venueCode: number | undefined;
  /** The venue's own words, where it had any. */
  readonly venueText: string | undefined;
  /** Milliseconds after which the venue said it may be asked again, where it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ReadError['code'],
    message: string,
    { status, venueCode, venueText, retryAfterMs, ...options }: ReadErrorDetails = {},
  ) {
    super(message, options);
    this.code = code;
    this.status = status;
    this.venueCode = venueCode;
    this.venueText = venueText;
    this.retryAfterMs = retryAfterMs;
  }

  static {
    brandErrors(this, 'ReadError');
  }

  /** True for these errors of any installed copy of this package. */
  static override is(error: unknown): error is ReadError {
    return bearsBrand(error, 'ReadError');
  }
}
