import { bearsBrand, brandErrors } from './error-brand.ts';
import { HotpathError } from './hotpath-error.ts';

/**
 * A journal that can't be used.
 * `JOURNAL_FAILED`: it can't be opened or written. `JOURNAL_DAMAGED`: a line that isn't the last one can't be read. `JOURNAL_SCOPE`: it records another account's orders. `JOURNAL_LOCKED`: another broker of this machine trades the account.
 */
export class JournalError extends HotpathError {
  static readonly codes = ['JOURNAL_FAILED', 'JOURNAL_DAMAGED', 'JOURNAL_SCOPE', 'JOURNAL_LOCKED'] as const;
  readonly code: (typeof JournalError.codes)[number];

  constructor(code: JournalError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  static {
    brandErrors(this, 'JournalError');
  }

  /** True for these errors of any installed copy of this package. */
  static override is(error: unknown): error is JournalError {
    return bearsBrand(error, 'JournalError');
  }
}
