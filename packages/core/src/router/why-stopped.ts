import { isPast } from './deadline.ts';
import type { DeliveryResult, DeliveryTask } from './delivery-task.ts';
import type { RouterGate, RouterParts } from './router.ts';

/** Why nothing of the intent may be written any more: halted, closed, aborted, withdrawn, too late. Asked in the tick of every write. */
export function whyStopped<Key extends string>(
  { latch, clock }: Pick<RouterParts<Key>, 'latch' | 'clock'>,
  gate: RouterGate,
  task: DeliveryTask<Key>,
): DeliveryResult | undefined {
  // safeguard: latch check
  if (latch.isSet && !task.goesUnjournaled)
    return {
      is: 'not-sent',
      code: 'HALTED',
      message: 'Nothing enters the market after halt(), until resume().',
    };
  // end of safeguard
  if (gate.isClosed)
    return { is: 'not-sent', code: 'BROKER_CLOSED', message: 'The broker is closed.' };
  if (task.signal?.aborted === true)
    return {
      is: 'not-sent',
      code: 'ABORTED',
      message: 'The signal was aborted before anything was written.',
    };
  // safeguard: withdrawal check
  if (task.withdrawal?.withdrawn === true)
    return {
      is: 'not-sent',
      code: 'WITHDRAWN',
      message: 'The order was cancelled before anything was written.',
    };
  // end of safeguard
  // safeguard: deadline check in the tick of the write
  if (isPast(task.deadline, clock))
    return {
      is: 'not-sent',
      code: 'DEADLINE_PASSED',
      message: 'The deadline passed before anything was written.',
    };
  // end of safeguard
  return undefined;
}
