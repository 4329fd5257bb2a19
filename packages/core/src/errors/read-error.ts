import { bearsBrand, brandErrors } from './error-brand.ts';
import { HotpathError } from './hotpath-error.ts';

/**
 * A read that has no answer to give. Old data or an empty list never stands in for one.
 * `UNREACHABLE`: no answer came. `UNREADABLE`: the answer is not what the venue documents. `REFUSED`: the venue said no. `THROTTLED`: it said 429.
 * `NOT_IN_TIME`: what was waited for did not happen within its `timeoutMs`. `BUDGET_EXHAUSTED`: the rate budget has no room for the read in its time. `UNAUTHORIZED`: no valid token could be had. `BROKER_CLOSED`: the broker is closed.
 */
export class ReadError extends HotpathError {
  static readonly codes = ['UNREACHABLE', 'UNREADABLE', 'REFUSED', 'THROTTLED', 'BUDGET_EXHAUSTED', 'UNAUTHORIZED', 'NOT_IN_TIME', 'BROKER_CLOSED'] as const;
  readonly code: (typeof ReadError.codes)[number];

  constructor(code: ReadError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  static {
    brandErrors(this, 'ReadError');
  }

  /** True for these errors of any installed copy of this package. */
  static override is(error: unknown): error is ReadError {
    return bearsBrand(error, 'ReadError');
  }
}
