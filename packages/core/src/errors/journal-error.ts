import { bearsBrand, brandErrors } from './error-brand.ts';
import type { JournalHolder } from '../journal/lock/lock-info.ts';
import { HotpathError } from './hotpath-error.ts';

/**
 * A journal that can't be used.
 * `JOURNAL_FAILED`: it can't be opened, locked, read or written. `JOURNAL_DAMAGED`: it is no journal, or a line of it is not what was written. `JOURNAL_SCOPE`: it records another account's orders.
 * `JOURNAL_LOCKED`: another broker of this machine has the file, or trades the account; `holder` says which, as far as it is known.
 */
export class JournalError extends HotpathError {
  static readonly codes = [
    'JOURNAL_FAILED',
    'JOURNAL_DAMAGED',
    'JOURNAL_SCOPE',
    'JOURNAL_LOCKED',
  ] as const;
  readonly code: (typeof JournalError.codes)[number];
  /** Only of `JOURNAL_LOCKED`. */
  readonly holder: JournalHolder | undefined;

  constructor(
    code: JournalError['code'],
    message: string,
    {
      holder,
      ...options
    }: { readonly cause?: unknown; readonly holder?: JournalHolder | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.holder = holder;
  }

  static {
    brandErrors(this, 'JournalError');
  }

  /** True for these errors of any installed copy of this package. */
  static override is(error: unknown): error is JournalError {
    return bearsBrand(error, 'JournalError');
  }
}
