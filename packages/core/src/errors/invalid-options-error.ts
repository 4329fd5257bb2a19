import { bearsBrand, brandErrors } from './error-brand.ts';
import { HotpathError } from './hotpath-error.ts';

/** Options, a configuration file or a routing table that don't fit. `problems` has one `path: sentence` for each fault. */
export class InvalidOptionsError extends HotpathError {
  static readonly codes = ['INVALID_OPTIONS'] as const;
  readonly code = 'INVALID_OPTIONS';
  readonly problems: readonly string[];

  constructor(subject: string, problems: readonly string[]) {
    super(`${subject}: ${problems.join('; ')}`);
    this.problems = problems;
  }

  static {
    brandErrors(this, 'InvalidOptionsError');
  }

  /** True for these errors of any installed copy of this package. */
  static override is(error: unknown): error is InvalidOptionsError {
    return bearsBrand(error, 'InvalidOptionsError');
  }
}
