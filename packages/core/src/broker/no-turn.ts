import type { OrderId } from '../brand.ts';
import type { NotSentCode } from '../outcome-codes.ts';
import type { Turn } from './modify-queue.ts';

/** Why a modify is not sent whose turn did not come. */
export function noTurn(
  turn: Exclude<Turn, { readonly is: 'now' }>,
  orderId: OrderId,
): { readonly code: NotSentCode; readonly message: string } {
  switch (turn.is) {
    case 'superseded':
      return {
        code: 'SUPERSEDED',
        message: `Before it could leave, a later modify of order ${orderId} took it over, to ${JSON.stringify(turn.by)}.`,
      };
    case 'late':
      return {
        code: 'DEADLINE_PASSED',
        message: `The modify of order ${orderId} before this one was not settled in time.`,
      };
    case 'aborted':
      return {
        code: 'ABORTED',
        message: 'The signal was aborted before anything was written.',
      };
  }
}
