import { bearsBrand, brandErrors } from './error-brand.ts';
import { HotpathError } from './hotpath-error.ts';

/**
 * An executor that can't be used.
 * `EXECUTOR_UNAVAILABLE`: a required one could not be set up. `CONNECT_FAILED`: no connection could be opened. `EXECUTOR_CLOSED`: it was closed.
 */
export class ExecutorError extends HotpathError {
  static readonly codes = ['EXECUTOR_UNAVAILABLE', 'CONNECT_FAILED', 'EXECUTOR_CLOSED'] as const;
  readonly code: (typeof ExecutorError.codes)[number];

  constructor(code: ExecutorError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  static {
    brandErrors(this, 'ExecutorError');
  }

  /** True for these errors of any installed copy of this package. */
  static override is(error: unknown): error is ExecutorError {
    return bearsBrand(error, 'ExecutorError');
  }
}
