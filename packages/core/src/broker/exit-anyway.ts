import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { messageOf } from '../errors/message-of.ts';
import type { ExitReport } from '../outcomes/report.ts';

/**
 * A way out that is taken whatever its arguments are, and that never rejects: what was not understood stands in its report. `exit` is given undefined then, and does what is certain.
 * `isMore`: whether that is more than what may have been meant, so that nothing of it is left to do.
 */
export async function exitAnyway<Key extends string, Options>(
  read: () => Options,
  exit: (options: Options | undefined) => Promise<ExitReport<Key>>,
  isMore: boolean,
): Promise<ExitReport<Key>> {
  let options: Options | undefined;
  let problem: string | undefined;
  // safeguard: a way out is taken whatever its arguments are
  try {
    options = read();
  } catch (error) {
    problem = messageOf(error);
  }
  // end of safeguard
  try {
    const report = await exit(options);
    return problem === undefined
      ? report
      : { ...report, complete: report.complete && isMore, problem };
  } catch (error) {
    return {
      complete: false,
      problem,
      orders: [],
      positions: [],
      left: {
        orders: [],
        positions: [],
        unread: `it failed by itself: ${messageOf(error)}`,
        unsettled: [],
      },
    };
  }
}

/** For what is about the whole account: whoever names a part of it must learn that all of it was meant. */
export function refuseArguments(method: string, given: readonly unknown[]): void {
  if (given.some((argument) => argument !== undefined))
    throw new InvalidOptionsError(method, [
      'arguments: it takes none, and is about the whole account',
    ]);
}
