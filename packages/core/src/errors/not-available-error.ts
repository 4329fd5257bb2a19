import { bearsBrand, brandErrors } from './error-brand.ts';
import { HotpathError } from './hotpath-error.ts';

/** Something of the public surface that this version does not do yet, or the adapter cannot. It refuses rather than pretend. */
export class NotAvailableError extends HotpathError {
  static readonly codes = ['NOT_AVAILABLE'] as const;
  readonly code = 'NOT_AVAILABLE';

  constructor(what: string, instead: string) {
    super(`${what} is not available in this version. ${instead}`);
  }

  static {
    brandErrors(this, 'NotAvailableError');
  }

  /** True for these errors of any installed copy of this package. */
  static override is(error: unknown): error is NotAvailableError {
    return bearsBrand(error, 'NotAvailableError');
  }
}
