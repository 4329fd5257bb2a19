import type { ReduceWith } from '../outcomes/reduce-with.ts';
import type { Position } from '../position.ts';
import type { FieldProblem } from '../validation/field-problem.ts';
import type { Rest } from './exits-at-work.ts';

/** Why a reduce that was asked for of `asked` is not sent beside, or after, what took the position off meanwhile. */
export function restProblem(
  rest: Rest,
  before: Position,
  asked: Position,
  quantity: number,
  reduceWith: ReduceWith,
): FieldProblem | undefined {
  if (before.side !== asked.side)
    return {
      code: 'CLOSE_UNSETTLED',
      field: 'symbol',
      message:
        'the position was turned round by an order at work, and what is held now was never asked to be reduced',
    };
  if (rest.is === 'unread') {
    // By the venue's own call it goes, since that knows the position and getting out waits for no reads.
    return reduceWith === 'tagged-order'
      ? {
          code: 'CLOSE_UNSETTLED',
          field: 'symbol',
          message:
            'an order that takes the position off was at work, and the venue does not say whether it still is',
        }
      : undefined;
  }
  const toCome = rest.is === 'at-work' ? rest.toCome : 0;
  if (toCome + quantity <= before.quantity) return undefined;
  return {
    code: 'CLOSE_UNSETTLED',
    field: 'quantity',
    message: `quantity is ${quantity}, and of the ${before.quantity} held ${toCome} are about to be taken off by an order at work`,
  };
}
