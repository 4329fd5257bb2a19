import type { Adapter } from '../adapter.ts';
import type { Answer } from '../delivery.ts';
import { messageOf } from '../errors/message-of.ts';
import type { Verdict } from '../verdict.ts';
import type { DeliveryTask } from './delivery-task.ts';
import { isVerdict } from './is-verdict.ts';

/** What the adapter makes of an answer. One that it can't read, or whose verdict is none, proves nothing. */
export function decodedVerdict<Key extends string>(
  adapter: Adapter,
  { operation, intent }: DeliveryTask<Key>,
  answer: Answer,
): Verdict {
  try {
    const verdict = adapter.decode(operation, answer, intent);
    // safeguard: a verdict that there is not proves nothing
    if (isVerdict(verdict)) return verdict;
    return {
      is: 'ambiguous',
      code: 'ANSWER_UNREADABLE',
      message: 'The adapter gave a verdict that there is not.',
      arrived: false,
    };
  } catch (error) {
    return {
      is: 'ambiguous',
      code: 'ANSWER_UNREADABLE',
      message: `The adapter could not read the answer: ${messageOf(error)}`,
      arrived: false,
    };
  }
}
