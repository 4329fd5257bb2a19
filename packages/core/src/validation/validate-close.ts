import type { CloseRequest, ReduceRequest } from '../order-request.ts';
import { didYouMean } from './did-you-mean.ts';
import { optionFields, optionsProblem, quantityProblem, symbolProblem } from './field-checks.ts';
import type { FieldProblem } from './field-problem.ts';
import { invalid, shown } from './field-problem.ts';

export const closeFields: readonly string[] = ['symbol', ...optionFields];
export const reduceFields: readonly string[] = [...closeFields, 'quantity'];

/** What is wrong with a close, or with a reduce, as a JavaScript author may have written it. */
export function closeProblem(
  request: CloseRequest | ReduceRequest,
  reducing: boolean,
): FieldProblem | undefined {
  const operation = reducing ? 'reduce' : 'close';
  if (typeof request !== 'object' || request === null)
    return invalid(operation, `takes an object with symbol, not ${shown(request)}`);
  const allowed = reducing ? reduceFields : closeFields;
  for (const field in request)
    if (!allowed.includes(field))
      return invalid(field, `is no field of ${operation}${didYouMean(field, allowed)}`);
  return (
    symbolProblem(request.symbol) ??
    (reducing
      ? quantityProblem('quantity' in request ? request.quantity : undefined)
      : undefined) ??
    optionsProblem(request)
  );
}
