import { brandErrors, brandName, isHotpathError, isInstanceOf } from './error-brand.ts';

/**
 * What every thrown error of Hotpath is. `code` is stable and listed in docs/errors.md; match on it, not on the message.
 * Errors of every installed copy of this package are recognised, by `is` of each class and by `instanceof` alike.
 */
export abstract class HotpathError extends Error {
  abstract readonly code: string;
  /** A plain field, so that errors of another installed copy of this package are recognised too. */
  readonly isHotpathError: true = true;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    // By the brand where there is one: bundlers shorten the names of classes.
    this.name = brandName(new.target) ?? new.target.name;
  }

  static {
    brandErrors(this, 'HotpathError');
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstanceOf(this, value);
  }

  /** True for errors of any installed copy of this package. */
  static is(error: unknown): error is HotpathError {
    return isHotpathError(error);
  }
}
