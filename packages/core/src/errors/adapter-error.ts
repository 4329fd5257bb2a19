import { bearsBrand, brandErrors } from './error-brand.ts';
import { HotpathError } from './hotpath-error.ts';

/**
 * The adapter can't work as it was told to.
 * `LOGIN_FAILED`: the venue refused the credentials. `ACCOUNT_NOT_FOUND`: no account has that name or id. `ACCOUNT_CANNOT_TRADE`: it takes no orders.
 * `CREDENTIALS_MISSING`: neither options nor environment name them. `VENUE_UNREACHABLE`: no answer that helps came; another try may have one. `WRONG_ADDRESS`: what answers at the address does not have the venue's operations.
 * `ADAPTER_FAILED`: the adapter itself threw, did not end, or gave what is no adapter.
 * `PACKAGE_MISSING`: the options ask for something that needs another package, which could not be loaded. `WRONG_HOST`: a request was about to go to a host that it must not reach.
 */
export class AdapterError extends HotpathError {
  static readonly codes = [
    'LOGIN_FAILED',
    'ACCOUNT_NOT_FOUND',
    'ACCOUNT_CANNOT_TRADE',
    'CREDENTIALS_MISSING',
    'VENUE_UNREACHABLE',
    'WRONG_ADDRESS',
    'PACKAGE_MISSING',
    'WRONG_HOST',
    'ADAPTER_FAILED',
  ] as const;
  readonly code: (typeof AdapterError.codes)[number];

  constructor(code: AdapterError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  static {
    brandErrors(this, 'AdapterError');
  }

  /** True for these errors of any installed copy of this package. */
  static override is(error: unknown): error is AdapterError {
    return bearsBrand(error, 'AdapterError');
  }
}
