/** What every thrown error of Hotpath is. `code` is stable and listed in docs/errors.md; match on it, not on the message. */
export abstract class HotpathError extends Error {
  abstract readonly code: string;
  /** A plain field, so that errors of another installed copy of this package are recognised too. */
  readonly isHotpathError: true = true;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }

  /** True for errors of any installed copy of this package, which `instanceof` is not. */
  static is(error: unknown): error is HotpathError {
    return error instanceof Error && 'isHotpathError' in error && error.isHotpathError === true;
  }
}
