import { bearsBrand, brandErrors } from './error-brand.ts';
import { HotpathError } from './hotpath-error.ts';

/**
 * An executor that can't be used.
 * `EXECUTOR_UNAVAILABLE`: a required one could not be set up or connected, or none could be set up. `CONNECT_FAILED`: no connection could be opened. `CERTIFICATE_REFUSED`: the other side's certificate is not trusted, has expired or is another host's. `EXECUTOR_CLOSED`: it was closed.
 */
export class ExecutorError extends HotpathError {
  static readonly codes = [
    'EXECUTOR_UNAVAILABLE',
    'CONNECT_FAILED',
    'CERTIFICATE_REFUSED',
    'EXECUTOR_CLOSED',
  ] as const;
  readonly code: (typeof ExecutorError.codes)[number];

  constructor(
    code: ExecutorError['code'],
    message: string,
    options?: { readonly cause?: unknown },
  ) {
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
