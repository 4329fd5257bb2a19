import { heed } from '../is-thenable.ts';
import type { Logger } from '../logger.ts';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import { messageOf } from '../errors/message-of.ts';
import { shown } from '../validation/field-problem.ts';

/** Chance that can do no harm, in front of what an author gave: where that throws or gives no number from 0 to below 1, the system's chance stands in for it. */
export function guardRandom(given: Random | undefined, log: Logger): Random {
  if (given === undefined || given === systemRandom) return systemRandom;
  let isTold = false;
  const failed = (problem: string): number => {
    if (!isTold)
      log.error(
        { problem },
        "the chance that was given to the broker does not work; the system's stands in for it",
      );
    isTold = true;
    return systemRandom();
  };
  return () => {
    // safeguard: chance that throws
    try {
      const drawn: unknown = given();
      if (typeof drawn === 'number' && drawn >= 0 && drawn < 1) return drawn;
      heed(drawn);
      return failed(shown(drawn));
    } catch (error) {
      return failed(messageOf(error));
    }
    // end of safeguard
  };
}
