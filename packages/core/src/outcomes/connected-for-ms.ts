import type { DeliveryEnd } from '../router/delivery-task.ts';

/** How long the connection of a delivery that has ended may last on: one whose bot stopped waiting until its answer is overdue, and so may one whose executor threw. All others have ended. */
export function connectedForMs<Key extends string>(
  { result }: DeliveryEnd<Key>,
  answerTimeoutMs: number,
): number {
  return result.is === 'executor-failed' ||
    (result.is === 'silent' && result.failure.code === 'ABORTED')
    ? answerTimeoutMs
    : 0;
}
