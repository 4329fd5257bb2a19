import { bearsBrand, brandErrors } from './error-brand.ts';
import { HotpathError } from './hotpath-error.ts';

/** A start that was ended from outside. `START_ABORTED`: its `signal` was aborted, or `abort()` was called; the reason given is the `cause`. */
export class StartError extends HotpathError {
  static readonly codes = ['START_ABORTED'] as const;
  readonly code: (typeof StartError.codes)[number];

  constructor(code: StartError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  static {
    brandErrors(this, 'StartError');
  }

  /** True for these errors of any installed copy of this package. */
  static override is(error: unknown): error is StartError {
    return bearsBrand(error, 'StartError');
  }
}
